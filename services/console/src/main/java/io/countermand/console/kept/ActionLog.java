package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was asked for in consoles, the newest, each with what came of it. Thread-safe. */
public final class ActionLog {

  private static final int MOST = 1_000;

  private final Map<String, Asked> actions = new LinkedHashMap<>();

  /**
   * One of them.
   *
   * @param first its record that was there before anything was done
   * @param state the last one told
   */
  public record Asked(EventRecord<ConsoleAction> first, ConsoleActionState state) {}

  public synchronized void add(EventRecord<ConsoleAction> record) {
    ConsoleAction told = record.value();
    actions.merge(
        told.getActionId(),
        new Asked(record, told.getState()),
        (known, news) -> new Asked(known.first(), news.state()));
    if (actions.size() > MOST) {
      actions.remove(actions.keySet().iterator().next());
    }
  }

  /** Newest first. */
  public synchronized List<Asked> all() {
    return new ArrayList<>(actions.values()).reversed();
  }
}
