import io.countermand.client.Connection;
import io.countermand.client.OrderEventPublisher;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Tells what an OMS knows: BOOTSTRAP REGISTRY, and on standard input a line for each change, {@code
 * venue,account,orderId,ordStatus,orderQty,cumQty,sequence,venueTime}.
 */
class OmsFeed {

  public static void main(String[] args) throws Exception {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Connection connection = Connection.of(args[0], args[1]).withClientId("oms");
    try (var events = OrderEventPublisher.open(connection, "oms:example")) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] part = line.split(",");
        events
            .event(OrderKey.of(part[0], part[1], part[2]))
            .status(OrdStatus.valueOf(part[3]))
            .quantity(new BigDecimal(part[4]))
            .executed(new BigDecimal(part[5]))
            .sequence(Long.parseLong(part[6])) // so that late and repeated events are known as such
            .venueTime(Instant.parse(part[7]))
            .publish()
            .whenComplete(
                (at, error) ->
                    System.out.println(error == null ? "published at " + at : error.getMessage()));
      }
    }
  }
}
