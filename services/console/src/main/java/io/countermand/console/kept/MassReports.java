package io.countermand.console.kept;

import io.countermand.client.EventRecord;
import io.countermand.events.MassReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The last report of each of the newest mass cancels. Thread-safe. */
public final class MassReports {

  private static final int MOST = 300;

  private final Map<String, EventRecord<MassReport>> reports = new LinkedHashMap<>();

  public synchronized void add(EventRecord<MassReport> record) {
    String id = record.value().getMass().getMassId();
    EventRecord<MassReport> known = reports.get(id);
    if (known != null && known.value().getNumber() >= record.value().getNumber()) {
      return;
    }
    reports.put(id, record);
    if (reports.size() > MOST) {
      reports.remove(reports.keySet().iterator().next());
    }
  }

  /** Newest first. */
  public synchronized List<EventRecord<MassReport>> all() {
    return new ArrayList<>(reports.values()).reversed();
  }

  public synchronized Optional<EventRecord<MassReport>> find(String massId) {
    return Optional.ofNullable(reports.get(massId));
  }
}
