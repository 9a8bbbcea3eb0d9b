package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.Side;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.journal.JournalEntry;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.JournalOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import io.countermand.simulator.request.CallKind;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private static final OrderRef REF = new OrderRef("crosstrade", "Sim101", "1");
  private static final String CANCEL = "/v1/api/accounts/Sim101/orders/1/cancel";

  @TempDir Path dir;

  @Test
  void shouldRebuildTheBookFromItsFile() throws Exception {
    // Given
    var file = dir.resolve("deep/journal.jsonl");
    var options = SimulatorOptions.of(VenueKind.CROSSTRADE).withJournal(JournalOptions.file(file));
    Order before;
    try (var simulator = Simulator.start(options)) {
      simulator
          .book()
          .place(
              NewOrder.of("crosstrade", "Sim101", "1", "2")
                  .named("ENTRY1", "s")
                  .told(new OrderDetails(null, Side.BUY, "t1", null, null, null)));
      simulator.book().fill(REF, BigDecimal.ONE, new BigDecimal("1.25"));
      Client.of(simulator, "crosstrade").post(CANCEL, "{}");
      before = simulator.book().find(REF);
    }

    // When
    var events = new LinkedBlockingQueue<OrderEvent>();
    try (var simulator = Simulator.start(options.withListener(events::add))) {
      simulator.resync();
      Client.of(simulator, "crosstrade").post(CANCEL, "{}");

      // Then
      assertThat(simulator.book().find(REF)).isEqualTo(before);
      assertThat(simulator.book().findNamed("crosstrade", "s", "ENTRY1")).isEqualTo(before);
      assertThat(events).extracting(OrderEvent::sequence).containsExactly(3L);
      assertThat(simulator.journal().calls(REF))
          .extracting(JournalCall::effect)
          .containsExactly(Effect.CANCELED_NOW, Effect.ALREADY_CANCELED);
      assertThat(simulator.journal().since(1, 100))
          .extracting(JournalEntry::seq)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }
    assertThat(Journal.read(file).histories().get(REF).changes())
        .extracting(change -> change.order().status())
        .containsExactly(OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED, OrdStatus.CANCELED);
  }

  @Test
  void shouldDropALineTornByAKill() throws Exception {
    // Given
    var file = dir.resolve("journal.jsonl");
    var options = SimulatorOptions.of(VenueKind.CROSSTRADE).withJournal(JournalOptions.file(file));
    try (var simulator = Simulator.start(options)) {
      simulator.book().place(NewOrder.of("crosstrade", "Sim101", "1", "2"));
    }
    Files.writeString(file, "{\"seq\":2,\"at\":17", StandardOpenOption.APPEND);

    // When
    try (var simulator = Simulator.start(options)) {
      simulator.book().cancel(REF);
    }

    // Then
    assertThat(Journal.read(file).changes(REF))
        .extracting(JournalEntry::seq)
        .containsExactly(1L, 2L);
  }

  @Test
  void shouldFinishAPendingCancelAfterARestart() throws Exception {
    // Given
    var file = dir.resolve("journal.jsonl");
    var instance =
        InstanceOptions.of("crosstrade", VenueKind.CROSSTRADE).withSettle(Latency.parse("100s"));
    var options =
        SimulatorOptions.of(java.util.List.of(instance)).withJournal(JournalOptions.file(file));
    try (var simulator = Simulator.start(options)) {
      simulator.book().place(NewOrder.of("crosstrade", "Sim101", "1", "2"));
      Client.of(simulator, "crosstrade").post(CANCEL, "{}");
      assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.PENDING_CANCEL);
    }

    // When
    try (var simulator = Simulator.start(options)) {

      // Then
      assertThat(simulator.book().find(REF).status()).isEqualTo(OrdStatus.CANCELED);
    }
  }

  @Test
  void shouldKeepCountersOnlyWhenOff() throws Exception {
    // Given
    var options = SimulatorOptions.of(VenueKind.CROSSTRADE).withJournal(JournalOptions.OFF);
    try (var simulator = Simulator.start(options)) {
      simulator.book().place(NewOrder.of("crosstrade", "Sim101", "1", "2"));

      // When
      Client.of(simulator, "crosstrade").post(CANCEL, "{}");

      // Then
      assertThat(simulator.journal().calls()).isEmpty();
      assertThat(simulator.journal().count("crosstrade", CallKind.CANCEL)).isEqualTo(1);
    }
  }
}
