package io.countermand.app.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Grant;
import io.countermand.app.rights.Principals;
import io.countermand.app.rights.Role;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.BrokerLock;
import io.countermand.platform.OwnFile;
import io.countermand.platform.RegistryLock;
import io.countermand.platform.acls.AclAdmin;
import io.countermand.platform.locked.LockDirectory;
import io.countermand.platform.locked.Login;
import io.countermand.platform.locked.ScramUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/** The locks of a local stack: a user for each role, with its rights and no other. */
final class StackLock {

  /** Does what no role may: it makes users, and gives them their rights. */
  static final String BROKER = "countermand-broker";

  private static final List<String> USERS = Stream.of(Role.values()).map(Role::user).toList();

  /** Those that call venues; an admin's doctor looks whether their credentials are there. */
  private static final Set<Role> CALLING = Set.of(Role.DESK, Role.FEED, Role.ADMIN);

  private static final String MARK =
      """
      This data was begun with up --locked, and is started by that alone. Delete this file and
      locks/ only if anybody on this machine may read the data.
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path data;
  private final LockDirectory directory;

  private StackLock(Path data, LockDirectory directory) {
    this.data = data;
    this.directory = directory;
  }

  /** Whether a stack with this data was locked before, also if somebody has deleted its locks. */
  static boolean isIn(Path data) {
    return Files.exists(place(data)) || Files.exists(mark(data));
  }

  /** Stays with the data: without its locks it is as secret as with them. */
  private static Path mark(Path data) {
    return data.resolve("begun-locked");
  }

  private static Path place(Path data) {
    return data.resolve("locks");
  }

  /**
   * Makes what is missing, and closes the directory to others. Only for who has the data's lock:
   * new certificates are not what a stack that runs there has.
   *
   * @param says hears what was made, a line each
   */
  static StackLock open(Path data, Consumer<String> says) throws IOException {
    OwnFile.directory(data);
    OwnFile.write(mark(data), MARK.getBytes(UTF_8));
    List<String> users = new ArrayList<>(USERS);
    users.add(BROKER);
    return new StackLock(data, LockDirectory.open(place(data), users, Instant.now(), says));
  }

  BrokerLock broker() {
    return directory.broker(BROKER);
  }

  RegistryLock registry() {
    return directory.registry(USERS, Role.ADMIN.user());
  }

  /** PEM, public: by what a client knows broker and registry. */
  Path authority() {
    return directory.authority();
  }

  /** What its configuration says. */
  LocalConfig.Lock of(Role role) {
    Login login = directory.login(role.user());
    Map<String, String> kafka = new HashMap<>();
    kafka.put("security.protocol", "SASL_SSL");
    kafka.put("ssl.truststore.type", "PEM");
    kafka.put("ssl.truststore.location", authority().toString());
    kafka.put("sasl.mechanism", "SCRAM-SHA-512");
    kafka.put("sasl.jaas.config", "${file:%s:%s}".formatted(login.file(), Login.JAAS));
    kafka.put("config.providers", "file");
    kafka.put("config.providers.file.class", FileConfigProvider.class.getName());
    Map<String, String> registry = new HashMap<>();
    registry.put("schema.registry.ssl.truststore.type", "PEM");
    registry.put("schema.registry.ssl.truststore.location", authority().toString());
    registry.put("schema.registry.ssl.endpoint.identification.algorithm", "https"); // else no name
    registry.put("basic.auth.credentials.source", "USER_INFO");
    registry.put("basic.auth.user.info", "${file:%s:%s}".formatted(login.file(), Login.REGISTRY));
    boolean calls = CALLING.contains(role);
    return new LocalConfig.Lock(kafka, registry, calls, role == Role.DOOR ? door() : "");
  }

  private String door() {
    return """
    door:
      tokens: "%s"
      tls-keystore: "%s"
      tls-password-file: "%s"
    """
        .formatted(
            data.resolve("door-tokens"),
            directory.doorKeystore(),
            directory.keystorePasswordFile());
  }

  /**
   * Tells the broker the users and gives them the rights that they lack; what somebody added stays.
   * Returns when the broker asks by them.
   *
   * @param admin of {@link Role#ADMIN}
   */
  void apply(Config admin) {
    var own =
        new KafkaConnection(
            admin.kafka().bootstrapServers(),
            admin.registry().url(),
            "up",
            broker().client(),
            Map.of());
    Set<AclBinding> wanted =
        Grant.all(admin, Principals.defaults()).stream()
            .map(Grant::binding)
            .collect(Collectors.toSet());
    try (Admin broker = Admin.create(own.admin("up"))) {
      ScramUsers.tell(broker, USERS.stream().map(directory::login).toList());
      AclAdmin.create(broker, missing(broker, wanted));
      Instant end = Instant.now().plus(PATIENCE);
      while (!missing(broker, wanted).isEmpty() || !letsIn(admin)) {
        if (Instant.now().isAfter(end)) {
          throw new IllegalStateException(
              "the broker does not know its users and their rights after "
                  + PATIENCE.toSeconds()
                  + " s; see the log in the data directory");
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while starting", e);
    }
  }

  private static List<AclBinding> missing(Admin broker, Set<AclBinding> wanted) {
    return AclAdmin.check(broker, wanted).stream()
        .filter(each -> each.kind() == AclAdmin.Kind.MISSING)
        .map(AclAdmin.Difference::binding)
        .toList();
  }

  /** All users were told at once: where one is known, all are. */
  private static boolean letsIn(Config config) throws InterruptedException {
    try (Admin admin = Admin.create(Settings.connection(config).admin("up"))) {
      admin.describeCluster().clusterId().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SaslAuthenticationException) {
        return false;
      }
      throw new IllegalStateException("the broker does not answer: " + e.getCause(), e);
    }
  }
}
