package io.countermand.observe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The roles of this process and how each is. Thread-safe. */
final class HealthRegistry {

  private static final Health NOT_STARTED = Health.of(() -> false, () -> List.of("not started"));

  private final ConcurrentSkipListMap<RoleInstance, Health> parts = new ConcurrentSkipListMap<>();

  /**
   * How one role is.
   *
   * @param missing why it is not ready
   */
  record Finding(boolean live, List<String> missing) {
    boolean ready() {
      return live && missing.isEmpty();
    }
  }

  /** These will be told of; not ready until they are. */
  void expect(Collection<RoleInstance> all) {
    all.forEach(part -> parts.putIfAbsent(part, NOT_STARTED));
  }

  void put(RoleInstance part, Health health) {
    parts.put(part, health);
  }

  void remove(RoleInstance part) {
    parts.remove(part);
  }

  /** How every role is now. */
  SortedMap<RoleInstance, Finding> findings() {
    SortedMap<RoleInstance, Finding> findings = new TreeMap<>();
    parts.forEach((part, health) -> findings.put(part, finding(health)));
    return findings;
  }

  Finding finding(RoleInstance part) {
    return finding(parts.getOrDefault(part, NOT_STARTED));
  }

  private static Finding finding(Health health) {
    List<String> missing = new ArrayList<>();
    boolean live = true;
    try {
      live = !health.failed();
      if (!live) {
        missing.add("has failed; restart the process");
      }
      missing.addAll(health.missing());
    } catch (RuntimeException e) {
      missing.add("cannot tell: " + e.getClass().getSimpleName());
    }
    return new Finding(live, List.copyOf(missing));
  }
}
