package io.countermand.platform;

import io.countermand.platform.tls.ServerTls;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A local registry that asks who calls, by TLS and HTTP's basic authentication.
 *
 * @param passwords by user; letters, digits, '-' and '_'; each user reads schemas
 * @param writer the one that may also register, alter and delete them
 */
public record RegistryLock(ServerTls tls, Map<String, String> passwords, String writer) {

  private static final String USERS = "quarkus.security.users.embedded.";

  public RegistryLock {
    passwords = Map.copyOf(passwords);
    if (!passwords.containsKey(writer)) {
      throw new IllegalArgumentException("the writer '" + writer + "' has no password");
    }
  }

  /** Apicurio's settings. They hold passwords. */
  Map<String, String> settings(int port) {
    Map<String, String> p = new TreeMap<>();
    p.put("quarkus.http.ssl-port", String.valueOf(port));
    p.put("quarkus.http.insecure-requests", "disabled");
    p.put(
        "quarkus.http.ssl.certificate.key-store-file", tls.keystore().toAbsolutePath().toString());
    p.put("quarkus.http.ssl.certificate.key-store-file-type", "PKCS12");
    p.put("quarkus.http.ssl.certificate.key-store-password", tls.password());
    p.put("quarkus.http.auth.basic", "true");
    // Whatever Apicurio itself would show to anybody.
    p.put("quarkus.http.auth.permission.all.paths", "/*");
    p.put("quarkus.http.auth.permission.all.policy", "authenticated");
    p.put("apicurio.authn.enabled", "true");
    p.put("apicurio.auth.role-based-authorization", "true");
    p.put(USERS + "plain-text", "true");
    passwords.forEach(
        (user, password) -> {
          p.put(USERS + "users." + user, password);
          p.put(USERS + "roles." + user, user.equals(writer) ? "sr-admin" : "sr-readonly");
        });
    return p;
  }

  /** The writer's. */
  String authorization() {
    byte[] login = (writer + ":" + passwords.get(writer)).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "RegistryLock[" + passwords.keySet() + "]";
  }
}
