package io.countermand.client;

import java.util.LinkedHashMap;
import java.util.Map;

/** The last so many names. One thread. */
final class RecentNames {

  private final int most;
  private final Map<String, Boolean> names = new LinkedHashMap<>();

  RecentNames(int most) {
    this.most = most;
  }

  boolean isNew(String name) {
    if (most == 0) {
      return true;
    }
    if (names.put(name, true) != null) {
      return false;
    }
    if (names.size() > most) {
      names.remove(names.keySet().iterator().next());
    }
    return true;
  }

  void forget(String name) {
    names.remove(name);
  }
}
