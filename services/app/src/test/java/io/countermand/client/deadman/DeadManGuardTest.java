package io.countermand.client.deadman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.HeartbeatPublisher;
import io.countermand.client.OrderStates;
import io.countermand.client.Problem;
import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.Heartbeat;
import io.countermand.events.MassScope;
import io.countermand.events.OrderKey;
import io.countermand.events.Side;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dead-man's switches of a program that embeds the client, against the real pipeline. */
@Tag("front") // infra/compose/ci
@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class DeadManGuardTest {

  private static final String VENUE = "crosstrade";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final PipelineAccess.Stack stack;
  private final Connection connection;

  /** Also the switch's name; orders of other tests are none of its business. */
  private final String account = "Guard" + UUID.randomUUID().toString().substring(0, 8);

  private final Instant begin = Instant.now().minusSeconds(60);
  private final List<GuardState> heard = new CopyOnWriteArrayList<>();
  private HeartbeatPublisher heartbeats;

  DeadManGuardTest(PipelineAccess.Stack stack) {
    this.stack = stack;
    this.connection =
        Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl());
  }

  @BeforeEach
  void connect() {
    heartbeats = HeartbeatPublisher.connect(connection);
  }

  @AfterEach
  void close() {
    heartbeats.close();
  }

  @Test
  void shouldFireWhenTheGuardedWorkThrows() {
    // Given
    OrderKey order = known(place());
    Duration timeout = Duration.ofSeconds(3);
    DeadManGuard guard = draft().timeout(timeout).arm();
    // When: it works for longer than the time-out, and then not any more
    assertThatThrownBy(
            () ->
                guard.run(
                    () -> {
                      awaitBeats(8);
                      throw new IllegalStateException("out of memory, or so");
                    }))
        .hasMessage("out of memory, or so");
    // Then
    Instant last = guard.lastWritten();
    awaitCall(order);
    assertSilentBefore(calls(order).getFirst().received().at(), timeout, last);
    assertThat(guard.state()).isEqualTo(GuardState.LEFT);
    assertThat(heard).contains(GuardState.BEATING).endsWith(GuardState.LEFT);
    guard.close(); // takes nothing off that was left armed
    assertThat(words()).allMatch(word -> word.getTimeoutMillis() == timeout.toMillis());
    assertThat(guard.beat()).isCompletedExceptionally();
  }

  @Test
  void shouldFireWhileTheHealthCheckSaysNo() {
    // Given
    OrderKey order = known(place());
    var healthy = new AtomicBoolean(true);
    Duration timeout = Duration.ofSeconds(2);
    try (DeadManGuard guard =
        draft().timeout(timeout).whileHealthy(() -> asserted(healthy.get())).arm()) {
      awaitBeats(3);
      // When
      healthy.set(false);
      // Then
      awaitCall(order);
      Awaitility.await("silent").atMost(PATIENCE).until(() -> said(guard, timeout));
      Instant last = guard.lastWritten();
      assertSilentBefore(calls(order).getFirst().received().at(), timeout, last);
      // and it is armed again
      healthy.set(true);
      Awaitility.await().atMost(PATIENCE).until(() -> heard.getLast() == GuardState.BEATING);
    }
    assertThat(heard)
        .containsSubsequence(
            GuardState.BEATING,
            GuardState.SILENT,
            GuardState.BEATING,
            GuardState.OFF_NOT_KNOWN,
            GuardState.OFF);
  }

  private static boolean said(DeadManGuard guard, Duration timeout) {
    return guard.state() == GuardState.SILENT && guard.silence().compareTo(timeout) > 0;
  }

  private static boolean asserted(boolean well) {
    if (!well) {
      throw new AssertionError("an error ends no heartbeats for good");
    }
    return true;
  }

  @Test
  void shouldBeTakenOffThoughItsThreadIsInterrupted() {
    // Given
    DeadManGuard guard = draft().byHand().timeout(Duration.ofHours(24)).arm();
    // When: the program is told to end
    Thread.currentThread().interrupt();
    try {
      guard.close();
      heartbeats.close();
    } finally {
      // Then
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(guard.state()).isEqualTo(GuardState.OFF);
  }

  @Test
  void shouldBeTakenOffWhenTheGuardedWorkIsDone() throws Exception {
    // Given
    DeadManGuard guard = draft().because("drill").arm();
    // When
    int done = guard.run(() -> awaitBeats(3));
    // Then
    assertThat(done).isGreaterThanOrEqualTo(3);
    assertThat(guard.state()).isEqualTo(GuardState.OFF);
    Awaitility.await("the last word") // a tick's transaction that is open hides what is behind it
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(words()).last().returns(0L, word -> word.getTimeoutMillis()));
    assertThat(words())
        .hasSizeGreaterThan(3)
        .allMatch(word -> word.getBy().equals("test") && word.getReason().equals("drill"));
    guard.close();
    assertThat(guard.beat()).isCompletedExceptionally();
  }

  @Test
  void shouldBeatByHandOnly() {
    // When
    try (DeadManGuard guard = draft().byHand().timeout(Duration.ofHours(24)).arm()) {
      Instant first = guard.lastWritten();
      Instant second = guard.beat().join();
      // Then
      assertThat(second).isAfterOrEqualTo(first).isEqualTo(guard.lastWritten());
      assertThat(guard.state()).isEqualTo(GuardState.BEATING);
      assertThat(guard.problem()).isNull();
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(words())
                    .extracting(Heartbeat::getTimeoutMillis)
                    .containsExactly(86_400_000L, 86_400_000L, 0L));
  }

  @Test
  void shouldSayThatItIsNotKnownToBeOffAndThatHeartbeatsAreNotWritten() {
    // Given
    DeadManGuard guard = draft().arm();
    // When: as if the brokers were away
    heartbeats.close();
    // Then
    Awaitility.await().atMost(PATIENCE).until(() -> heard.contains(GuardState.SILENT));
    assertThat(guard.problem()).hasMessageContaining("a heartbeat is not known to be written");
    ClientException said = catchThrowableOfType(ClientException.class, guard::close);
    assertThat(said.problem()).isEqualTo(Problem.CLOSED);
    assertThat(said).hasMessageContaining(account + ": NOT KNOWN whether it is off");
    assertThat(guard.state()).isEqualTo(GuardState.OFF_NOT_KNOWN);
    assertThatThrownBy(guard::close).isInstanceOf(ClientException.class);
  }

  @Test
  void shouldArmNothingThatTheLedgerWouldNotTake() {
    // Given
    MassScope none = new MassScope();
    List<DeadManDraft> wrong =
        List.of(
            draft(none),
            draft(MassScope.newBuilder(scope()).setAll(true).build()),
            draft(MassScope.newBuilder(scope()).setSide(Side.UNKNOWN).build()),
            draft(MassScope.newBuilder(scope()).setTrader(" ").build()),
            draft(MassScope.newBuilder(scope()).setDesk("x".repeat(257)).build()),
            draft(MassScope.newBuilder(scope()).setClient("a\nb").build()),
            draft().timeout(Duration.ofMillis(999)).every(Duration.ofMillis(1)),
            draft().timeout(Duration.ofHours(24).plusMillis(1)),
            draft().by(""),
            DeadManGuard.of(heartbeats, "x".repeat(65), scope()).by("test"));
    for (DeadManDraft each : wrong) {
      // When
      ClientException said = catchThrowableOfType(ClientException.class, each::arm);
      // Then
      Heartbeat word = each.word(each.timeout);
      assertThat(said.problem()).isEqualTo(Problem.INVALID);
      assertThat(said).hasMessageContaining("nothing sent");
      assertThat(HeartbeatCodec.fromAvro(word).problems())
          .as("%s", word)
          .hasSameSizeAs(HeartbeatPublisher.problems(word));
    }
    assertThat(HeartbeatCodec.fromAvro(draft().word(SECOND)).problems()).isEmpty();
    assertThatThrownBy(() -> draft().every(Duration.ofMillis(501)).arm())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> draft().byHand().timeout(Duration.ofNanos(999_999)).arm())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would take the switch off");
    assertThat(words()).isEmpty();
  }

  private DeadManDraft draft() {
    return draft(scope());
  }

  private DeadManDraft draft(MassScope scope) {
    return DeadManGuard.of(heartbeats, account, scope)
        .timeout(SECOND)
        .by("test")
        .onChange(heard::add);
  }

  private MassScope scope() {
    return MassScope.newBuilder().setVenue(VENUE).setAccount(account).build();
  }

  private int awaitBeats(int most) {
    return Awaitility.await("beats")
        .atMost(PATIENCE)
        .until(() -> words().size(), size -> size >= most);
  }

  /**
   * That it fired since for as long as the time-out nothing was written. A machine that stands
   * still for so long has it fire before the test wants it to, and rightly so.
   */
  private void assertSilentBefore(Instant call, Duration timeout, Instant last) {
    List<Instant> beats =
        Stream.concat(records().stream().map(EventRecord::time), Stream.of(last))
            .sorted()
            .distinct()
            .toList();
    assertThat(IntStream.range(0, beats.size()))
        .as("%s, and the call of %s", beats, call)
        .anyMatch(
            i -> {
              Instant end = beats.get(i).plus(timeout);
              return !end.isAfter(call)
                  && (i == beats.size() - 1 || !beats.get(i + 1).isBefore(end));
            });
  }

  private void awaitCall(OrderKey order) {
    Awaitility.await("call of " + order).atMost(PATIENCE).until(() -> !calls(order).isEmpty());
  }

  /** What was sent under this switch's name, as far as it is committed. */
  private List<Heartbeat> words() {
    return records().stream().map(EventRecord::value).toList();
  }

  private List<EventRecord<Heartbeat>> records() {
    List<EventRecord<Heartbeat>> records = new ArrayList<>();
    try (EventStream<Heartbeat> stream =
        EventStream.of(connection, Topics.HEARTBEATS, Heartbeat.class).from(begin).open()) {
      List<EventRecord<Heartbeat>> some = stream.poll(SECOND);
      while (!some.isEmpty()) {
        some.stream()
            .filter(each -> each.value().getSwitchId().equals(account))
            .filter(each -> each.value().getNotice() == null)
            .forEach(records::add);
        some = stream.poll(Duration.ofMillis(100));
      }
    }
    return records;
  }

  private OrderKey place() {
    var order = OrderKey.of(VENUE, account, UUID.randomUUID().toString().replace("-", ""));
    stack.simulator().book().place(NewOrder.of(VENUE, account, order.orderId(), "10"));
    return order;
  }

  /** To the desk's table. */
  private OrderKey known(OrderKey order) {
    try (OrderStates states = OrderStates.follow(connection, 10_000)) {
      Awaitility.await(order.key()).atMost(PATIENCE).until(() -> states.find(order).isPresent());
    }
    return order;
  }

  private List<JournalCall> calls(OrderKey order) {
    var ref = new OrderRef(order.venue(), order.account(), order.orderId());
    return stack.simulator().journal().calls(ref).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .toList();
  }
}
