package io.countermand.simulator.options;

/**
 * Who may use an instance.
 *
 * @param user name or e-mail of a login
 * @param token the static bearer token of CrossTrade's API
 * @param key the key inside a webhook
 */
public record SimulatedCredentials(String user, String password, String token, String key) {

  public static final SimulatedCredentials DEFAULT =
      new SimulatedCredentials("sim-user@example.com", "sim-password", "sim-token", "sim-key");

  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
