package io.countermand.desk;

import io.countermand.codec.StateCodec;
import io.countermand.codec.WaitingCall;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Evidence;
import io.countermand.domain.RequestKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The calls of one task that wait for their venue, in its store: a restart, or the partition's next
 * owner, finds them. A call leaves the store once the ledger answers for it, so a call whose marker
 * is written while its process is killed may be made once more, which is harmless. The record that
 * asked for a call that was found may be read again: it asks for no second one.
 *
 * <p>For the task's own thread; only {@link #handed} is called by others.
 */
final class WaitingCalls {

  /** For a reply to become durable while the broker is away. */
  private static final Duration AFTER_DEADLINE = Duration.ofMinutes(5);

  /** How often a task with waiting calls looks which of them were made. */
  static final Duration HANDED_EVERY = Duration.ofMillis(200);

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, VenueLane> lanes;
  private final Predicate<Cancel> hurried;
  private final Queue<Handed> handed;
  private final Map<String, Instant> kept = new ConcurrentHashMap<>();

  /**
   * What was found in the store, made by now or not. Not to be dropped when the task has read on: a
   * record that could not be read is put off, and comes behind the others.
   */
  private final Map<String, Found> restored = new HashMap<>();

  private record Found(Evidence at, Instant deadline) {}

  /** Later calls whose intent this task has still to read, by that intent's offset. */
  private final NavigableMap<Long, List<Held>> held = new TreeMap<>();

  private record Held(VenueLane lane, Call call) {}

  /**
   * A call that the ledger answers for.
   *
   * @param at the record that asked for it
   */
  record Handed(String id, Evidence at) {}

  /** Whose a later call is. */
  enum Whose {
    OURS,
    OTHERS,
    /** The task has not read its intent, and so perhaps not that another group has it. */
    UNKNOWN
  }

  /** Later attempts and status queries that are kept, by their cancel. */
  private final Map<String, Set<String>> later = new HashMap<>();

  /**
   * @param hurried whether a mass cancel has joined this one
   * @param handed of the partition; it outlives the task, as the calls under way do. Thread-safe
   */
  WaitingCalls(
      KeyValueStore<String, byte[]> store,
      Map<String, VenueLane> lanes,
      Predicate<Cancel> hurried,
      Queue<Handed> handed) {
    this.store = store;
    this.lanes = lanes;
    this.hurried = hurried;
    this.handed = handed;
  }

