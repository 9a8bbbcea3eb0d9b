package io.countermand.audit.mass;

import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds the order events of one partition, also of orders that nobody ever cancelled, and keeps
 * what they say to each mass cancel: half a kilobyte for each order that some scope reaches.
 */
final class ScopeReader {

  /** Kafka's times of two topics are taken for ordered only if they differ by more. */
  static final Duration SKEW = Duration.ofSeconds(2);

  /** A desk may have read an order event before a command that was appended so long before it. */
  static final Duration LAG = Duration.ofSeconds(5);

  private static final class Row {

    private final OrderRef order;
    private final MassRecords.At first;
    private final MassRecords.@Nullable At[] atCommand;
    private final MassRecords.@Nullable At[] under;
    private final boolean[] ever;
    private @Nullable OrderState state;

    Row(OrderRef order, MassRecords.At first, int masses) {
      this.order = order;
      this.first = first;
      this.atCommand = new MassRecords.@Nullable At[masses];
      this.ever = new boolean[masses];
      this.under = new MassRecords.@Nullable At[masses];
    }
  }

  private final int partition;
  private final List<MassRecords> masses;
  private final TableReading reading;
  private final Instant from;
  private final Instant until;
  private final int most;
  private final Map<String, Row> rows = new HashMap<>();

  /**
   * @param reading how far the desks had read, by what they published
   * @param from what opened before under a switch that is on is not looked at
   * @param until what the desks had read by then of a switch that is on must have its cancel
   * @param most orders that are kept; of more, nothing is said
   */
  ScopeReader(
      int partition,
      List<MassRecords> masses,
      TableReading reading,
      Instant from,
      Instant until,
      int most) {
    this.partition = partition;
    this.masses = masses;
    this.reading = reading;
    this.from = from;
    this.until = until;
    this.most = most;
  }

  /** One that stands in its right place, by offset. */
  void see(OrderEvent event, Evidence at, Instant time) {
    OrderRef order = event.order();
    boolean reached =
        masses.stream().anyMatch(one -> one.mass.scope().reaches(order.venue(), order.account()));
    if (!reached || (rows.size() >= most && !rows.containsKey(order.key()))) {
      return;
    }
    var here = new MassRecords.At(at, time);
    Row row = rows.computeIfAbsent(order.key(), _ -> new Row(order, here, masses.size()));
    OrderState state = OrderFold.fold(row.state, event, at);
    row.state = state;
    for (int i = 0; i < masses.size(); i++) {
      see(row, state, here, i);
    }
  }

  private void see(Row row, OrderState state, MassRecords.At here, int i) {
    MassRecords one = masses.get(i);
    MassScope.Fit fit = one.mass.scope().fit(row.order, state.details());
    row.ever[i] |= fit == MassScope.Fit.IN;
    MassRecords.At command = one.commands.get(partition);
    if (command == null) {
      return;
    }
    boolean fits = !state.certainlyEnded() && fit == MassScope.Fit.IN;
    long offset = here.at().offset();
    if (here.time().isBefore(command.time().minus(SKEW))) {
      row.atCommand[i] = fits ? here : null;
    } else if (!fits && offset < one.readTo(partition, row.order.venue())) {
      row.atCommand[i] = null;
    }
    MassRecords.At release = one.releases.get(partition);
    Instant off = release == null ? until : release.time().minus(SKEW);
    if (one.mass.keep()
        && fits
        && row.under[i] == null
        && !here.time().isBefore(from)
        && here.time().isAfter(command.time().plus(LAG))
        && offset <= reading.readBy(row.order.venue(), off)) {
      row.under[i] = here;
    }
  }

  /** Tells the mass cancels; false: there were more orders than are kept. */
  boolean finish() {
    for (Row row : rows.values()) {
      OrderState state = row.state;
      for (int i = 0; i < masses.size() && state != null; i++) {
        MassRecords one = masses.get(i);
        if (one.mass.scope().reaches(row.order.venue(), row.order.account())
            || one.intents.containsKey(row.order.key())) {
          one.orders.put(
              row.order.key(),
              new MassRecords.Seen(
                  row.ever[i]
                      ? MassScope.Fit.IN // one that lives again is told anew whose it is
                      : one.mass.scope().fit(row.order, state.details()),
                  row.first,
                  row.atCommand[i],
                  row.under[i]));
        }
      }
    }
    return rows.size() < most;
  }
}
