package io.countermand.platform;

import io.countermand.platform.tls.ServerTls;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A local broker that asks who calls, and lets ACLs decide. Its own user, a super user, comes by
 * SASL/PLAIN, all others by SCRAM-SHA-512.
 *
 * @param user the broker's own; may do everything
 * @param password of it; letters, digits, '-' and '_'
 * @param tls null: without, for the loopback interface only
 * @param more settings of the broker over these, as for users who come with tokens; read at each
 *     start, so a change counts from the next one on
 */
public record BrokerLock(
    String user, String password, @Nullable ServerTls tls, Map<String, String> more) {

  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
          + " password=\"%s\"";

  public BrokerLock {
    for (String each : new String[] {user, password}) {
      if (!each.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException(
            "user and password of a local broker are letters, digits, '-' and '_'");
      }
    }
  }

  public BrokerLock(String user, String password, @Nullable ServerTls tls) {
    this(user, password, tls, Map.of());
  }

  /** Without TLS. */
  public BrokerLock(String user, String password) {
    this(user, password, null);
  }

  /**
   * The same with more settings.
   *
   * @param more not copied
   */
  public BrokerLock with(Map<String, String> more) {
    return new BrokerLock(user, password, tls, more);
  }

  /** Settings of a client of that user. */
  public Map<String, String> client() {
    Map<String, String> settings = new HashMap<>(tls == null ? Map.of() : tls.client());
    settings.put("security.protocol", protocol());
    settings.put("sasl.mechanism", "PLAIN");
    settings.put("sasl.jaas.config", PLAIN.formatted(user, password) + ";");
    return settings;
  }

  /**
   * Settings of a client of another user, whose SCRAM password the broker was told; without TLS.
   */
  public static Map<String, String> client(String user, String password) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
                .formatted(user)
            + " password=\"%s\";".formatted(password));
  }

  void apply(Properties broker) {
    // Named for who comes by it, so that nothing here says PLAINTEXT that is not.
    for (String key :
        new String[] {"listeners", "advertised.listeners", "inter.broker.listener.name"}) {
      broker.setProperty(key, broker.getProperty(key).replace("PLAINTEXT", "CLIENTS"));
    }
    broker.setProperty(
        "listener.security.protocol.map",
        "CLIENTS:%s,CONTROLLER:%s".formatted(protocol(), protocol()));
    if (tls != null) {
      broker.putAll(tls.server());
      broker.putAll(tls.client()); // as a client of itself
    }
    broker.setProperty("sasl.mechanism.inter.broker.protocol", "PLAIN");
    broker.setProperty("sasl.mechanism.controller.protocol", "PLAIN");
    String own = PLAIN.formatted(user, password) + " user_%s=\"%s\";".formatted(user, password);
    for (String listener : new String[] {"clients", "controller"}) {
      broker.setProperty("listener.name." + listener + ".plain.sasl.jaas.config", own);
    }
    broker.setProperty(
        "listener.name.clients.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    broker.setProperty("listener.name.clients.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    broker.setProperty("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
    broker.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    broker.setProperty("super.users", "User:" + user);
    broker.putAll(more);
  }

  private String protocol() {
    return tls == null ? "SASL_PLAINTEXT" : "SASL_SSL";
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "BrokerLock[" + user + "]";
  }
}
