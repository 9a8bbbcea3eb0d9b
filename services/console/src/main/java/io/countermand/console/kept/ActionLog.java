package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was asked for in consoles, the newest, each with what came of it. Thread-safe. */
public final class ActionLog {

  private static final int MOST = 1_000;

  private final Map<String, Asked> actions = new LinkedHashMap<>();
  private final Map<String, ConsoleAction> checked = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param first its record that was there before anything was done
   * @param state the last one told
   */
  public record Asked(EventRecord<ConsoleAction> first, ConsoleActionState state) {}

  public synchronized void add(EventRecord<ConsoleAction> record) {
    ConsoleAction told = record.value();
    if (told.getKind() == ConsoleActionKind.MARK_CHECKED
        && told.getState() == ConsoleActionState.DONE) {
      String cancel = cancel(told.getSubject(), told.getDetail());
      checked.remove(cancel);
      checked.put(cancel, told);
      if (checked.size() > MOST) {
        checked.remove(checked.keySet().iterator().next());
      }
    }
    // What one asked for and nobody knows of, another may ask for once more.
    actions.merge(
        told.getBy() + ' ' + told.getActionId(), // a name has no blank
        new Asked(record, told.getState()),
        (known, news) -> new Asked(known.first(), news.state()));
    if (actions.size() > MOST) {
      actions.remove(actions.keySet().iterator().next());
    }
  }

  /** What somebody noted last of a cancel that nobody could resolve. */
  public synchronized Optional<ConsoleAction> checked(String order, String cancelId) {
    return Optional.ofNullable(checked.get(cancel(order, cancelId)));
  }

  private static String cancel(String order, String id) {
    return order + ' ' + id; // an order key has no blank
  }

  /** Newest first. */
  public synchronized List<Asked> all() {
    return new ArrayList<>(actions.values()).reversed();
  }
}