  /** Offers what an earlier owner left. */
  void restore(Function<Cancel, Whose> whose) {
    Set<Handed> meanwhile = new HashSet<>(); // while the partition had no task here
    for (Handed each = handed.poll(); each != null; each = handed.poll()) {
      meanwhile.add(each);
    }
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        WaitingCall waiting = StateCodec.waitingCall(entry.value);
        VenueLane lane = lanes.get(waiting.request().cancel().order().venue());
        if (lane != null) {
          kept.put(entry.key, waiting.request().cancel().deadline());
          restored.put(entry.key, new Found(waiting.at(), waiting.request().cancel().deadline()));
          Call call = call(waiting.request(), waiting.at());
          if (meanwhile.contains(new Handed(entry.key, waiting.at()))) {
            forget(entry.key);
          } else if (waiting.request().attemptNo() > 1) {
            remember(waiting.request().cancel(), entry.key);
            offer(lane, call, whose.apply(waiting.request().cancel()));
          } else {
            offer(lane, call);
          }
        }
      }
    }
  }

  /** A first attempt that its decision announces if it need not wait. */
  Call announced(CancelRequest request, Evidence at, String attemptId) {
    return new Call(request, at, attemptId, id -> handed.add(new Handed(id, at)));
  }

  /**
   * Whether an intent is read again whose first attempt was found in the store: it waits, or was
   * made since.
   */
  boolean found(Cancel cancel) {
    return found(
        Call.id(cancel.order().key(), RequestKind.CANCEL, 1, cancel.cancelId()), cancel.intent());
  }

  private boolean found(String id, Evidence at) {
    Found found = restored.get(id);
    return found != null && found.at().equals(at);
  }

  /**
   * A first attempt, which its decision announces if it need not wait; else it is kept. One that
   * was found in the store waits, or has a marker of its own by now, as if it had been read once.
   */
  VenueLane.Offer first(VenueLane lane, Call call) {
    if (found(call.id(), call.at())) {
      restored.remove(call.id());
      return VenueLane.Offer.QUEUED;
    }
    VenueLane.Offer offer = lane.offer(call);
    if (offer == VenueLane.Offer.QUEUED) {
      keep(call);
    }
    return offer == VenueLane.Offer.KNOWN && kept.containsKey(call.id())
        ? VenueLane.Offer.QUEUED
        : offer;
  }

  /** A later attempt or a status query: kept in any case, since nobody asks for it again. */
  void later(VenueLane lane, CancelRequest request, Evidence at, Whose whose) {
    Call call = call(request, at);
    if (found(call.id(), at)) {
      restored.remove(call.id());
    } else if (whose != Whose.OTHERS) {
      keep(call);
      remember(request.cancel(), call.id());
      offer(lane, call, whose);
    }
  }

  private void offer(VenueLane lane, Call call, Whose whose) {
    switch (whose) {
      case OURS -> offer(lane, call);
      case UNKNOWN ->
          held.computeIfAbsent(call.request().cancel().intent().offset(), _ -> new ArrayList<>())
              .add(new Held(lane, call));
      case OTHERS -> forget(call.id());
    }
  }

  private void offer(VenueLane lane, Call call) {
    if (lane.offer(call) == VenueLane.Offer.QUEUED && hurried.test(call.request().cancel())) {
      lane.hurry(Set.of(call.id()));
    }
  }

  /** The task has read the intents before {@code offset}. */
  void passed(long offset, Function<Cancel, Whose> whose) {
    if (held.isEmpty()) {
      return;
    }
    NavigableMap<Long, List<Held>> read = held.headMap(offset, false);
    List<Held> ready = read.values().stream().flatMap(List::stream).toList();
    read.clear();
    for (Held each : ready) {
      if (kept.containsKey(each.call().id())) {
        offer(each.lane(), each.call(), whose.apply(each.call().request().cancel()));
      }
    }
  }

  /**
   * A cancel has its outcome: what the ledger had asked for is of no use any more, and a call to
   * cancel could make the outcome false. What is being made goes on.
   */
  void settled(Cancel cancel) {
    Set<String> ids = later.remove(of(cancel));
    VenueLane lane = lanes.get(cancel.order().venue());
    if (ids != null && lane != null) {
      for (String id : ids) {
        if (kept.containsKey(id)) {
          lane.withdraw(id);
          forget(id);
        }
      }
    }
  }

  /**
   * A mass cancel has joined the cancel {@code leader} of its order: what of that waits for its
   * venue goes on in the lane of mass cancels. What comes later, or after a restart, is looked up.
   */
  void hurry(VenueLane lane, String key, String leader) {
    Set<String> ids = new HashSet<>(later.getOrDefault(of(key, leader), Set.of()));
    ids.add(Call.id(key, RequestKind.CANCEL, 1, leader));
    lane.hurry(ids);
  }

  private void remember(Cancel cancel, String id) {
    later.computeIfAbsent(of(cancel), _ -> new HashSet<>()).add(id);
  }

  private static String of(Cancel cancel) {
    return of(cancel.order().key(), cancel.cancelId());
  }

  private static String of(String key, String cancelId) {
    return key + '#' + cancelId;
  }

  /** Forgets the calls that the ledger answers for. */
  void forgetHanded() {
    for (Handed each = handed.poll(); each != null; each = handed.poll()) {
      forget(each.id());
    }
  }

  /** Forgets the calls that nobody will answer for any more: too late for any call. */
  void forgetLate(Instant now) {
    kept.forEach(
        (id, deadline) -> {
          if (deadline.plus(AFTER_DEADLINE).isBefore(now)) {
            forget(id);
          }
        });
    restored.values().removeIf(found -> found.deadline().plus(AFTER_DEADLINE).isBefore(now));
  }

  private void forget(String id) {
    if (kept.remove(id) != null) {
      store.delete(id);
    }
  }

  /** When there will be something to forget; {@link Instant#MAX}: never, as it is now. */
  Instant forgetNext(Instant now) {
    return !kept.isEmpty()
        ? now.plus(HANDED_EVERY)
        : restored.isEmpty() ? Instant.MAX : now.plus(AFTER_DEADLINE);
  }

  /** The task goes to another owner, or ends: so do its calls that were not begun. */
  void close() {
    forgetHanded();
    lanes.values().forEach(lane -> lane.withdraw(kept::containsKey));
  }

  private void keep(Call call) {
    if (kept.put(call.id(), call.request().cancel().deadline()) == null) {
      store.put(call.id(), StateCodec.bytes(new WaitingCall(call.request(), call.at())));
    }
  }

  private Call call(CancelRequest request, Evidence at) {
    return new Call(request, at, null, id -> handed.add(new Handed(id, at)));
  }
}
