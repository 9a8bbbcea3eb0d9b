package io.countermand.platform;

import java.util.Map;
import java.util.Properties;

/**
 * A local broker that asks who calls, and lets ACLs decide. Its own user, a super user, comes by
 * SASL/PLAIN, all others by SCRAM-SHA-512. Without TLS: for the loopback interface only.
 *
 * @param user the broker's own; may do everything
 * @param password of it; letters, digits, '-' and '_'
 */
public record BrokerLock(String user, String password) {

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

  /** Settings of a client of that user. */
  public Map<String, String> client() {
    return Map.of(
        "security.protocol", "SASL_PLAINTEXT",
        "sasl.mechanism", "PLAIN",
        "sasl.jaas.config", PLAIN.formatted(user, password) + ";");
  }

  /** Settings of a client of another user, whose SCRAM password the broker was told. */
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
    broker.setProperty(
        "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT");
    broker.setProperty("sasl.mechanism.inter.broker.protocol", "PLAIN");
    broker.setProperty("sasl.mechanism.controller.protocol", "PLAIN");
    String own = PLAIN.formatted(user, password) + " user_%s=\"%s\";".formatted(user, password);
    for (String listener : new String[] {"plaintext", "controller"}) {
      broker.setProperty("listener.name." + listener + ".plain.sasl.jaas.config", own);
    }
    broker.setProperty(
        "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    broker.setProperty("listener.name.plaintext.sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    broker.setProperty("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
    broker.setProperty(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    broker.setProperty("super.users", "User:" + user);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "BrokerLock[" + user + "]";
  }
}
