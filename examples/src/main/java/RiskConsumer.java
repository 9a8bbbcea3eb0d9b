import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.OutcomeStream;
import io.countermand.client.Positions;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * Keeps a list of orders whose cancels left something open: BOOTSTRAP REGISTRY FILE. List and
 * positions are written together and moved into place at once, so a crash loses nothing and counts
 * nothing twice; with a database it is one transaction.
 */
class RiskConsumer {

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[2]);
    List<String> stored = Files.exists(file) ? Files.readAllLines(file) : List.of("");
    TreeSet<String> exposed = new TreeSet<>(stored.subList(1, stored.size()));
    Connection connection = Connection.of(args[0], args[1]).withClientId("risk");
    try (EventStream<CancelOutcome> outcomes =
        OutcomeStream.of(connection).from(Positions.parse(stored.getFirst())).open()) {
      while (true) {
        List<EventRecord<CancelOutcome>> some = outcomes.poll(Duration.ofSeconds(1));
        for (EventRecord<CancelOutcome> each : some) {
          String order = OrderKey.of(each.value().getCancel()).key();
          CancelResult result = each.value().getResult();
          if (result == CancelResult.PENDING || result == CancelResult.UNRESOLVED) {
            exposed.add(order);
          } else {
            exposed.remove(order);
          }
        }
        if (!some.isEmpty()) {
          StringBuilder text = new StringBuilder(outcomes.positions() + "\n");
          exposed.forEach(order -> text.append(order).append('\n'));
          Path next = Files.writeString(Path.of(file + ".new"), text);
          Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
        }
      }
    }
  }
}
