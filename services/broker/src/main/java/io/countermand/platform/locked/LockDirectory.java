package io.countermand.platform.locked;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.platform.BrokerLock;
import io.countermand.platform.OwnFile;
import io.countermand.platform.PlatformException;
import io.countermand.platform.RegistryLock;
import io.countermand.platform.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What locks a platform: certificates of its servers, and a login for each user. Made once, and
 * kept in a directory that its owner alone reads.
 */
public final class LockDirectory {

  private static final String KAFKA = "kafka";
  private static final String REGISTRY = "registry";

  /** For a door that somebody opens beside it. */
  private static final String DOOR = "door";

  private final Certificates certificates;
  private final String keystorePassword;
  private final Path keystorePasswordFile;
  private final Map<String, Login> logins;

  private LockDirectory(
      Certificates certificates,
      String keystorePassword,
      Path keystorePasswordFile,
      Map<String, Login> logins) {
    this.certificates = certificates;
    this.keystorePassword = keystorePassword;
    this.keystorePasswordFile = keystorePasswordFile;
    this.logins = logins;
  }

  /**
   * Makes what is missing, and certificates that end within 30 days anew.
   *
   * @param directory made when missing
   * @param users with a login each
   * @param says hears what was made, a line each
   * @throws PlatformException with what to do
   */
  public static LockDirectory open(
      Path directory, Collection<String> users, Instant now, Consumer<String> says) {
    try {
      OwnFile.directory(directory);
      Path file = directory.resolve("keystore.password");
      if (!Files.exists(file)) {
        OwnFile.write(file, Login.random().getBytes(UTF_8));
      }
      String password = Files.readString(file).strip();
      var certificates = new Certificates(directory, List.of(KAFKA, REGISTRY, DOOR), password);
      certificates.deleteLeftovers();
      look(certificates, now, says);
      Map<String, Login> logins = new TreeMap<>();
      for (String user : users) {
        logins.put(user, Login.of(directory, user));
      }
      return new LockDirectory(certificates, password, file, logins);
    } catch (IOException e) {
      throw new PlatformException(
          directory + " cannot be written: " + e + ". Give a directory that is writable.", e);
    }
  }

  private static void look(Certificates certificates, Instant now, Consumer<String> says) {
    Optional<Instant> end = certificates.validUntil();
    if (end.isPresent() && end.get().isAfter(now.plus(Certificates.LEAST))) {
      return;
    }
    certificates.make();
    says.accept(
        (end.isPresent()
                ? "certificates ended on " + end.get() + ", so there are new ones"
                : "made certificates")
            + ", for "
            + Certificates.VALID.toDays()
            + " days; clients believe "
            + certificates.authority());
  }

  /** PEM, public: by what a client knows the servers. */
  public Path authority() {
    return certificates.authority();
  }

  /** PKCS12. */
  public Path doorKeystore() {
    return certificates.keystore(DOOR);
  }

  public Path keystorePasswordFile() {
    return keystorePasswordFile;
  }

  /**
   * @throws IllegalArgumentException if it is none of those that it was opened with
   */
  public Login login(String user) {
    Login found = logins.get(user);
    if (found == null) {
      throw new IllegalArgumentException("no user '" + user + "'");
    }
    return found;
  }

  /**
   * Of a broker.
   *
   * @param own its own user, who may do everything
   */
  public BrokerLock broker(String own) {
    return new BrokerLock(own, login(own).kafka(), tls(KAFKA));
  }

  /**
   * Of a registry.
   *
   * @param readers who may read schemas
   * @param writer the one of them who also registers
   */
  public RegistryLock registry(Collection<String> readers, String writer) {
    Map<String, String> passwords = new TreeMap<>();
    readers.forEach(each -> passwords.put(each, login(each).registry()));
    return new RegistryLock(tls(REGISTRY), passwords, writer);
  }

  private ServerTls tls(String server) {
    return new ServerTls(certificates.keystore(server), keystorePassword, authority());
  }
}
