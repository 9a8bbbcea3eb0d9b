package io.countermand.domain.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is called next at a venue that cannot take all at once: by lane; within a lane the accounts
 * in turn, so that one account's thousand cancels do not hold up another's single one; within an
 * account by deadline, then by arrival. Every step costs the logarithm of what waits. Not
 * thread-safe.
 *
 * @param <T> what is to be called
 */
public final class LaneQueue<T> {

  /**
   * One that waits.
   *
   * @param id unique; offered twice, it waits once
   * @param deadline no call may start at or after it
   * @param again whether an attempt was made before
   */
  public record Waiting<T>(
      String id, Lane lane, String account, Instant deadline, boolean again, T what) {

    /** A first attempt. */
    public Waiting(String id, Lane lane, String account, Instant deadline, T what) {
      this(id, lane, account, deadline, false, what);
    }
  }

  /** Of so many later attempts of mass cancels in a row, one lets another lane's call go first. */
  private static final int MOST_AGAIN = 3;

  private record Place<T>(Waiting<T> waiting, long arrival) {}

  private final Map<Lane, LinkedHashMap<String, NavigableSet<Place<T>>>> lanes =
      new EnumMap<>(Lane.class);
  private final Map<Lane, Integer> sizes = new EnumMap<>(Lane.class);
  private final Map<String, Place<T>> byId = new HashMap<>();
  private final NavigableSet<Place<T>> byDeadline = inOrder();
  private long arrivals;
  private int again; // later attempts of mass cancels since another lane's call
  private @Nullable String held;
  private Predicate<Waiting<T>> stays = _ -> true;

  private static <T> NavigableSet<Place<T>> inOrder() {
    return new TreeSet<>(
        Comparator.comparing((Place<T> place) -> place.waiting().deadline())
            .thenComparingLong(Place::arrival));
  }

  /** False if one of that id waits already. */
  public boolean offer(Waiting<T> waiting) {
    if (byId.containsKey(waiting.id())) {
      return false;
    }
    add(new Place<>(waiting, arrivals++));
    return true;
  }

  /** Passes one account over until another one is held, or none (null). */
  public void hold(@Nullable String account) {
    hold(account, _ -> true);
  }

  /**
   * The same.
   *
   * @param stays which of the account's are passed over; asked whenever it is their turn
   */
  public void hold(@Nullable String account, Predicate<Waiting<T>> stays) {
    this.held = account;
    this.stays = stays;
  }

  /** Whether this account is passed over. */
  public boolean holds(String account) {
    return account.equals(held);
  }

  /** Whether this one is, waits it or not. */
  public boolean holds(Waiting<T> waiting) {
    return holds(waiting.account()) && stays.test(waiting);
  }

  /** Whether there is a next one. */
  public boolean ready() {
    return lanes.values().stream().anyMatch(accounts -> first(accounts) != null);
  }

  private @Nullable Place<T> first(Map<String, NavigableSet<Place<T>>> accounts) {
    for (NavigableSet<Place<T>> account : accounts.values()) {
      if (!holds(account.first().waiting())) {
        return account.first();
      }
    }
    return null;
  }

  /**
   * Takes the next one out; null: nobody waits but who is held. Where the calls of mass cancels are
   * made again and again, since the venue does not take them, each third turn is the next lane's:
   * else nobody else was called before their deadline.
   */
  public @Nullable Waiting<T> next() {
    Place<T> next = null;
    for (LinkedHashMap<String, NavigableSet<Place<T>>> accounts : lanes.values()) {
      Place<T> place = first(accounts);
      boolean others = next != null; // which gives way
      next = place == null ? next : place;
      if (place != null && (others || !givesWay(place.waiting()))) {
        break;
      }
    }
    if (next == null) {
      return null;
    }
    Waiting<T> waiting = next.waiting();
    if (waiting.lane() != Lane.KILL) {
      again = 0;
    } else if (waiting.again()) {
      again = Math.min(MOST_AGAIN, again + 1);
    }
    take(next);
    LinkedHashMap<String, NavigableSet<Place<T>>> accounts = lanes.get(waiting.lane());
    NavigableSet<Place<T>> its = accounts == null ? null : accounts.remove(waiting.account());
    if (accounts != null && its != null) { // to the end of the turn
      accounts.put(waiting.account(), its);
    }
    return waiting;
  }

  private boolean givesWay(Waiting<T> waiting) {
    return waiting.lane() == Lane.KILL && waiting.again() && again >= MOST_AGAIN - 1;
  }

