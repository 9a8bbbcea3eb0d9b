package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.simulator.options.VenueKind;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contract suite: Tradovate's order feed. */
class FeedContractTest {

  private final LinkedBlockingQueue<OrderEvent> events = new LinkedBlockingQueue<>();

  @Test
  void shouldTellSnapshotAndChangesAndHealAfterADrop() throws Exception {
    try (var rig = Rig.start(VenueKind.TRADOVATE);
        var feed = rig.adapter.feed().orElseThrow()) {
      // Given
      var ref = rig.placed();

      // When
      feed.start(events::add);
      var snapshot = next(ref.orderId(), OrdStatus.NEW);
      rig.cancel(ref);
      var canceled = next(ref.orderId(), OrdStatus.CANCELED);
      rig.simulator.dropSockets("tradovate");
      var missed = rig.placed();
      rig.simulator.book().fill(missed);
      var healed = next(missed.orderId(), OrdStatus.FILLED);

      // Then
      assertThat(snapshot.order()).isEqualTo(ref);
      assertThat(canceled.order()).isEqualTo(ref);
      assertThat(canceled.rawStatus()).isEqualTo("Canceled");
      assertThat(canceled.source()).isEqualTo("feed:tradovate");
      assertThat(canceled.correction()).isFalse();
      assertThat(healed.order()).isEqualTo(missed);
    }
  }

  private OrderEvent next(String orderId, OrdStatus status) throws InterruptedException {
    while (true) {
      var event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("%s %s", orderId, status).isNotNull();
      if (event.order().orderId().equals(orderId) && event.ordStatus() == status) {
        return event;
      }
    }
  }
}
