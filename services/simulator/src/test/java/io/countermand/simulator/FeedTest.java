package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.FeedScript;
import io.countermand.simulator.options.InstanceOptions;
import io.countermand.simulator.options.Latency;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedTest {

  private static final OrderRef REF = new OrderRef("crosstrade", "a", "1");
  private static final int CHANGES = 200;

  private final LinkedBlockingQueue<OrderEvent> events = new LinkedBlockingQueue<>();

  @Test
  void shouldKeepTheOrderOfDelayedEvents() throws Exception {
    // When
    var told = told(new FeedScript(Latency.parse("100us..3ms"), 0, 0, 0), CHANGES);

    // Then
    assertThat(told).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void shouldDropAndDuplicateAndReorder() throws Exception {
    // When
    var dropped = told(new FeedScript(Latency.NONE, 0.5, 0, 0), 60);
    var doubled = told(new FeedScript(Latency.NONE, 0, 0.5, 0), CHANGES + 60);
    var reordered = told(new FeedScript(Latency.NONE, 0, 0, 0.5), CHANGES);

    // Then
    assertThat(dropped).isSorted().hasSizeLessThan(CHANGES);
    assertThat(doubled).isSorted().hasSizeGreaterThan(CHANGES);
    assertThat(reordered).hasSize(CHANGES).doesNotHaveDuplicates();
    assertThat(reordered).isNotEqualTo(reordered.stream().sorted().toList());
  }

  @Test
  void shouldTellTheVenuesWordAndTheQuantities() throws Exception {
    // When
    told(FeedScript.FAITHFUL, 2);

    // Then
    var last = new ArrayList<>(events).get(0);
    assertThat(last.rawStatus()).isEqualTo("PartFilled");
    assertThat(last.leavesQty()).isEqualByComparingTo("998");
    assertThat(last.source()).isEqualTo("feed:crosstrade");
  }

  /** The sequences of at least so many events of an order that changes often. */
  private List<Long> told(FeedScript script, int atLeast) throws Exception {
    events.clear();
    var instance = InstanceOptions.of("crosstrade", VenueKind.CROSSTRADE).withFeed(script);
    var options = SimulatorOptions.of(List.of(instance)).withListener(events::add);
    var told = new ArrayList<Long>();
    try (var simulator = Simulator.start(options)) {
      simulator.book().place(NewOrder.of("crosstrade", "a", "1", "1000"));
      for (int i = 1; i < CHANGES; i++) {
        simulator.book().fill(REF, BigDecimal.ONE, null);
      }
      for (int i = 0; i < atLeast; i++) {
        var event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        told.add(event.sequence());
      }
    }
    var rest = new ArrayList<OrderEvent>(events);
    rest.forEach(event -> told.add(event.sequence()));
    return told;
  }
}
