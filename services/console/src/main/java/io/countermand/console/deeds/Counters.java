package io.countermand.console.deeds;

import io.countermand.console.access.Visitor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who counted which scope, by person: two people at an issuer may have one name. The newest, and in
 * this console alone: after a restart everybody counts anew. Thread-safe.
 */
public final class Counters {

  private static final int MOST = 1_000;

  private final Map<String, String> people = new LinkedHashMap<>();

  public synchronized void add(String count, Visitor who) {
    people.put(count, who.person());
    if (people.size() > MOST) {
      people.remove(people.keySet().iterator().next());
    }
  }

  /** Whether it was he, under whatever name. */
  public synchronized boolean counted(String count, Visitor who) {
    return who.person().equals(people.get(count));
  }
}
