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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The calls of one task that wait for their venue, in its store: a restart, or the partition's next
 * owner, finds them. A call leaves the store once the ledger answers for it, so a call whose marker
 * is written while its process is killed may be made once more, which is harmless.
 *
 * <p>For the task's own thread; only {@link #handed} is called by others.
 */
final class WaitingCalls {

  /** For a reply to become durable while the broker is away. */
  private static final Duration AFTER_DEADLINE = Duration.ofMinutes(5);

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, VenueLane> lanes;
  private final Predicate<Cancel> hurried;
  private final Queue<String> handed = new ConcurrentLinkedQueue<>();
  private final Map<String, Instant> kept = new ConcurrentHashMap<>();

  /** Later calls whose intent this task has still to read, by that intent's offset. */
  private final NavigableMap<Long, List<Held>> held = new TreeMap<>();

  private record Held(VenueLane lane, Call call) {}

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
   */
  WaitingCalls(
      KeyValueStore<String, byte[]> store,
      Map<String, VenueLane> lanes,
      Predicate<Cancel> hurried) {
    this.store = store;
    this.lanes = lanes;
    this.hurried = hurried;
  }

  /** Offers what an earlier owner left. */
  void restore(Function<Cancel, Whose> whose) {
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> entry = all.next();
        WaitingCall waiting = StateCodec.waitingCall(entry.value);
        VenueLane lane = lanes.get(waiting.request().cancel().order().venue());
        if (lane != null) {
          kept.put(entry.key, waiting.request().cancel().deadline());
          Call call = call(waiting.request(), waiting.at());
          if (waiting.request().attemptNo() > 1) {
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
    return new Call(request, at, attemptId, handed::add);
  }

  /** A first attempt, which its decision announces if it need not wait; else it is kept. */
  VenueLane.Offer first(VenueLane lane, Call call) {
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
    if (whose != Whose.OTHERS) {
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
    for (String id = handed.poll(); id != null; id = handed.poll()) {
      forget(id);
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
  }

  private void forget(String id) {
    if (kept.remove(id) != null) {
      store.delete(id);
    }
  }

  /** Whether some wait. */
  boolean any() {
    return !kept.isEmpty();
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
    return new Call(request, at, null, handed::add);
  }
}
