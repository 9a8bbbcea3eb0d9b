package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.MassCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.CancelIntent;
import io.countermand.events.MassProgress;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.platform.Topics;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kill switches whose commands are read late, again, or after their end. */
class KillSwitchTimesTest {

  private static final int NEW_ID = 999;
  private static final Instant NOW = Instant.now();

  @TempDir Path state;
  private final LateRegistry registry = new LateRegistry(NEW_ID, OrderEvent.class);
  private DeskDriver desk;

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldCancelWhatIsOpenAlsoWhenTheCommandIsReadAfterItsDeadline() {
    // Given: a desk that was cut off from its broker for six minutes
    start(List.of());
    event("1");
    // When
    command(fire("k", NOW.minus(Duration.ofMinutes(1))));
    // Then: it is on, so what is open is not left alone
    assertThat(cancelled()).containsExactly("1");
  }

  @Test
  void shouldCancelWhatOpensWhileItReadsUpPastTheDeadline() {
    // Given: a desk that learns of a switch which was fired a while ago, and has much to read
    start(List.of(new KillSwitch(fire("k", NOW.plus(Duration.ofSeconds(3))), NOW, null)));
    unreadable();
    pass(1);
    event("1");
    // When
    List<String> cancelled = pass(10);
    registry.says = null;
    cancelled.addAll(pass(60));
    // Then
    assertThat(cancelled).containsExactlyInAnyOrder("1", "late");
  }

  @Test
  void shouldCancelNothingForOneThatIsOffBeforeItsCommandIsRead() {
    // Given: fired and released while this desk was down; then trading went on
    var release = new KillSwitch.Release("r", "ops", "tested", NOW);
    MassCancel fire = fire("k", NOW.plus(Duration.ofMinutes(5)));
    start(List.of(new KillSwitch(fire, NOW, release)));
    event("1");
    // When
    command(fire);
    // Then: its part says that it did not look
    assertThat(cancelled()).isEmpty();
    assertThat(desk.written(Topics.MASS_PROGRESS, MassProgress.class))
        .singleElement()
        .satisfies(told -> assertThat(told.getFrozen().getLate()).isTrue());
  }

  @Test
  void shouldLookForNothingMoreOnceItIsReleased() {
    // Given: what is open is cancelled, and more may be when all is read
    start(List.of());
    event("1");
    unreadable();
    command(fire("k", NOW.plus(Duration.ofMinutes(5))));
    assertThat(cancelled()).containsExactly("1");
    // When: orders are placed after the release
    command(MassCancel.release("r", "k", "ops", "tested", NOW).harmless());
    event("2");
    registry.says = null;
    // Then
    assertThat(pass(60)).isEmpty();
  }

  private void start(List<KillSwitch> known) {
    desk = new DeskDriver(state, registry, 1, Map.of(), known);
  }

  private List<String> pass(int seconds) {
    List<String> cancelled = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      desk.driver.advanceWallClockTime(Duration.ofSeconds(1));
      cancelled.addAll(cancelled());
    }
    return cancelled;
  }

  private static MassCancel fire(String massId, Instant deadline) {
    return new MassCancel(
        massId, MassScope.of("v", "a"), "ops", "drill", deadline, false, false, NOW, true, null);
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

  private void event(String orderId) {
    desk.read(Topics.ORDER_EVENTS, key("v/a/" + orderId), bytes(orderId));
  }

  /** An order event by a schema that the registry, which is away, has not told yet. */
  private void unreadable() {
    registry.says = new ConnectException("refused");
    byte[] unreadable = bytes("late");
    ByteBuffer.wrap(unreadable).putInt(1, NEW_ID);
    desk.read(Topics.ORDER_EVENTS, key("v/a/late"), unreadable);
  }

  private byte[] bytes(String orderId) {
    return desk.bytes(
        Topics.ORDER_EVENTS,
        OrderEvent.newBuilder()
            .setVenue("v")
            .setAccount("a")
            .setOrderId(orderId)
            .setOrdStatus(OrdStatus.NEW)
            .setSource("test")
            .setObservedAt(Instant.now())
            .build());
  }

  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
