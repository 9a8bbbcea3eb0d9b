package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.MassCodec;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which orders a task gives a cancel for a mass cancel, and when. */
class MassFreezesTest {

  private static final int NEW_ID = 999;

  @TempDir Path state;
  private final LateRegistry registry = new LateRegistry(NEW_ID, OrderEvent.class);
  private DeskDriver desk;

  @BeforeEach
  void start() {
    desk = new DeskDriver(state, registry, 1);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldCancelAlsoTheOrderWhoseEventCouldNotBeReadYet() {
    // Given: one order's event has a schema that the registry, which is away, has not told yet
    registry.says = new ConnectException("refused");
    desk.read(Topics.ORDER_EVENTS, key("v/a/known"), event("known"));
    byte[] unreadable = event("late");
    ByteBuffer.wrap(unreadable).putInt(1, NEW_ID);
    desk.read(Topics.ORDER_EVENTS, key("v/a/late"), unreadable);
    // When
    Instant now = Instant.now();
    var mass =
        new MassCancel(
            "m-1",
            MassScope.of("v", "a"),
            "desk",
            "drill",
            now.plus(Duration.ofMinutes(5)),
            false,
            false,
            now);
    desk.read(
        Topics.MASS_COMMANDS, key("0"), desk.bytes(Topics.MASS_COMMANDS, MassCodec.toAvro(mass)));
    // Then
    List<String> cancelled = cancelled();
    assertThat(cancelled).containsExactly("known");
    // When it is back
    registry.says = null;
    for (int i = 0; i < 60 && !cancelled.contains("late"); i++) {
      desk.driver.advanceWallClockTime(Duration.ofSeconds(1));
      cancelled.addAll(cancelled());
    }
    // Then
    assertThat(cancelled).containsExactly("known", "late");
  }

  @Test
  void shouldWriteTheFirstIntentsBeforeTheLastAndTellTheScopeAfterThem() {
    // Given
    int orders = 900;
    for (int i = 0; i < orders; i++) {
      desk.read(Topics.ORDER_EVENTS, key("v/a/o" + i), event("o" + i));
    }
    // When
    Instant now = Instant.now();
    var mass =
        new MassCancel(
            "m-2",
            MassScope.of("v", "a"),
            "desk",
            "drill",
            now.plus(Duration.ofMinutes(5)),
            false,
            false,
            now);
    desk.read(
        Topics.MASS_COMMANDS, key("0"), desk.bytes(Topics.MASS_COMMANDS, MassCodec.toAvro(mass)));
    // Then: others' records come between
    List<String> cancelled = cancelled();
    assertThat(cancelled).hasSizeBetween(200, 600);
    assertThat(desk.written(Topics.MASS_PROGRESS, MassProgress.class)).isEmpty();
    // When
    for (int i = 0; i < 60 && cancelled.size() < orders; i++) {
      desk.driver.advanceWallClockTime(Duration.ofSeconds(1));
      cancelled.addAll(cancelled());
    }
    // Then
    assertThat(cancelled).hasSize(orders).doesNotHaveDuplicates();
  }

  private List<String> cancelled() {
    return new ArrayList<>(
        desk.written(Topics.INTENTS, CancelIntent.class).stream()
            .map(CancelIntent::getOrderId)
            .toList());
  }

  private byte[] event(String orderId) {
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
