package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.MassCodec;
import io.countermand.codec.StateCodec;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.OrderKeys;
import io.countermand.events.CancelIntent;
import io.countermand.events.MassProgress;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which orders a task gives a cancel for a kill switch, and until when. */
class KillSwitchesTest {

  private static final Instant NOW = Instant.now();

  @TempDir Path state;
  private final MockProcessorContext<byte[], OutputRecord> next = new MockProcessorContext<>();
  private DeskDriver desk;

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldNameItsStoresWhereRightsAreGivenForTheirChangelogs() {
    // When
    start(List.of());
    // Then
    assertThat(desk.driver.getAllStateStores().keySet())
        .containsExactlyInAnyOrderElementsOf(Desk.STORES);
  }

  @Test
  void shouldCancelEachOrderThatOpensInScopeOnce() {
    // Given
    start(List.of());
    command(fire("k"));
    // When
    event("v/a/1", OrdStatus.NEW);
    event("v/a/1", OrdStatus.PARTIALLY_FILLED);
    event("v/b/2", OrdStatus.NEW);
    event("v/a/3", OrdStatus.FILLED);
    event("v/a/4", OrdStatus.EXPIRED);
    // Then
    assertThat(cancelled()).containsExactly("1");
    assertThat(desk.counted("countermand.desk.switch.cancels")).isEqualTo(1);
  }

  @Test
  void shouldNotAskAgainForWhatStandsInTheLog() {
    // Given: the driver has the task read what it writes
    start(List.of());
    command(fire("k"));
    event("v/a/1", OrdStatus.NEW);
    event("v/a/2", OrdStatus.NEW);
    // When
    KillSwitches next = nextOwner(List.of());
    folded(next, "v/a/1", row("v/a/1"));
    folded(next, "v/a/2", DeskOrder.NONE.withOrder(row("v/a/2").order()));
    folded(next, "v/a/2", DeskOrder.NONE.withOrder(row("v/a/2").order()));
    // Then
    assertThat(next.any()).isTrue();
    assertThat(asked()).as("killed between table and intent").containsExactly("v/a/2");
  }

  @Test
  void shouldLeaveAloneWhatOpensAfterTheRelease() {
    // Given
    start(List.of());
    command(fire("k"));
    command(fire("other"));
    command(MassCancel.release("r", "k", "ops", "over", NOW).harmless());
    event("v/a/1", OrdStatus.NEW);
    assertThat(cancelled()).as("the second is still on").containsExactly("1");
    command(MassCancel.release("r2", "other", "ops", "over", NOW).harmless());
    command(MassCancel.release("r3", "unheard", "ops", "over", NOW).harmless());
    // When
    event("v/a/2", OrdStatus.NEW);
    KillSwitches next = nextOwner(List.of(on("k"), on("other"), on("unheard")));
    // Then: not even a next owner that was told of them before they were released
    assertThat(cancelled()).isEmpty();
    assertThat(next.any()).isFalse();
  }

  @Test
  void shouldTakeNothingThatIsOpenWhenItReadsACommandThatWasReleasedMeanwhile() {
    // Given: the desk was away for both, and what is open now opened perhaps after the release
    var release = new KillSwitch.Release("r", "ops", "over", NOW);
    start(List.of(new KillSwitch(fire("k"), NOW, release)));
    event("v/a/1", OrdStatus.NEW);
    // When
    command(fire("k"));
    command(MassCancel.release("r", "k", "ops", "over", NOW).harmless());
    event("v/a/2", OrdStatus.NEW);
    // Then
    assertThat(cancelled()).isEmpty();
    assertThat(desk.written(Topics.MASS_PROGRESS, MassProgress.class))
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.getFrozen().getOrders()).isEmpty();
              assertThat(told.getFrozen().getLate()).as("not looked at").isTrue();
            });
  }

  @Test
  void shouldLearnOfOneWhoseCommandItsLogHasLost() {
    // Given: order events from before lie unread
    start(List.of(on("k")));
    // When: the task has read up
    for (int i = 0; i < 5; i++) {
      desk.driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    event("v/a/1", OrdStatus.NEW);
    // Then
    assertThat(cancelled()).containsExactly("1");
    // When it is released, and that command is lost, too
    var release = new KillSwitch.Release("r", "ops", "over", Instant.now());
    // Then
    assertThat(nextOwner(List.of()).any()).isTrue();
    assertThat(nextOwner(List.of(new KillSwitch(fire("k"), NOW, release))).any()).isFalse();
  }

  private void start(List<KillSwitch> known) {
    desk = new DeskDriver(state, new LateRegistry(999, OrderEvent.class), 1, Map.of(), known);
  }

  /** With the stores as they are, and nothing in memory. */
  private KillSwitches nextOwner(List<KillSwitch> known) {
    var out = new Outbox(next, "test", desk.meters);
    KeyValueStore<String, byte[]> orders = desk.driver.getKeyValueStore(Desk.ORDERS);
    var freezes =
        new MassFreezes(
            desk.settings,
            desk.driver.getKeyValueStore(Desk.MASSES),
            new OpenOrders(orders),
            new DurableSends(),
            out,
            0,
            () -> false,
            (mass, now) -> false);
    return new KillSwitches(
        desk.driver.getKeyValueStore(Desk.SWITCHES), freezes, Set.of(), 0, known);
  }

  private DeskOrder row(String key) {
    KeyValueStore<String, byte[]> orders = desk.driver.getKeyValueStore(Desk.ORDERS);
    return StateCodec.deskOrder(orders.get(key));
  }

  private void folded(KillSwitches switches, String key, DeskOrder known) {
    switches.folded(
        OrderKeys.parse(key), known, new Outbox(next, "test", desk.meters), desk.meters);
  }

  private List<String> asked() {
    return next.forwarded().stream()
        .map(each -> new String(each.record().key(), StandardCharsets.UTF_8))
        .toList();
  }

  private static KillSwitch on(String massId) {
    return new KillSwitch(fire(massId), NOW, null);
  }

  private static MassCancel fire(String massId) {
    return new MassCancel(
        massId,
        MassScope.of("v", "a"),
        "ops",
        "drill",
        NOW.plus(Duration.ofMinutes(5)),
        false,
        false,
        NOW,
        true,
        null);
  }

  private void command(MassCancel mass) {
    desk.read(
        Topics.MASS_COMMANDS, key("0"), desk.bytes(Topics.MASS_COMMANDS, MassCodec.toAvro(mass)));
  }

  private List<String> cancelled() {
    return desk.written(Topics.INTENTS, CancelIntent.class).stream()
        .map(CancelIntent::getOrderId)
        .toList();
  }

  private void event(String key, OrdStatus status) {
    String[] parts = key.split("/", -1);
    desk.read(
        Topics.ORDER_EVENTS,
        key(key),
        desk.bytes(
            Topics.ORDER_EVENTS,
            OrderEvent.newBuilder()
                .setVenue(parts[0])
                .setAccount(parts[1])
                .setOrderId(parts[2])
                .setOrdStatus(status)
                .setSource("test")
                .setObservedAt(Instant.now())
                .build()));
  }

  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
