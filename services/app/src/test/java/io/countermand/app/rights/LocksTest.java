package io.countermand.app.rights;

import static io.countermand.app.rights.LockedPipeline.OTHER_VENUE;
import static io.countermand.app.rights.LockedPipeline.STRANGER;
import static io.countermand.app.rights.LockedPipeline.VENUE;
import static io.countermand.app.rights.LockedPipeline.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.json.JsonNames;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.role.ConsoleActions;
import io.countermand.app.role.DoorMasses;
import io.countermand.app.role.FeedPublisher;
import io.countermand.client.CancelClient;
import io.countermand.client.ClientException;
import io.countermand.client.EventStream;
import io.countermand.client.FindingStream;
import io.countermand.client.HeartbeatPublisher;
import io.countermand.client.OrderEventPublisher;
import io.countermand.client.OrderStates;
import io.countermand.client.OutcomeStream;
import io.countermand.client.Problem;
import io.countermand.client.deadman.DeadManGuard;
import io.countermand.console.Console;
import io.countermand.desk.Desk;
import io.countermand.desk.pause.PauseTopic;
import io.countermand.desk.pause.SharedPauses;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import io.countermand.ledger.Ledger;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.venues.limits.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every role at a broker that lets each do its own work, and nobody anything else. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Exit code that is as it may be. */
  private static final int ANY = -1;

  private LockedPipeline pipeline;
  private Ledger ledger;
  private Desk desk;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private Path data;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    data = dir;
    pipeline = new LockedPipeline(dir);
    parts.add(pipeline);
    ledger = Ledger.start(Settings.ledger(pipeline.config(Role.LEDGER)), new SimpleMeterRegistry());
    parts.add(ledger);
    desk = desk(pipeline.config(Role.DESK), Set.of());
    parts.add(desk);
    var feed = new FeedPublisher(pipeline.connection(Role.FEED));
    parts.add(feed);
    pipeline.feeds().to(feed);
    Awaitility.await("roles").atMost(PATIENCE).until(() -> desk.ready() && ledger.role().ready());
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each : parts.reversed()) {
      each.close();
    }
  }

  private static Desk desk(Config config, Set<String> venues) {
    Clock clock = Clock.systemUTC();
    return Desk.start(
        Settings.desk(config, venues, new Limits(clock), clock), new SimpleMeterRegistry());
  }

  /**
   * Before forbidden deeds, which leave nonsense once they are allowed: the auditor reads it all.
   */
  @Test
  @Order(1)
  void shouldLetEachRoleDoItsWholeWork() throws Exception {
    // Given: an order whose events the feed tells, and one that an OMS tells of
    Instant begin = Instant.now().minusSeconds(1);
    OrderKey order = key(place("Sim101"));
    OrderKey told = OrderKey.of(OTHER_VENUE, "Sim101", Pipeline.id());
    var client = Settings.client(pipeline.config(Role.PRODUCER));
    var risk = Settings.client(pipeline.config(Role.RISK));
    try (EventStream<CancelOutcome> heard = OutcomeStream.of(risk).fromNow().open();
        CancelClient producer = CancelClient.connect(client);
        var oms =
            OrderEventPublisher.open(Settings.client(pipeline.config(Role.OMS)), "oms:test")) {
      oms.event(told).status(OrdStatus.FILLED).publish().get(30, TimeUnit.SECONDS);
      // When
      CancelOutcome canceled =
          producer.cancel(order).within(PATIENCE).send().get(90, TimeUnit.SECONDS);
      // Then: desk, venue, feed and ledger; and the risk system hears of it
      assertThat(canceled.getResult()).isEqualTo(CancelResult.CANCELED);
      awaitOutcome(heard, canceled.getCancel().getCancelId());
      FindingStream.of(risk).fromBeginning().open().close();
    }
    // and whoever else there is
    groupOfRisk();
    door(order);
    feedHearsOfPauses();
    assertThat(run(Role.READER, "order", order.key())).contains("CANCELED");
    assertThat(run(Role.READER, "order", told.key())).contains("FILLED");
    assertThat(run(Role.OPERATOR, "venues", "pause", OTHER_VENUE)).contains("is paused");
    assertThat(run(Role.OPERATOR, "venues", "resume", OTHER_VENUE)).contains("may be called again");
    kill();
    fallSilent();
    guardItself();
    requeue();
    console();
    run(
        Role.AUDITOR,
        "audit",
        "--from",
        begin.toString(),
        "--account",
        "Sim101",
        "--out",
        data.resolve("audit").toString());
  }

  private void groupOfRisk() {
    Properties settings = pipeline.connection(Role.RISK).consumer("group");
    settings.put("group.id", Rights.RISK_GROUPS + "test");
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.OUTCOMES));
      Awaitility.await("risk")
          .atMost(PATIENCE)
          .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
      consumer.commitSync();
    }
  }

  private void door(OrderKey known) throws Exception {
    var connection = Settings.client(pipeline.config(Role.DOOR));
    OrderKey order = key(place("Door1"));
    try (OrderStates states = OrderStates.follow(connection, 100);
        CancelClient door = CancelClient.connect(connection)) {
      Awaitility.await("order states")
          .atMost(PATIENCE)
          .until(() -> states.find(known).isPresent() && states.find(order).isPresent());
      assertThat(door.cancel(order).within(PATIENCE).send().get(90, TimeUnit.SECONDS).getResult())
          .isEqualTo(CancelResult.CANCELED);
    }
    try (DoorMasses masses = DoorMasses.of(pipeline.config(Role.DOOR));
        EventStream<MassReport> reports =
            EventStream.of(connection, Topics.MASS_REPORTS, MassReport.class).fromNow().open()) {
      MassCancel count =
          MassCancel.newBuilder()
              .setMassId(Pipeline.id())
              .setScope(MassScope.newBuilder().setAccount("Door1").build())
              .setBy("door")
              .setReason("drill")
              .setDryRun(true)
              .setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MICROS))
              .build();
      masses.publish(count);
      Awaitility.await("report")
          .atMost(PATIENCE)
          .until(
              () ->
                  reports.poll(Duration.ofMillis(100)).stream()
                      .anyMatch(
                          each -> each.value().getMass().getMassId().equals(count.getMassId())));
      assertThat(masses.killSwitch("none")).isEmpty();
    }
  }

  private void feedHearsOfPauses() {
    var connection = pipeline.connection(Role.FEED);
    var governor =
        Settings.venueSettings(
                pipeline.config(Role.FEED), VENUE, new Limits(Clock.systemUTC()), Clock.systemUTC())
            .governor();
    try (var topic = new PauseTopic(connection, "feed");
        var serdes = connection.serdes();
        var pauses =
            SharedPauses.start(connection, "feed", Map.of(VENUE, governor), topic, serdes)) {
      assertThat(pauses).isNotNull();
    }
  }

  private void kill() throws Exception {
    OrderRef order = place("Kill1");
    awaitKnown("Kill1");
    assertThat(run(Role.OPERATOR, "kill", "--account", "Kill1", "--reason", "drill", "--yes"))
        .contains("may be open: 0");
    assertThat(pipeline.simulator().journal().calls(order)).isNotEmpty();
  }

  /** Returns when a mass cancel would find the account's one order. */
  private void awaitKnown(String account) {
    Awaitility.await("known")
        .atMost(PATIENCE)
        .until(
            () ->
                run(
                        ANY,
                        Role.OPERATOR,
                        "kill",
                        "--account",
                        account,
                        "--reason",
                        "drill",
                        "--dry-run")
                    .contains("1 order would be cancelled"));
  }

  /** Of the ledger's rights: ticks, and the mass cancel. */
  private void fallSilent() throws Exception {
    OrderRef order = place("Silent1");
    awaitKnown("Silent1");
    run(Role.GUARDED, "heartbeat", "--id", "Silent1", "--account", "Silent1", "--timeout", "5s");
    Awaitility.await("the dead-man's switch fires")
        .atMost(PATIENCE)
        .until(() -> !pipeline.simulator().journal().calls(order).isEmpty());
  }

  /** Of a program that embeds the client. */
  private void guardItself() {
    MassScope scope = MassScope.newBuilder().setAccount("Guarded1").build();
    try (var heartbeats =
        HeartbeatPublisher.connect(Settings.client(pipeline.config(Role.GUARDED)))) {
      DeadManGuard.of(heartbeats, "Guarded1", scope).by("test").arm().close();
    }
    assertThatThrownBy(
            () -> HeartbeatPublisher.connect(Settings.client(pipeline.config(Role.PRODUCER))))
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.problem()).isEqualTo(Problem.NOT_AUTHORISED))
        .hasMessageContaining("Write on heartbeats");
  }

  private void requeue() throws Exception {
    byte[] poison = ("poison " + Pipeline.id()).getBytes(StandardCharsets.UTF_8);
    long offset;
    int partition;
    try (var producer = producer(pipeline.connection(Role.PRODUCER).producer("test"))) {
      var at =
          producer.send(new ProducerRecord<>(Topics.INTENTS, poison)).get(30, TimeUnit.SECONDS);
      offset = at.offset();
      partition = at.partition();
    }
    String place = Topics.INTENTS + "-" + partition + "@" + offset;
    Awaitility.await("dead letter")
        .atMost(PATIENCE)
        .until(() -> run(Role.READER, "dead-letters", "list").contains(place));
    assertThat(run(Role.OPERATOR, "dead-letters", "requeue", place, "--why", "test"))
        .contains(Topics.INTENTS);
  }

  private void console() throws InterruptedException {
    try (Console console =
        Console.open(Settings.console(pipeline.config(Role.READER)).atAnyPort(), null)) {
      Awaitility.await("console reads")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(console.missing()).isEmpty());
    }
    Config acting =
        Config.load(
            Optional.of(pipeline.file(user(Role.CONSOLE))),
            Map.of("COUNTERMAND_CONSOLE_ACTIONS", "true", "COUNTERMAND_CONSOLE_USERS", "users"));
    try (Console console =
            Console.open(Settings.console(pipeline.config(Role.CONSOLE)).atAnyPort(), null);
        var actions = ConsoleActions.of(acting)) {
      Awaitility.await("console reads")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(console.missing()).isEmpty());
      var kind = ConsoleActionKind.RESUME_VENUE;
      var asked = ConsoleActionState.ASKED;
      Instant now = Instant.now();
      assertThat(
              actions.keep(
                  new ConsoleAction("a", kind, asked, "test", "", "test", OTHER_VENUE, "", now)))
          .isTrue();
      assertThat(actions.resume(OTHER_VENUE, "test", "test")).isTrue();
    }
  }

  private static void awaitOutcome(EventStream<CancelOutcome> heard, String cancelId) {
    Awaitility.await(cancelId)
        .atMost(PATIENCE)
        .until(
            () ->
                heard.poll(Duration.ofMillis(100)).stream()
                    .anyMatch(each -> each.value().getCancel().getCancelId().equals(cancelId)));
  }

  @Test
  void shouldLetTheAdminLookAfterTopicsRightsAndGroups() throws Exception {
    // When, then
    assertThat(run(Role.ADMIN, "topics", "apply")).contains("all topics are as they must be");
    assertThat(run(Role.ADMIN, "doctor")).contains("kafka.reachable", "all is well");
    assertThat(run(Role.ADMIN, "start-anew", "desk", "--venues", OTHER_VENUE))
        .contains("goes on at the end");
    // and a desk of that venue works with the rights of its own group
    try (Desk own = desk(pipeline.config(LockedPipeline.ONE_VENUE), Set.of(OTHER_VENUE))) {
      Awaitility.await("desk of a venue").atMost(PATIENCE).until(own::ready);
    }
  }

  @Test
  void shouldSayWhatIsMissingAndWhatIsTooMuch() throws Exception {
    // Given
    String who = pipeline.principals().toString();
    AclBinding missing =
        new Rights(pipeline.config(Role.ADMIN))
            .of(Role.DOOR).stream()
                .filter(each -> each.name().equals(Topics.ORDER_STATES))
                .findFirst()
                .orElseThrow()
                .to("User:" + user(Role.DOOR));
    AclBinding excess = Forbidden.topic(Topics.INTENTS, "WRITE").to("User:" + STRANGER);
    try (Admin admin = pipeline.superUser()) {
      admin.deleteAcls(List.of(missing.toFilter())).all().get(30, TimeUnit.SECONDS);
      admin.createAcls(List.of(excess)).all().get(30, TimeUnit.SECONDS);
      // When, then
      String check = run(1, Role.ADMIN, "acls", "check", "--principals", who);
      assertThat(check.lines().toList())
          .containsExactly(
              "MISSING User:countermand-door may READ topic order-states (door)",
              "EXCESS  User:mallory may WRITE topic cancel-intents");
      assertThat(run(1, Role.ADMIN, "acls", "apply", "--principals", who, "--dry-run", "--remove"))
          .contains("would be created", "would be removed");
      assertThat(run(1, Role.ADMIN, "acls", "check", "--principals", who)).isEqualTo(check);
      assertThat(run(1, Role.ADMIN, "acls", "apply", "--principals", who))
          .contains("(door): created", "cancel-intents: left");
      JsonNode differences =
          JsonNames.check(
                  "acls check", run(1, Role.ADMIN, "acls", "check", "--json", "--principals", who))
              .getFirst()
              .get("differences");
      assertThat(differences.findValuesAsText("kind")).containsExactly("EXCESS");
      assertThat(differences.findValuesAsText("principal")).containsExactly("User:mallory");
      var _ =
          JsonNames.check(
              "acls apply",
              run(1, Role.ADMIN, "acls", "apply", "--json", "--dry-run", "--principals", who));
      var _ = JsonNames.check("acls list", run(Role.ADMIN, "acls", "list", "--json"));
      assertThat(run(Role.ADMIN, "acls", "apply", "--principals", who, "--remove"))
          .contains("removed");
      assertThat(run(Role.ADMIN, "acls", "apply", "--principals", who, "--remove"))
          .contains("none is too much");
    }
    // and who may not look is told so
    assertThat(run(1, Role.DESK, "acls", "check")).contains("Describe on the cluster");
  }

  static Stream<Forbidden> forbidden() {
    return Forbidden.all().stream();
  }

  @Test
  void shouldTryFourOfEachKind() {
    assertThat(forbidden().collect(Collectors.groupingBy(Forbidden::kind, Collectors.counting())))
        .containsOnlyKeys(Forbidden.Kind.values())
        .allSatisfy((kind, deeds) -> assertThat(deeds).as("%s", kind).isGreaterThan(3));
  }

  /** With this one ACL, and no other, it succeeds; without it, it does not. */
  @ParameterizedTest
  @MethodSource("forbidden")
  void shouldRefuseWhatIsAnothersWork(Forbidden one) throws Exception {
    // Given
    AclBinding lock = one.lock().to("User:" + one.who());
    assertThatThrownBy(() -> attempt(one)).isInstanceOf(AuthorizationException.class);
    try (Admin admin = pipeline.superUser()) {
      // When
      admin.createAcls(List.of(lock)).all().get(30, TimeUnit.SECONDS);
      try {
        // Then
        Awaitility.await("with " + lock)
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(AuthorizationException.class)
            .until(
                () -> {
                  attempt(one);
                  return true;
                });
      } finally {
        admin.deleteAcls(List.of(lock.toFilter())).all().get(30, TimeUnit.SECONDS);
      }
    }
    Awaitility.await("without")
        .atMost(PATIENCE)
        .until(
            () -> {
              try {
                attempt(one);
                return false;
              } catch (AuthorizationException e) {
                return true;
              }
            });
  }

  private void attempt(Forbidden one) throws Exception {
    try {
      one.deed().on(pipeline.connection(one.who()));
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (KafkaException e) {
      // A producer that was refused its id before it was given the record says so in sending.
      throw e.getCause() instanceof AuthorizationException cause ? cause : e;
    }
  }

  static KafkaProducer<byte[], byte[]> producer(Properties settings) {
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static OrderKey key(OrderRef order) {
    return OrderKey.of(order.venue(), order.account(), order.orderId());
  }

  private OrderRef place(String account) {
    OrderRef order = new OrderRef(VENUE, account, Pipeline.orderId(VENUE));
    pipeline.simulator().book().place(NewOrder.of(VENUE, account, order.orderId(), "10"));
    return order;
  }

  private String run(Role role, String... arguments) {
    return run(0, role, arguments);
  }

  private String run(int code, Role role, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", pipeline.file(user(role)).toString()));
    var out = new StringWriter();
    int ended =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    if (code != ANY) {
      assertThat(ended).as(all + "\n" + out).isEqualTo(code);
    }
    return out.toString();
  }
}
