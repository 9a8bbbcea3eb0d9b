package io.countermand.console.deeds;

import io.countermand.console.access.Visitor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Who counted which scope, by person: two people at an issuer may have one name. And which counts
 * were proposed to a second person: each is proposed once. The newest, and in this console alone:
 * after a restart everybody counts anew. Thread-safe.
 */
public final class Counters {

  private static final int MOST = 1_000;

  private final Map<String, String> people = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();

  public synchronized void add(String count, Visitor who) {
    people.put(count, who.person());
    if (people.size() > MOST) {
      String eldest = people.keySet().iterator().next();
      people.remove(eldest);
      used.remove(eldest);
    }
  }

  /** Whether it was he, under whatever name. */
  public synchronized boolean counted(String count, Visitor who) {
    return who.person().equals(people.get(count));
  }

  /** Uses a count up; for the first who asks alone. */
  public synchronized boolean use(String count) {
    return people.containsKey(count) && used.add(count);
  }

  /** Nothing was proposed after all. */
  public synchronized void giveBack(String count) {
    used.remove(count);
  }
}
