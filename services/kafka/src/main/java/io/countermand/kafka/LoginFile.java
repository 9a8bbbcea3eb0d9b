package io.countermand.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.sasl.RealmCallback;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads user and password of a Kafka client out of their file at each login, where Kafka itself
 * reads them once: so a new password needs no restart. A file that cannot be used leaves those in
 * force that were read before, and the log says so once. Thread-safe; Kafka makes one for each
 * client.
 */
public final class LoginFile implements AuthenticateCallbackHandler {

  private static final Logger log = LoggerFactory.getLogger(LoginFile.class);

  private static final String JAAS = "sasl.jaas.config";
  private static final String HANDLER = "sasl.client.callback.handler.class";
  private static final String FILE = "countermand.login.file";
  private static final String KEY = "countermand.login.key";

  /** As Kafka's FileConfigProvider writes it: a key of a properties file. */
  private static final Pattern IN_FILE = Pattern.compile("\\$\\{file:(.+):([^:{}]+)}");

  private static final Pattern BY_PASSWORD = Pattern.compile("PLAIN|SCRAM-.*");

  private volatile @Nullable Path file;
  private volatile String key = "";
  private volatile Map<String, ?> inForce = Map.of();
  private volatile @Nullable String problem;

  /**
   * The same settings; where they log in by a password that stands in a file, it is read at each
   * login from now on.
   *
   * @param kafka settings of a client, its config providers not yet asked
   */
  public static Map<String, String> watched(Map<String, String> kafka) {
    Matcher place = IN_FILE.matcher(kafka.getOrDefault(JAAS, ""));
    if (!place.matches()
        || kafka.containsKey(HANDLER)
        || !BY_PASSWORD.matcher(kafka.getOrDefault("sasl.mechanism", "")).matches()) {
      return kafka;
    }
    Map<String, String> all = new HashMap<>(kafka);
    all.put(HANDLER, LoginFile.class.getName());
    all.put(FILE, place.group(1));
    all.put(KEY, place.group(2));
    return Map.copyOf(all);
  }

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
    if (configs.get(FILE) instanceof String path && configs.get(KEY) instanceof String name) {
      file = Path.of(path);
      key = name;
    }
    inForce = entries.getFirst().getOptions();
  }

  /** Why the file could not be used at the last login; null: it could. Holds no secret. */
  public @Nullable String problem() {
    return problem;
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    Map<String, ?> login = login();
    for (Callback each : callbacks) {
      switch (each) {
        case NameCallback name -> name.setName(String.valueOf(login.get("username")));
        case PasswordCallback password ->
            password.setPassword(String.valueOf(login.get("password")).toCharArray());
        case RealmCallback realm -> realm.setText(realm.getDefaultText());
        case ScramExtensionsCallback _, SaslExtensionsCallback _ -> {} // none
        default -> throw new UnsupportedCallbackException(each);
      }
    }
  }

  private Map<String, ?> login() {
    Path from = file;
    String why = null;
    if (from != null) {
      try (Reader in = Files.newBufferedReader(from)) {
        Properties all = new Properties();
        all.load(in);
        String jaas = all.getProperty(key);
        if (jaas == null || jaas.isBlank()) {
          why = "the file has no such key, or nothing there";
        } else {
          Map<String, ?> found =
              JaasContext.loadClientContext(Map.of(JAAS, new Password(jaas)))
                  .configurationEntries()
                  .getFirst()
                  .getOptions();
          if (found.containsKey("username") && found.containsKey("password")) {
            inForce = found;
          } else {
            why = "user or password is missing there";
          }
        }
      } catch (IOException | RuntimeException e) {
        // The message may quote what was read.
        why = "cannot be read (" + e.getClass().getSimpleName() + ")";
      }
    }
    if (why != null && !why.equals(problem)) {
      log.atWarn()
          .addKeyValue("file", from)
          .addKeyValue("key", key)
          .addKeyValue("reason", why)
          .log("Kafka's login cannot be read again; the one that was read stays in force");
    }
    problem = why;
    return inForce;
  }

  @Override
  public void close() {}
}
