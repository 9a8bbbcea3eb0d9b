package io.countermand.app.rights;

import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.local.LocalConfig;
import io.countermand.app.local.LocalStack;
import io.countermand.app.local.LocalVenues;
import io.countermand.app.role.Feeds;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.BrokerLock;
import io.countermand.platform.LocalKafka;
import io.countermand.platform.LocalRegistry;
import io.countermand.platform.acls.AclAdmin;
import io.countermand.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker that asks who calls, a registry, the simulator, and a user with a password of its own
 * for each role. Nobody has a right but by its ACLs.
 */
final class LockedPipeline implements AutoCloseable {

  static final String VENUE = "crosstrade";
  static final String OTHER_VENUE = "cadenza";

  /** Has a password, and no right. */
  static final String STRANGER = "mallory";

  private static final int PARTITIONS = 2;

  private final Path data;
  private final BrokerLock lock = new BrokerLock("broker", password());
  private final Map<String, String> passwords = new HashMap<>();
  private final LocalKafka kafka;
  private final LocalRegistry registry;
  private final Simulator simulator;
  private final Feeds feeds = new Feeds();
  private final Path base;

  LockedPipeline(Path data) throws Exception {
    this.data = data;
    kafka = LocalKafka.start(data.resolve("kafka"), data.resolve("logs"), 0, lock);
    registry = LocalRegistry.start(data.resolve("registry"), data.resolve("logs"), 0);
    var options =
        new LocalStack.Options(
            data, 0, 0, Map.of(VENUE, VENUE, OTHER_VENUE, OTHER_VENUE), "1ms", true, Map.of());
    simulator = LocalVenues.simulator(options, feeds);
    base = LocalConfig.write(options, kafka.bootstrapServers(), registry.url(), simulator);
    List<String> users = new ArrayList<>(List.of(STRANGER, user(Role.DESK) + "-" + OTHER_VENUE));
    for (Role role : Role.values()) {
      users.add(user(role));
    }
    List<UserScramCredentialAlteration> made = new ArrayList<>();
    for (String user : users) {
      passwords.put(user, password());
      made.add(
          new UserScramCredentialUpsertion(
              user,
              new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
              passwords.get(user)));
    }
    try (Admin admin = superUser()) {
      admin.alterUserScramCredentials(made).all().get(30, TimeUnit.SECONDS);
      AclAdmin.create(
          admin,
          Grant.all(config(Role.ADMIN), Principals.read(principals())).stream()
              .map(Grant::binding)
              .toList());
    }
    TopicsCommand.apply(connection(Role.ADMIN), config(Role.ADMIN), _ -> {});
    SchemasCommand.register(connection(Role.ADMIN), config(Role.ADMIN));
  }

  private static String password() {
    return UUID.randomUUID().toString();
  }

  static String user(Role role) {
    return "countermand-" + role.label();
  }

  /** The defaults, and a desk of one venue. */
  Path principals() throws Exception {
    return Files.writeString(
        data.resolve("principals.yaml"),
        "desks:\n  %s: User:%s-%s\n".formatted(OTHER_VENUE, user(Role.DESK), OTHER_VENUE));
  }

  /** May do everything; who called {@code acls apply} the first time. */
  Admin superUser() {
    return Admin.create(connection("broker", lock.client()).admin("super"));
  }

  Simulator simulator() {
    return simulator;
  }

  /** What the venues tell of their orders goes through these. */
  Feeds feeds() {
    return feeds;
  }

  Map<String, String> passwords() {
    return passwords;
  }

  KafkaConnection connection(Role role) {
    return Settings.connection(config(role));
  }

  KafkaConnection connection(String user) {
    return connection(user, BrokerLock.client(user, passwords.get(user)));
  }

  KafkaConnection connection(String user, Map<String, String> security) {
    return new KafkaConnection(kafka.bootstrapServers(), registry.url(), user, security, Map.of());
  }

  Config config(Role role) {
    return Config.load(Optional.of(file(user(role))), Map.of());
  }

  Config config(String user) {
    return Config.load(Optional.of(file(user)), Map.of());
  }

  /** A configuration whose password stands in a file, as docs/security.md has it. */
  Path file(String user) {
    Path secret = data.resolve(user + ".properties");
    Map<String, String> security = BrokerLock.client(user, passwords.get(user));
    try {
      Files.writeString(secret, "jaas=" + security.get("sasl.jaas.config") + "\n");
      String text =
          Files.readString(base)
              .replaceFirst("partitions: \\d+", "partitions: " + PARTITIONS)
              .replaceFirst(
                  "(state-dir: \"[^\"]*)\"", "$1-" + user + "\"\ninstance: " + user.toLowerCase())
              .replaceFirst(
                  "(?m)^( +bootstrap-servers: .*)$",
                  """
                  $1
                    properties:
                      security.protocol: SASL_PLAINTEXT
                      sasl.mechanism: SCRAM-SHA-512
                      sasl.jaas.config: "\\${file:%s:jaas}"
                      config.providers: file
                      config.providers.file.class: org.apache.kafka.common.config.provider.FileConfigProvider
                  """
                      .formatted(secret)
                      .stripTrailing());
      return Files.writeString(data.resolve(user + ".yaml"), text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    simulator.close();
    registry.close();
    kafka.close();
  }
}
