package io.countermand.platform.locked;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

/** An authority whose certificates for this machine are of any age. */
final class AgedCertificates {

  private static final String PASSWORD = "no-secret";
  private static final String AUTHORITY = "authority";

  private final Path all;

  AgedCertificates(Path directory) throws Exception {
    all = Files.createDirectories(directory).resolve("aged.p12");
    keytool(
        AUTHORITY, "-dname", "CN=aged", "-ext", "bc:critical=ca:true", "-ext", "ku=keyCertSign");
  }

  /** One more, under that name. */
  AgedCertificates make(String name, String begin, int days) throws Exception {
    keytool(
        name,
        "-signer",
        AUTHORITY,
        "-dname",
        "CN=" + name,
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-startdate",
        begin,
        "-validity",
        String.valueOf(days));
    return this;
  }

  private void keytool(String alias, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", all.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(all)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** PEM. */
  String authority() throws IOException, GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(load().getCertificate(AUTHORITY).getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** Listens with that one. */
  SSLServerSocketFactory listens(String name) throws IOException, GeneralSecurityException {
    char[] secret = PASSWORD.toCharArray();
    KeyStore from = load();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(name, from.getKey(name, secret), secret, from.getCertificateChain(name));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, secret);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }
}
