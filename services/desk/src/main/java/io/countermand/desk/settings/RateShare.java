package io.countermand.desk.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.TaskId;

/**
 * This process' part of each credential's rate: as many of all partitions as it owns. So desks that
 * share a credential stay within its rate together, whoever is killed or added. A desk starts with
 * an empty bucket when it gets its first partition: what another one has just used up is not there
 * twice. Thread-safe.
 */
public final class RateShare {

  private final List<DeskSettings.Venue> venues;
  private final int partitions;
  private final Set<TaskId> owned = new HashSet<>();

  public RateShare(List<DeskSettings.Venue> venues, int partitions) {
    this.venues = venues;
    this.partitions = partitions;
  }

  public synchronized void owns(TaskId task) {
    if (owned.isEmpty()) { // what has gathered meanwhile was another desk's
      venues.forEach(venue -> venue.budget().startEmpty());
    }
    if (owned.add(task)) {
      share();
    }
  }

  public synchronized void lost(TaskId task) {
    if (owned.remove(task) && !owned.isEmpty()) {
      share();
    }
  }

  private void share() {
    venues.forEach(venue -> venue.budget().setShare(owned.size(), partitions));
  }
}
