package io.countermand.simulator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.options.VenueKind;
import io.countermand.venues.OrderPage;
import io.countermand.venues.limits.Budget;
import io.countermand.venues.limits.Rate;
import io.countermand.venues.limits.VenueGovernor;
import io.countermand.venues.polling.PollPace;
import io.countermand.venues.polling.PollingFeed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lists of orders that venues have, asked over a real socket, and the feed made of them. */
@Timeout(120)
class ListContractTest {

  private static final int MANY = 130;

  @ParameterizedTest
  @EnumSource(
      value = VenueKind.class,
      names = {"CROSSTRADE", "CADENZA", "NEURATRADE", "TRADOVATE"})
  void shouldTellEveryOpenOrderHoweverLongTheHistory(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      // Given
      Set<OrderRef> open = new HashSet<>();
      for (int i = 0; i < MANY; i++) {
        rig.simulator.book().cancel(rig.placed());
      }
      for (int i = 0; i < MANY; i++) {
        open.add(rig.placed());
      }

      // When
      List<OrderEvent> told = new ArrayList<>();
      String cursor = null;
      do {
        OrderPage page = rig.adapter.openOrders(null, cursor, Rig.PATIENCE);
        assertThat(page.told()).as("%s", page.reply()).isTrue();
        assertThat(page.whole()).isTrue();
        told.addAll(page.orders());
        cursor = page.next();
      } while (cursor != null);

      // Then
      assertThat(rig.adapter.capabilities().canList()).isTrue();
      assertThat(
              told.stream()
                  .filter(event -> !event.ordStatus().terminal())
                  .map(OrderEvent::order)
                  .collect(Collectors.toSet()))
          .isEqualTo(open);
      assertThat(told).extracting(OrderEvent::order).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VenueKind.class,
      names = {"CROSSTRADE_WS", "CROSSTRADE_WEBHOOK"})
  void shouldSayThatThereIsNoList(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      OrderPage page = rig.adapter.openOrders(null, null, Rig.PATIENCE);

      assertThat(rig.adapter.capabilities().canList()).isFalse();
      assertThat(page.reply()).isInstanceOf(Reply.Refused.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VenueKind.class,
      names = {"CROSSTRADE", "CADENZA", "TRADOVATE"})
  void shouldFeedWhatBecameOfEachOrderOnce(VenueKind kind) throws Exception {
    try (var rig = Rig.start(kind)) {
      var told = new Told();
      OrderRef canceled = rig.placed();
      OrderRef filled = rig.placed();
      OrderRef open = rig.placed();
      try (var feed = feed(rig)) {
        // When
        feed.start(told::add);
        told.await(canceled, 1);
        told.await(filled, 1);
        told.await(open, 1);
        rig.simulator.book().cancel(canceled);
        rig.simulator.book().fill(filled);
        told.await(canceled, 2);
        told.await(filled, 2);
        feed.resync();
        told.await(open, 2);

        // Then
        assertThat(told.of(canceled)).contains(OrdStatus.NEW, OrdStatus.CANCELED);
        assertThat(told.of(filled)).contains(OrdStatus.NEW, OrdStatus.FILLED);
        assertThat(told.of(open)).containsExactly(OrdStatus.NEW, OrdStatus.NEW);
      }
    }
  }

  /** As fast as it goes; on the real clock, since a feed waits in real time. */
  private static PollingFeed feed(Rig rig) {
    Clock clock = Clock.systemUTC();
    return new PollingFeed(
        rig.kind.adapter(),
        rig.adapter,
        new Budget(Rate.perSecond(10_000, 10_000), clock),
        new VenueGovernor(rig.kind.adapter(), clock),
        new PollPace(Duration.ofMillis(5), clock),
        Rig.PATIENCE,
        clock);
  }

  /** What the feed told, and a wait for it. */
  private static final class Told {

    private final List<OrderEvent> events = new ArrayList<>();

    synchronized void add(OrderEvent event) {
      events.add(event);
      notifyAll();
    }

    synchronized List<OrdStatus> of(OrderRef order) {
      return events.stream()
          .filter(event -> event.order().equals(order))
          .map(OrderEvent::ordStatus)
          .toList();
    }

    /** The test's own time-out ends a wait in vain. */
    synchronized void await(OrderRef order, int times) throws InterruptedException {
      while (of(order).size() < times) {
        wait();
      }
    }
  }
}