  /** Whether one of that id waits. */
  public boolean has(String id) {
    return byId.containsKey(id);
  }

  /** Takes one out, if it waits. */
  public void remove(String id) {
    Waiting<T> _ = take(id);
  }

  /** Takes one out; null: it does not wait. */
  public @Nullable Waiting<T> take(String id) {
    Place<T> place = byId.get(id);
    if (place == null) {
      return null;
    }
    take(place);
    return place.waiting();
  }

  /** Takes out all with such an id. */
  public void removeIf(Predicate<String> ids) {
    for (Place<T> place : List.copyOf(byId.values())) {
      if (ids.test(place.waiting().id())) {
        take(place);
      }
    }
  }

  /** Takes out all whose deadline has come, the earliest first. */
  public List<Waiting<T>> expired(Instant now) {
    List<Waiting<T>> expired = new ArrayList<>();
    while (!byDeadline.isEmpty() && !now.isBefore(byDeadline.first().waiting().deadline())) {
      Place<T> place = byDeadline.first();
      take(place);
      expired.add(place.waiting());
    }
    return expired;
  }

  /** The earliest deadline; {@link Instant#MAX}: nobody waits. */
  public Instant firstDeadline() {
    return byDeadline.isEmpty() ? Instant.MAX : byDeadline.first().waiting().deadline();
  }

  public int size() {
    return byId.size();
  }

  /** How many wait in one lane. */
  public int size(Lane lane) {
    return sizes.getOrDefault(lane, 0);
  }

  /**
   * The accounts of which at least {@code least} wait in one lane, those first whose turn it is.
   */
  public List<String> crowded(Lane lane, int least) {
    LinkedHashMap<String, NavigableSet<Place<T>>> accounts = lanes.get(lane);
    return accounts == null
        ? List.of()
        : accounts.entrySet().stream()
            .filter(each -> each.getValue().size() >= least)
            .map(Map.Entry::getKey)
            .toList();
  }

  /** Those of one account that wait in one lane, the next one first; they go on waiting. */
  public List<Waiting<T>> waiting(Lane lane, String account) {
    LinkedHashMap<String, NavigableSet<Place<T>>> accounts = lanes.get(lane);
    NavigableSet<Place<T>> its = accounts == null ? null : accounts.get(account);
    return its == null ? List.of() : its.stream().map(Place::waiting).toList();
  }

  /**
   * What a decision about a cancel of this lane sees: the cancels of mass cancels have a room of
   * their own, ten times the others', so that neither finds the room taken by the other.
   *
   * @param bound so many may wait beside those of mass cancels
   */
  public QueueView view(Lane lane, int bound) {
    int kills = size(Lane.KILL);
    return lane == Lane.KILL
        ? new QueueView(kills, (int) Math.min(Integer.MAX_VALUE, 10L * bound))
        : new QueueView(size() - kills, bound);
  }

  /**
   * A mass cancel wants what this call does: if it waits, and cancels, it goes on in the fastest
   * lane, before those of its account that come later or end later.
   */
  public void hurry(String id) {
    hurry(id, Lane.KILL);
  }

  /** As for a mass cancel, but into that lane; in a faster one it stays. */
  public void hurry(String id, Lane to) {
    Place<T> place = byId.get(id);
    if (place != null
        && place.waiting().lane().compareTo(to) > 0
        && place.waiting().lane() != Lane.STATUS) {
      take(place);
      Waiting<T> old = place.waiting();
      add(
          new Place<>(
              new Waiting<>(old.id(), to, old.account(), old.deadline(), old.again(), old.what()),
              place.arrival()));
    }
  }

  private void add(Place<T> place) {
    Waiting<T> waiting = place.waiting();
    byId.put(waiting.id(), place);
    byDeadline.add(place);
    sizes.merge(waiting.lane(), 1, Integer::sum);
    lanes
        .computeIfAbsent(waiting.lane(), lane -> new LinkedHashMap<>())
        .computeIfAbsent(waiting.account(), account -> inOrder())
        .add(place);
  }

  private void take(Place<T> place) {
    Waiting<T> waiting = place.waiting();
    byId.remove(waiting.id());
    byDeadline.remove(place);
    sizes.merge(waiting.lane(), -1, Integer::sum);
    LinkedHashMap<String, NavigableSet<Place<T>>> accounts = lanes.get(waiting.lane());
    NavigableSet<Place<T>> its = accounts == null ? null : accounts.get(waiting.account());
    if (accounts != null && its != null) {
      its.remove(place);
      if (its.isEmpty()) {
        accounts.remove(waiting.account());
      }
    }
  }
}
