package io.countermand.app.rights;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.countermand.app.admin.SchemasCommand;
import io.countermand.app.admin.TopicsCommand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.local.LocalConfig;
import io.countermand.app.local.LocalStack;
import io.countermand.app.local.LocalVenues;
import io.countermand.app.role.HeldOrderEvents;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.acls.AclAdmin;
import io.countermand.platform.locked.LockDirectory;
import io.countermand.platform.locked.Login;
import io.countermand.platform.locked.ScramUsers;
import io.countermand.platform.tls.ServerTls;
import io.countermand.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker and a registry that ask who calls, by TLS, the simulator, and a user with passwords of
 * its own for each role. Nobody has a right but by its ACLs.
 */
final class LockedPipeline implements AutoCloseable {

  static final String VENUE = "crosstrade";
  static final String OTHER_VENUE = "cadenza";

  /** Has a password, and no right. */
  static final String STRANGER = "mallory";

  /** A desk of {@link #OTHER_VENUE} alone. */
  static final String ONE_VENUE = "countermand-desk-" + OTHER_VENUE;

  /** A topic that is nobody's. */
  static final String SPARE = "spare";

  private static final String BROKER = "broker";
  private static final int PARTITIONS = 2;

  private final Path data;
  private final LockDirectory locks;
  private final LocalPlatform platform;
  private final Simulator simulator;
  private final HeldOrderEvents feeds = new HeldOrderEvents();
  private final Path base;

  LockedPipeline(Path data) throws Exception {
    this(data, Map.of());
  }

  /**
   * @param broker settings of the broker over those of a locked one, read at each of its starts
   */
  LockedPipeline(Path data, Map<String, String> broker) throws Exception {
    this(data, broker, false);
  }

  /**
   * @param twoAuthorities whether clients believe the next certificate's authority, too
   */
  LockedPipeline(Path data, Map<String, String> broker, boolean twoAuthorities) throws Exception {
    this.data = data;
    List<String> users = new ArrayList<>(List.of(BROKER, STRANGER, ONE_VENUE));
    for (Role role : Role.values()) {
      users.add(user(role));
    }
    locks = LockDirectory.open(data.resolve("locks"), users, Instant.now(), _ -> {});
    if (twoAuthorities) {
      Files.writeString(
          locks.authority(), Files.readString(next().authority()), StandardOpenOption.APPEND);
    }
    platform =
        LocalPlatform.start(
            new LocalPlatform.Options(
                data,
                0,
                0,
                locks.broker(BROKER).with(broker),
                locks.registry(users, user(Role.ADMIN))));
    var options =
        new LocalStack.Options(
            data, 0, 0, Map.of(VENUE, VENUE, OTHER_VENUE, OTHER_VENUE), "1ms", true, Map.of());
    simulator = LocalVenues.simulator(options, feeds);
    base =
        LocalConfig.write(options, platform.bootstrapServers(), platform.registryUrl(), simulator);
    users.remove(BROKER);
    try (Admin admin = superUser()) {
      ScramUsers.tell(admin, users.stream().map(locks::login).toList());
      AclAdmin.create(
          admin,
          Grant.all(config(Role.ADMIN), Principals.read(principals())).stream()
              .map(Grant::binding)
              .toList());
    }
    TopicsCommand.apply(connection(Role.ADMIN), config(Role.ADMIN), _ -> {});
    SchemasCommand.register(connection(Role.ADMIN), config(Role.ADMIN));
    try (Admin admin = superUser()) {
      admin.createTopics(List.of(new NewTopic(SPARE, 1, (short) 1))).all().get(30, SECONDS);
    }
  }

  static String user(Role role) {
    return "countermand-" + role.label();
  }

  /** The defaults, and a desk of one venue. */
  Path principals() throws Exception {
    return Files.writeString(
        data.resolve("principals.yaml"),
        "desks:\n  %s: User:%s\n".formatted(OTHER_VENUE, ONE_VENUE));
  }

  /** May do everything; who called {@code acls apply} the first time. */
  Admin superUser() {
    return Admin.create(
        new KafkaConnection(
                platform.bootstrapServers(),
                platform.registryUrl(),
                "super",
                locks.broker(BROKER).client(),
                Map.of())
            .admin("super"));
  }

  Simulator simulator() {
    return simulator;
  }

  /** What the venues tell of their orders goes through these. */
  HeldOrderEvents feeds() {
    return feeds;
  }

  KafkaConnection connection(Role role) {
    return connection(user(role));
  }

  KafkaConnection connection(String user) {
    return Settings.connection(config(user));
  }

  Config config(Role role) {
    return Config.load(Optional.of(file(user(role))), Map.of());
  }

  Config config(String user) {
    return Config.load(Optional.of(file(user)), Map.of());
  }

  /** A configuration whose passwords stand in a file, as docs/security.md has it. */
  Path file(String user) {
    return file(
        user,
        """
        sasl.mechanism: SCRAM-SHA-512
        sasl.jaas.config: "${file:%s:jaas}"
        """
            .formatted(locks.login(user).file()));
  }

  /**
   * @param sasl how it tells the broker who it is: lines of YAML, a setting each
   */
  Path file(String user, String sasl) {
    Path secret = locks.login(user).file();
    try {
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
                      security.protocol: SASL_SSL
                      ssl.truststore.type: PEM
                      ssl.truststore.location: "%s"
                  %s    config.providers: file
                      config.providers.file.class: org.apache.kafka.common.config.provider.FileConfigProvider
                  """
                      .formatted(locks.authority(), Matcher.quoteReplacement(sasl.indent(4)))
                      .stripTrailing())
              .replaceFirst(
                  "(?m)^(registry:\n +url: .*)$",
                  """
                  $1
                    properties:
                      schema.registry.ssl.truststore.type: PEM
                      schema.registry.ssl.truststore.location: "%s"
                      schema.registry.ssl.endpoint.identification.algorithm: https
                      basic.auth.credentials.source: USER_INFO
                      basic.auth.user.info: "\\${file:%s:registry}"
                  """
                      .formatted(locks.authority(), secret)
                      .stripTrailing());
      return Files.writeString(data.resolve(user + ".yaml"), text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What the broker is started with has changed. */
  void restartBroker() {
    platform.stopBroker();
    platform.restartBroker();
  }

  /** A certificate for the broker that another authority signed; clients may believe it. */
  ServerTls next() {
    var tls = LockDirectory.open(data.resolve("next"), List.of(BROKER), Instant.now(), _ -> {});
    return Objects.requireNonNull(tls.broker(BROKER).tls());
  }

  /** Its file is for this user alone. */
  Login login(Role role) {
    return locks.login(user(role));
  }

  /** Of the venue, as the desk reads it. */
  Path token() {
    return data.resolve("secrets").resolve(VENUE + "-token");
  }

  String bootstrapServers() {
    return platform.bootstrapServers();
  }

  Path authority() {
    return locks.authority();
  }

  @Override
  public void close() {
    simulator.close();
    platform.close();
  }
}
