package io.countermand.platform.locked;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.platform.OwnFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A user's two random passwords, kept in a file that configurations can name: under {@link #JAAS}
 * for Kafka's clients, under {@link #REGISTRY} for the registry's.
 *
 * @param kafka password, of letters, digits, '-' and '_'; so is the other
 */
public record Login(String user, String kafka, String registry, Path file) {

  public static final String JAAS = "jaas";
  public static final String REGISTRY = "registry";

  private static final String KAFKA_PASSWORD = "kafka-password";
  private static final String REGISTRY_PASSWORD = "registry-password";

  /** As it was left, or new. */
  static Login of(Path directory, String user) throws IOException {
    Path file = directory.resolve(user + ".properties");
    Properties kept = new Properties();
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        kept.load(in);
      }
    }
    var login =
        new Login(
            user,
            or(kept.getProperty(KAFKA_PASSWORD)),
            or(kept.getProperty(REGISTRY_PASSWORD)),
            file);
    OwnFile.write(file, login.text().getBytes(UTF_8));
    return login;
  }

  private static String or(@Nullable String password) {
    return password == null || password.isBlank() ? random() : password;
  }

  /** 256 bits. */
  static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String text() {
    return """
    # Secret. Written by countermand up --locked; without it, a new one is written at the next start.
    %s=%s
    %s=%s
    %s=org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";
    %s=%s:%s
    """
        .formatted(
            KAFKA_PASSWORD,
            kafka,
            REGISTRY_PASSWORD,
            registry,
            JAAS,
            user,
            kafka,
            REGISTRY,
            user,
            registry);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "Login[" + user + "]";
  }
}
