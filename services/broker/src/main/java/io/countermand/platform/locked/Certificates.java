package io.countermand.platform.locked;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.platform.OwnFile;
import io.countermand.platform.PlatformException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Certificates of servers on this machine, and of the authority that signed them, by the JDK's
 * {@code keytool}. The authority's key is deleted as soon as it has signed, and before anybody is
 * told of that authority: nobody can make another certificate that its clients would believe, also
 * not with what a kill left on disk. So a renewal has a new authority.
 */
final class Certificates {

  static final Duration VALID = Duration.ofDays(365);

  /** Renewed when they have less left. */
  static final Duration LEAST = Duration.ofDays(30);

  private static final String AUTHORITY = "authority";

  /** Holds the authority's key while it signs. */
  static final String MAKING = "making.p12";

  /** The child's environment, which nobody else on the machine can read, unlike its arguments. */
  private static final String VARIABLE = "COUNTERMAND_KEYSTORE";

  private final Path directory;
  private final List<String> servers;
  private final String password;

  /**
   * @param directory exists
   * @param password of each keystore
   */
  Certificates(Path directory, List<String> servers, String password) {
    this.directory = directory;
    this.servers = List.copyOf(servers);
    this.password = password;
  }

  Path keystore(String server) {
    return directory.resolve(server + ".p12");
  }

  /** PEM. */
  Path authority() {
    return directory.resolve(AUTHORITY + ".pem");
  }

  /** The end of the one that ends first; empty: one is missing, or is not this authority's. */
  Optional<Instant> validUntil() {
    try {
      String authority = Files.readString(authority());
      Instant first = Instant.MAX;
      for (String server : servers) {
        Certificate[] chain = load(keystore(server)).getCertificateChain(server);
        if (chain == null || chain.length != 2 || !authority.equals(pem(chain[1]))) {
          return Optional.empty();
        }
        for (Certificate each : chain) {
          Instant end = ((X509Certificate) each).getNotAfter().toInstant();
          first = end.isBefore(first) ? end : first;
        }
      }
      return Optional.of(first);
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty(); // they are made anew, which says so
    }
  }

  /**
   * Makes all of them anew.
   *
   * @throws PlatformException with what to do
   */
  void make() {
    Path all = directory.resolve(MAKING);
    try {
      deleteLeftovers();
      keytool(
          all,
          AUTHORITY,
          List.of("-dname", "CN=countermand up --locked"),
          "bc:critical=ca:true,pathlen:0",
          "ku:critical=keyCertSign,cRLSign");
      for (String server : servers) {
        keytool(
            all,
            server,
            List.of("-signer", AUTHORITY, "-dname", "CN=" + server),
            "san=ip:127.0.0.1,dns:localhost",
            "ku:critical=digitalSignature",
            "eku=serverAuth");
      }
      KeyStore made = load(all);
      Files.delete(all); // with the authority's key
      for (String server : servers) {
        keep(made, server);
      }
      OwnFile.write(authority(), pem(made.getCertificate(AUTHORITY)).getBytes(US_ASCII));
    } catch (IOException | GeneralSecurityException e) {
      throw new PlatformException("No certificates can be made in " + directory + ": " + e, e);
    }
  }

  /**
   * What a start that was killed half way has left.
   *
   * @throws IOException with what cannot be deleted
   */
  void deleteLeftovers() throws IOException {
    Files.deleteIfExists(directory.resolve(MAKING));
    for (String server : servers) {
      Files.deleteIfExists(OwnFile.next(keystore(server)));
    }
  }

  private void keep(KeyStore from, String server) throws IOException, GeneralSecurityException {
    char[] secret = password.toCharArray();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(server, from.getKey(server, secret), secret, from.getCertificateChain(server));
    var bytes = new ByteArrayOutputStream();
    one.store(bytes, secret);
    OwnFile.write(keystore(server), bytes.toByteArray());
  }

  private KeyStore load(Path keystore) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      store.load(in, password.toCharArray());
    }
    return store;
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private void keytool(Path store, String alias, List<String> who, String... extensions)
      throws IOException {
    Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        new ArrayList<>(
            List.of(tool.toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", alias));
    command.addAll(who);
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-sigalg", "SHA256withECDSA"));
    command.addAll(List.of("-validity", String.valueOf(VALID.toDays())));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass:env", VARIABLE));
    for (String each : extensions) {
      command.addAll(List.of("-ext", each));
    }
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put(VARIABLE, password);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(tool + " says: " + said.strip());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while making certificates.", e);
    }
  }
}
