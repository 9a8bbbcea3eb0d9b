package io.countermand.app.demo;

import io.countermand.domain.order.OrderRef;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replays a LOBSTER message file ({@code time,type,orderId,size,price,direction}; time in seconds
 * after midnight, price in 1/10,000 dollar): 1 places an order, 2 reduces it, 4 executes part of
 * it, 3 becomes a cancel intent; 5 (hidden execution) and 7 (halt) have no order to cancel.
 *
 * <p>Orders that stood before the recording are placed at its start, as large as what happens to
 * them needs. And for each order that the recording executes in full, a cancel comes a second too
 * late: the case that a venue would have refused.
 */
final class MarketFlow {

  private static final Duration LEAD = Duration.ofMillis(600);
  private static final Duration TOO_LATE_BY = Duration.ofSeconds(1);

  private MarketFlow() {}

  private record Message(double time, int type, String orderId, long size) {}

  /**
   * @param speed 1 is the recorded pace
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException naming the line that is no LOBSTER message
   */
  static Flow read(Path file, double speed, List<DemoVenue> venues) throws IOException {
    List<Message> messages = parse(file);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException(file + " holds no messages");
    }
    Map<String, Long> placedLater = new LinkedHashMap<>();
    Map<String, Long> needed = new LinkedHashMap<>();
    for (Message m : messages) {
      if (m.type() == 1) {
        placedLater.put(m.orderId(), m.size());
      } else if (m.type() >= 2 && m.type() <= 4 && !placedLater.containsKey(m.orderId())) {
        needed.merge(m.orderId(), m.size(), Long::sum);
      }
    }
    var flow = new ArrayList<FlowStep>();
    Map<String, OrderRef> orders = new LinkedHashMap<>();
    Map<String, Long> open = new LinkedHashMap<>();
    needed.forEach(
        (id, size) -> {
          // One share more: how such an order ended is not in the recording.
          OrderRef ref = order(orders, id, venues);
          flow.add(new FlowStep.Place(Duration.ZERO, ref, BigDecimal.valueOf(size + 1)));
          open.put(id, size + 1);
        });
    double start = messages.getFirst().time();
    int n = 0;
    for (Message m : messages) {
      Duration at = LEAD.plusNanos(Math.round((m.time() - start) * 1e9 / speed));
      OrderRef ref = order(orders, m.orderId(), venues);
      BigDecimal size = BigDecimal.valueOf(m.size());
      switch (m.type()) {
        case 1 -> {
          flow.add(new FlowStep.Place(at, ref, size));
          open.put(m.orderId(), m.size());
        }
        case 2 -> {
          flow.add(new FlowStep.Reduce(at, ref, size));
          open.merge(m.orderId(), -m.size(), Long::sum);
        }
        case 3 ->
            flow.add(
                new FlowStep.Send(
                    at, TradingFirm.cancel("market-" + ++n, ref), FlowStep.Expect.OUTCOME));
        case 4 -> {
          flow.add(new FlowStep.Fill(at, ref, size));
          if (open.merge(m.orderId(), -m.size(), Long::sum) == 0) {
            flow.add(
                new FlowStep.Send(
                    at.plus(TOO_LATE_BY),
                    TradingFirm.cancel("late-" + ++n, ref),
                    FlowStep.Expect.OUTCOME));
          }
        }
        default -> {}
      }
    }
    return Flow.of(file.getFileName() + " at " + speed + "x", flow);
  }

  private static OrderRef order(Map<String, OrderRef> orders, String id, List<DemoVenue> venues) {
    return orders.computeIfAbsent(
        id,
        key -> TradingFirm.order(venues.get(orders.size() % venues.size()), Long.parseLong(key)));
  }

  private static List<Message> parse(Path file) throws IOException {
    List<Message> messages = new ArrayList<>();
    int line = 0;
    for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      line++;
      if (text.isBlank()) {
        continue;
      }
      String[] part = text.split(",", -1);
      try {
        if (part.length < 6) {
          throw new NumberFormatException("too few fields");
        }
        messages.add(
            new Message(
                Double.parseDouble(part[0].strip()),
                Integer.parseInt(part[1].strip()),
                Long.toString(Long.parseLong(part[2].strip())),
                Long.parseLong(part[3].strip())));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            file
                + ":"
                + line
                + ": expected time,type,orderId,size,price,direction (a LOBSTER message file)",
            e);
      }
    }
    return messages;
  }
}
