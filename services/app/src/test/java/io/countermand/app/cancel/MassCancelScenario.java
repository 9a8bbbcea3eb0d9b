// Over 300 lines: one scenario for all that a mass cancel may meet.
package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Outcome;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.MassCancels;
import io.countermand.kafka.client.OutcomeReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.request.CallKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mass cancels, each once, of accounts of its own. Tests of {@code MassStackTest}. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MassCancelScenario {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Of each topic, in the stack: as its file says, which commands go by. */
  public static final int PARTITIONS = 4;

  private static final AtomicInteger IDS = new AtomicInteger();

  private Path data;
  private InVmStack stack;
  private MassCancels masses;
  private OutcomeReader reader;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<MassReport> reports = new ArrayList<>();

  /** Which is there before the tests, and its own. */
  protected abstract InVmStack stack();

  @BeforeAll
  void connect(@TempDir Path dir) {
    data = dir;
    stack = stack();
    masses = new MassCancels(stack.connection());
    reader = OutcomeReader.fromBeginning(stack.connection());
  }

  @AfterAll
  void disconnect() {
    reader.close();
    masses.close();
  }

  @Test
  void shouldCancelEachOrderInScopeOnceAndNoOther() throws Exception {
    // Given
    List<OrderRef> in = new ArrayList<>();
    List<OrderRef> out = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (String venue : List.of("cadenza", "crosstrade")) {
        in.add(place(venue, "Kill1"));
        out.add(place(venue, "Stay1"));
      }
    }
    awaitKnown(MassScope.of(null, "Kill1"), in.size());
    awaitKnown(MassScope.of(null, "Stay1"), out.size());
    MassCancel mass = mass(MassScope.of(null, "Kill1"), false);
    // When
    masses.ask(mass);
    MassReport last = report(mass, MassReport::last);
    // Then
    assertThat(last.state()).isEqualTo(MassReport.State.DONE);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled() + last.pending()).as(last.toString()).isEqualTo(in.size());
    assertThat(last.accounts()).hasSize(2).allMatch(one -> one.total() == 10);
    assertThat(in).allMatch(order -> calls(order) == 1);
    assertThat(out).allMatch(order -> calls(order) == 0);
    for (OrderRef order : in) {
      assertThat(outcomesOf(mass, order)).as(order.key()).hasSize(1);
    }
    sums(last);
    assertThat(audit()).isZero();
  }

  @Test
  void shouldNotTakeForAbsentWhatAnOpenTransactionHoldsBack() throws Exception {
    // Given: a stranger's transaction is open in each partition, and order events lie behind it
    Properties settings = stack.connection().producer("stranger");
    settings.put("transactional.id", "stranger");
    settings.put("transaction.timeout.ms", "10000");
    List<OrderRef> in = new ArrayList<>();
    MassCancel mass = mass(MassScope.of("cadenza", "Kill3"), false);
    try (var stranger =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      stranger.initTransactions();
      stranger.beginTransaction();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        byte[] key = ("cadenza/Other/" + partition).getBytes(StandardCharsets.UTF_8);
        stranger
            .send(new ProducerRecord<>(Topics.ORDER_EVENTS, partition, key, new byte[] {1}))
            .get(30, TimeUnit.SECONDS);
      }
      long before = events();
      for (int i = 0; i < 6; i++) {
        in.add(place("cadenza", "Kill3"));
      }
      Awaitility.await("order events").atMost(PATIENCE).until(() -> events() >= before + in.size());
      // When
      masses.ask(mass);
      Awaitility.await("desk has read it").atMost(PATIENCE).until(this::commandsRead);
      try {
        stranger.abortTransaction();
      } catch (KafkaException | IllegalStateException e) {
        // The broker was first, which allows no more than ten seconds.
      }
    }
    // Then
    MassReport last = report(mass, MassReport::last);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).isEqualTo(in.size());
    assertThat(last.notCovered()).isEmpty();
  }

  /** Of order-events, in all partitions, committed or not. */
  private long events() throws Exception {
    try (Admin admin = Admin.create(stack.connection().admin("test"))) {
      return ends(admin, Topics.ORDER_EVENTS).values().stream().mapToLong(each -> each).sum();
    }
  }

  private boolean commandsRead() throws Exception {
    try (Admin admin = Admin.create(stack.connection().admin("test"))) {
      Map<TopicPartition, Long> ends = ends(admin, Topics.MASS_COMMANDS);
      Map<TopicPartition, OffsetAndMetadata> read =
          admin
              .listConsumerGroupOffsets(Settings.deskGroup(config(), Set.of()))
              .partitionsToOffsetAndMetadata()
              .get(30, TimeUnit.SECONDS);
      return ends.entrySet().stream()
          .allMatch(
              end ->
                  end.getValue() > 0
                      && read.containsKey(end.getKey())
                      && read.get(end.getKey()).offset() >= end.getValue() - 1);
    }
  }

  private Config config() {
    return Config.load(Optional.of(stack.configFile()), Map.of());
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(all, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
        .all()
        .get(30, TimeUnit.SECONDS)
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  @Test
  void shouldLoseNoOrderWhenTheDeskGoesInTheMiddle() throws Exception {
    // Given
    List<OrderRef> in = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      in.add(place("cadenza", "Kill2"));
    }
    awaitKnown(MassScope.of("cadenza", "Kill2"), in.size());
    MassCancel mass = mass(MassScope.of("cadenza", "Kill2"), false);
    // When
    stack.stop("desk");
    masses.ask(mass);
    report(mass, one -> one.state() == MassReport.State.FREEZING);
    stack.start("desk");
    stack.awaitReady();
    // Then
    MassReport last = report(mass, MassReport::last);
    assertThat(last.state()).isEqualTo(MassReport.State.DONE);
    assertThat(last.total()).isEqualTo(in.size());
    assertThat(last.canceled()).isEqualTo(in.size());
    assertThat(last.flat()).as(last.toString()).isTrue();
    assertThat(in).allMatch(order -> calls(order) == 1);
    sums(last);
  }

  @Test
  void shouldLeaveOutWhatClosesPositionsAndSayWhatNobodyLookedAt() throws Exception {
    // Given
    OrderRef order = place("neuratrade", "Kill3");
    awaitKnown(MassScope.of("neuratrade", "Kill3"), 0, one -> leftOut(one) == 1);
    // When
    MassCancel mass = mass(MassScope.of("neuratrade", "Kill3"), false);
    masses.ask(mass);
    MassReport last = report(mass, MassReport::last);
    MassCancel elsewhere = mass(MassScope.of("cadenza", "Nobody"), false);
    masses.ask(elsewhere);
    MassReport nobody = report(elsewhere, MassReport::last);
    // Then
    assertThat(last.total()).isZero();
    assertThat(last.flat()).isFalse();
    assertThat(last.notCovered()).anyMatch(text -> text.contains("closes the position"));
    assertThat(calls(order)).isZero();
    assertThat(nobody.flat()).isFalse();
    assertThat(nobody.notCovered()).anyMatch(text -> text.contains("no order event was ever seen"));
  }

  @Test
  void shouldBeAskedForFromTheCommandLine() throws Exception {
    // Given
    List<OrderRef> in = List.of(place("cadenza", "Kill5"), place("cadenza", "Kill5"));
    awaitKnown(MassScope.of("cadenza", "Kill5"), in.size());
    var dry = new StringWriter();
    var real = new StringWriter();
    // When
    int counted = kill(dry, "--account", "Kill5", "--dry-run");
    int unconfirmed = kill(new StringWriter(), "--account", "Kill5");
    int nothingSaid = kill(new StringWriter(), "--yes");
    int nobody = kill(new StringWriter(), "--account", "Nobody5", "--dry-run");
    List<Long> before = in.stream().map(this::calls).toList();
    int killed = kill(real, "--account", "Kill5", "--yes");
    // Then
    assertThat(counted).as(dry.toString()).isZero();
    assertThat(dry.toString()).contains("2 orders would be cancelled");
    assertThat(unconfirmed).as("no terminal, no --yes").isEqualTo(2);
    assertThat(nothingSaid).as("empty scope").isEqualTo(2);
    assertThat(nobody).as("an account of which nothing was ever told").isEqualTo(3);
    assertThat(before).containsExactly(0L, 0L);
    assertThat(killed).as(real.toString()).isZero();
    assertThat(real.toString()).contains("total 2 = canceled 2 +", "may be open: 0");
    assertThat(in).allMatch(order -> calls(order) == 1);
  }

  @Test
  void shouldSayThatOrdersMayBeOpenWhereAVenueDoesNotAnswer() throws Exception {
    // Given
    OrderRef order = place("cadenza", "Kill6");
    awaitKnown(MassScope.of("cadenza", "Kill6"), 1);
    stack
        .simulator()
        .faults()
        .add(
            FaultRule.next("cadenza", 1000, new Fault.ServerError(false, 503))
                .forOrder(order.orderId()));
    var told = new StringWriter();
    // When
    int code = kill(told, "--account", "Kill6", "--within", "10s", "--yes");
    // Then
    assertThat(code).as(told.toString()).as("may be open").isEqualTo(5);
    assertThat(told.toString()).contains("may be open: 1", "not cancelled: " + order.key());
  }

  private int kill(StringWriter out, String... arguments) {
    List<String> all = new ArrayList<>(List.of("kill", "--reason", "drill"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", stack.configFile().toString()));
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void shouldRefuseAnEmptyScopeInWords() throws Exception {
    // Given
    MassCancel mass = mass(MassScope.of(null, null), false);
    // When
    masses.ask(mass);
    // Then
    MassReport refused = report(mass, MassReport::last);
    assertThat(refused.state()).isEqualTo(MassReport.State.REFUSED);
    assertThat(refused.text()).contains("the scope is empty");
  }

  private int audit() {
    return Countermand.commandLine()
        .execute(
            "audit",
            "--config",
            stack.configFile().toString(),
            "--out",
            data.resolve("audit").toString());
  }

  private static void sums(MassReport report) {
    int rejected = report.rejected().values().stream().mapToInt(Integer::intValue).sum();
    assertThat(
            report.canceled()
                + report.pending()
                + report.unresolved()
                + rejected
                + report.waiting())
        .isEqualTo(report.total());
  }

  private static int leftOut(MassReport report) {
    return report.accounts().stream().mapToInt(MassReport.Account::leftOut).sum();
  }

  private OrderRef place(String venue, String account) {
    OrderRef order = new OrderRef(venue, account, Pipeline.orderId(venue));
    stack.simulator().book().place(NewOrder.of(venue, account, order.orderId(), "10"));
    return order;
  }

  private void awaitKnown(MassScope scope, int orders) throws Exception {
    awaitKnown(scope, orders, one -> one.total() == orders);
  }

  /** Until a dry run finds them: the table has read their events. */
  private void awaitKnown(MassScope scope, int orders, Predicate<MassReport> enough)
      throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    MassReport last = null;
    while (Instant.now().isBefore(end)) {
      MassCancel dry = mass(scope, true);
      masses.ask(dry);
      last = report(dry, MassReport::last);
      if (enough.test(last)) {
        return;
      }
    }
    throw new AssertionError(orders + " orders are not known: " + last);
  }

  private static MassCancel mass(MassScope scope, boolean dryRun) {
    return new MassCancel(
        "mass-" + IDS.incrementAndGet(),
        scope,
        "test",
        "drill",
        null,
        dryRun,
        false,
        Instant.now());
  }

  private MassReport report(MassCancel mass, Predicate<MassReport> wanted) {
    return Awaitility.await(mass.massId())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> found(mass, wanted), one -> one != null);
  }

  private @Nullable MassReport found(MassCancel mass, Predicate<MassReport> wanted) {
    reports.addAll(masses.poll(Duration.ofMillis(50)));
    return reports.stream()
        .filter(one -> one.mass().massId().equals(mass.massId()) && wanted.test(one))
        .findFirst()
        .orElse(null);
  }

  private List<Outcome> outcomesOf(MassCancel mass, OrderRef order) {
    reader.poll(Duration.ofMillis(50)).forEach(read -> outcomes.add(read.outcome()));
    String id = MassIntents.cancelId(mass.massId(), order.key());
    Awaitility.await(id)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              if (of(id).isEmpty()) {
                reader.poll(Duration.ofMillis(50)).forEach(read -> outcomes.add(read.outcome()));
              }
              return !of(id).isEmpty();
            });
    List<Outcome> its = of(id);
    assertThat(its).allMatch(one -> mass.massId().equals(one.cancel().massId()));
    assertThat(its).noneMatch(one -> one.result() == CancelResult.REJECTED);
    return its;
  }

  private List<Outcome> of(String cancelId) {
    return outcomes.stream().filter(o -> o.cancel().cancelId().equals(cancelId)).toList();
  }

  private long calls(OrderRef order) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }
}
