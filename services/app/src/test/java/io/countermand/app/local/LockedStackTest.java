package io.countermand.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.rights.Role;
import io.countermand.client.CancelClient;
import io.countermand.client.EventStream;
import io.countermand.client.OutcomeStream;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.locked.LockDirectory;
import io.countermand.simulator.book.NewOrder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code up --locked}, by the configurations that it writes. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LockedStackTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String VENUE = "crosstrade";

  private final List<String> said = new ArrayList<>();
  private Path data;
  private LocalStack stack;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    stack = LocalStack.start(options(true), said::add);
  }

  private LocalStack.Options options(boolean locked) {
    Map<String, String> venues = Map.of(VENUE, VENUE, "cadenza", "cadenza");
    return new LocalStack.Options(data, 0, 0, venues, "1ms", false, Map.of(), locked);
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  @Test
  void shouldCancelByTheProducersLoginAndBeHeardByTheRiskSystems() throws Exception {
    // Given
    OrderKey order = place(Pipeline.orderId(VENUE));
    try (EventStream<CancelOutcome> heard =
            OutcomeStream.of(Settings.client(config(Role.RISK))).fromNow().open();
        CancelClient producer = CancelClient.connect(Settings.client(config(Role.PRODUCER)))) {
      // When
      CancelOutcome outcome = producer.cancel(order).send().get(60, TimeUnit.SECONDS);
      // Then
      assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
      Awaitility.await("risk")
          .atMost(PATIENCE)
          .until(
              () ->
                  heard.poll(Duration.ofMillis(100)).stream()
                      .anyMatch(
                          each ->
                              each.value()
                                  .getCancel()
                                  .getCancelId()
                                  .equals(outcome.getCancel().getCancelId())));
    }
    assertThat(run(0, Role.READER, "order", order.key())).contains("CANCELED");
  }

  @Test
  void shouldBeAsTheCommandsWantIt() {
    assertThat(run(0, Role.ADMIN, "acls", "check")).contains("none is too much");
    assertThat(run(0, Role.ADMIN, "topics", "apply")).contains("as they must be");
    assertThat(run(0, Role.ADMIN, "schemas", "check")).contains("SAME");
    assertThat(run(0, Role.ADMIN, "doctor")).contains("all is well");
    assertThat(
            run(-1, Role.OPERATOR, "kill", "--account", "Kill1", "--reason", "drill", "--dry-run"))
        .contains("0 orders");
    // and what `up` says must be refused
    String id = Pipeline.orderId(VENUE);
    place(id);
    String[] cancel = {
      "cancel", "--venue", VENUE, "--account", "Sim101", "--order-id", id, "--wait"
    };
    assertThat(run(-1, Role.READER, cancel)).contains("cancel-intents");
    assertThat(run(0, Role.PRODUCER, cancel)).contains("CANCELED");
    assertThat(UpText.lines(stack, "http://127.0.0.1:1/", true))
        .anyMatch(each -> each.contains("cancel --config " + stack.configFile(Role.READER)))
        .anyMatch(each -> each.contains("kill --config " + stack.configFile(Role.OPERATOR)));
  }

  @Test
  void shouldShowTheConsoleByTheReadersLogin() {
    try (var console = LocalConsole.open(stack)) {
      Awaitility.await("console")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(console.missing()).isEmpty());
    }
  }

  /** Each succeeds with the one ACL that it lacks. */
  @ParameterizedTest
  @CsvSource({
    "PRODUCER, WRITE, cancel-outcomes",
    "PRODUCER, READ, cancel-intents",
    "DESK, READ, console-actions",
    "DESK, WRITE, cancel-outcomes",
    "RISK, WRITE, cancel-intents",
    "READER, WRITE, cancel-intents",
    "OMS, READ, order-states"
  })
  void shouldRefuseWhatIsAnothersWork(Role role, AclOperation what, String topic) throws Exception {
    // Given
    Callable<?> deed = () -> what == AclOperation.READ ? read(role, topic) : write(role, topic);
    AclBinding lock =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:" + role.user(), "*", what, AclPermissionType.ALLOW));
    assertThatThrownBy(deed::call).isInstanceOf(AuthorizationException.class);
    try (Admin admin = Admin.create(Settings.connection(config(Role.ADMIN)).admin("test"))) {
      // When
      admin.createAcls(Set.of(lock)).all().get(30, TimeUnit.SECONDS);
      // Then
      try {
        Awaitility.await("with " + lock)
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(AuthorizationException.class)
            .until(
                () -> {
                  deed.call();
                  return true;
                });
      } finally {
        admin.deleteAcls(Set.of(lock.toFilter())).all().get(30, TimeUnit.SECONDS);
      }
    }
  }

  private Object write(Role role, String topic) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            kafka(role, Map.of()).producer("test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] poison = "not an event".getBytes(StandardCharsets.UTF_8);
      return producer.send(new ProducerRecord<>(topic, poison, poison)).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Object read(Role role, String topic) {
    try (var consumer =
        new KafkaConsumer<>(
            kafka(role, Map.of()).consumer("test"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      consumer.seekToBeginning(consumer.assignment());
      return consumer.poll(Duration.ofSeconds(5));
    }
  }

  /** Each succeeds with the right one. */
  @Test
  void shouldLetInNobodyWithoutTlsTheRightAuthorityAndItsOwnPassword(@TempDir Path elsewhere)
      throws Exception {
    // Given
    String desk = Role.DESK.user();
    LockDirectory others = LockDirectory.open(elsewhere, List.of(desk), Instant.now(), _ -> {});
    String authority = others.authority().toString();
    String jaas = "${file:%s:jaas}".formatted(others.login(desk).file());
    // When, then
    assertThatThrownBy(() -> nodes(Map.of("security.protocol", "SASL_PLAINTEXT")))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> nodes(Map.of("security.protocol", "PLAINTEXT")))
        .isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> nodes(Map.of("ssl.truststore.location", authority)))
        .isInstanceOf(SslAuthenticationException.class);
    assertThatThrownBy(() -> nodes(Map.of("sasl.jaas.config", jaas)))
        .isInstanceOf(SaslAuthenticationException.class);
    assertThat(nodes(Map.of())).isEqualTo(1);
  }

  private int nodes(Map<String, String> other) throws Exception {
    try (Admin admin = Admin.create(kafka(Role.DESK, other).admin("test"))) {
      return admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).size();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  @Test
  void shouldShowSchemasToWhoLogsInAndLetTheAdminAloneWriteThem() throws Exception {
    // When, then
    assertThat(run(0, Role.RISK, "schemas", "check")).contains("SAME");
    assertThat(run(1, Role.RISK, "schemas", "register")).contains("not authorized");
    assertThat(run(0, Role.ADMIN, "schemas", "register")).contains("SAME");
    // and with one line less, or another's password
    String text = Files.readString(stack.configFile(Role.RISK));
    Path nobody = data.resolve("nobody.yaml");
    Files.writeString(
        nobody,
        text.lines().filter(each -> !each.contains("basic.auth.")).collect(Collectors.joining("\n"))
            + "\n");
    assertThat(run(1, nobody, "schemas", "check")).contains("does not do as asked");
    Path wrong = data.resolve("wrong.yaml");
    Files.writeString(wrong, text.replace(":registry}", ":kafka-password}"));
    assertThat(run(1, wrong, "schemas", "check")).contains("does not do as asked");
  }

  @Test
  void shouldLeaveNoSecretWhereOthersOrLogsAre() throws Exception {
    // Given
    List<String> secrets = new ArrayList<>();
    secrets.add(Files.readString(data.resolve("locks/keystore.password")));
    for (Role role : Role.values()) {
      var login = new Properties();
      try (var in = Files.newInputStream(data.resolve("locks/" + role.user() + ".properties"))) {
        login.load(in);
      }
      secrets.add(login.getProperty("kafka-password"));
      secrets.add(login.getProperty("registry-password"));
    }
    assertThat(secrets).hasSize(1 + 2 * Role.values().length).doesNotContainNull();
    // When, then
    assertThat(permissions(data)).isEqualTo("rwx------");
    assertThat(permissions(data.resolve("locks"))).isEqualTo("rwx------");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        String text = text(each);
        if (secrets.stream().anyMatch(text::contains)) {
          assertThat(permissions(each)).as(each.toString()).isEqualTo("rw-------");
          assertThat(data.relativize(each).toString())
              .doesNotStartWith("logs")
              .doesNotEndWith("yaml");
        }
      }
    }
    assertThat(said).noneMatch(each -> secrets.stream().anyMatch(each::contains));
  }

  /** Empty: gone meanwhile, as segments and sockets go. */
  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void shouldNotBeOpenedByMistake() {
    assertThatThrownBy(() -> LocalStack.start(options(false), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is locked: start it with --locked");
  }

  @Test
  void shouldCloseNobodyElsesDirectory(@TempDir Path other) throws Exception {
    // Given
    Files.writeString(other.resolve("notes"), "mine");
    String before = permissions(other);
    var options = new LocalStack.Options(other, 0, 0, Map.of(), "1ms", false, Map.of(), true);
    // When, then
    assertThatThrownBy(() -> LocalStack.start(options, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("holds something else: give another directory with --data");
    assertThat(permissions(other)).isEqualTo(before);
    assertThat(Files.list(other)).hasSize(1);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Config config(Role role) {
    return stack.config(role);
  }

  private OrderKey place(String id) {
    stack.simulator().book().place(NewOrder.of(VENUE, "Sim101", id, "10"));
    return OrderKey.of(VENUE, "Sim101", id);
  }

  /** A role's own, with some of its settings changed; says within seconds that it is refused. */
  private KafkaConnection kafka(Role role, Map<String, String> other) {
    var own = Settings.connection(config(role));
    Map<String, String> settings = new HashMap<>(own.kafka());
    settings.put("default.api.timeout.ms", "5000");
    settings.put("request.timeout.ms", "4000");
    settings.putAll(other);
    return new KafkaConnection(
        own.bootstrapServers(), own.registryUrl(), "test", settings, own.registry());
  }

  private String run(int code, Role role, String... arguments) {
    return run(code, stack.configFile(role), arguments);
  }

  /**
   * @param code -1: any but 0
   */
  private static String run(int code, Path config, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    var out = new StringWriter();
    int ended =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    if (code < 0) {
      assertThat(ended).as(all + "\n" + out).isNotZero();
    } else {
      assertThat(ended).as(all + "\n" + out).isEqualTo(code);
    }
    return out.toString();
  }
}
