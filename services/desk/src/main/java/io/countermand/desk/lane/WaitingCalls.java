// Over 300 lines: which of the calls of a cancel stands for which is one question to one store.
package io.countermand.desk.lane;

import io.countermand.codec.StateCodec;
import io.countermand.codec.WaitingCall;
import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one task that wait for their venue, in its store: a restart, or the partition's next
 * owner, finds them. A call leaves the store once the ledger answers for it, so a call whose marker
 * is written while its process is killed may be made once more, which is harmless. The record that
 * asked for a call that was found may be read again: it asks for no second one.
 *
 * <p>The ledger asks for another call when it has given one up, and does not hear that the desk
 * that took over keeps one of its own. So of one cancel only one call to cancel waits here: its
 * marker is still to be written, behind what the ledger asked, and is what the ledger then waits
 * for. What has begun, or only stands in the store, counts for nothing: its marker may be older.
 *
 * <p>For the task's own thread; only {@link #handed} is called by others.
 */
public final class WaitingCalls {

  /** For a reply to become durable while the broker is away. */
  private static final Duration AFTER_DEADLINE = Duration.ofMinutes(5);

  /** How often a task with waiting calls looks which of them were made. */
  public static final Duration HANDED_EVERY = Duration.ofMillis(200);

  /** A marker takes milliseconds; one that does not come keeps nobody waiting for longer. */
  private static final Duration MARKED_WITHIN = Duration.ofSeconds(2);

  /** How often it looks for those that it is too late for. */
  private static final Duration LATE_EVERY = Duration.ofSeconds(10);

  private final KeyValueStore<String, byte[]> store;
  private final Map<String, VenueLane> lanes;
  private final Predicate<Cancel> hurried;
  private final Queue<Handed> handed;

  /** What is in the store and may be called still. Read under the lanes' locks, too. */
  private final Map<String, LaneCall> kept = new ConcurrentHashMap<>();

  /** The same by the cancel, for there are seldom two. */
  private final Map<String, Set<String>> ofCancel = new HashMap<>();

  /**
   * What was found in the store, made by now or not. Not to be dropped when the task has read on: a
   * record that could not be read is put off, and comes behind the others.
   */
  private final Map<String, Found> restored = new HashMap<>();

  private record Found(Evidence at, Instant deadline) {}

  /** Later calls whose intent this task has still to read, by that intent's offset. */
  private final NavigableMap<Long, List<Held>> held = new TreeMap<>();

  private record Held(VenueLane lane, LaneCall call) {}

  /** Held ones that will be made in the place of a first attempt, and that one's lane. */
  private final Map<String, Lane> standingFor = new HashMap<>();

  /** What the ledger asked for while a marker was on its way that may come to stand behind it. */
  private final List<Unsure> unsure = new ArrayList<>();

  /**
   * @param until nobody waits longer for that marker
   */
  private record Unsure(Held held, Instant until) {}

  /** What the ledger answers for since a time when the partition had no task here. */
  private final Set<Handed> meanwhile = new HashSet<>();

  /** What was taken over and is still to be offered, in the store's order. */
  private final List<LaneCall> unoffered = new ArrayList<>();

  /**
   * A call that the ledger answers for.
   *
   * @param at the record that asked for it
   */
  public record Handed(String id, Evidence at) {}

  /** A cancel with its contents. */
  private record Same(String cancel, String digest) {

    static Same of(Cancel cancel) {
      return new Same(WaitingCalls.of(cancel), cancel.digest());
    }
  }

  /** Whose a later call is. */
  public enum Whose {
    OURS,
    OTHERS,
    /** The task has not read its intent, and so perhaps not that another group has it. */
    UNKNOWN
  }

  /** All that is kept is looked through no sooner. */
  private Instant lookThrough = Instant.MIN;

  /**
   * @param hurried whether a mass cancel has joined this one
   * @param handed of the partition; it outlives the task, as the calls under way do. Thread-safe
   */
  public WaitingCalls(
      KeyValueStore<String, byte[]> store,
      Map<String, VenueLane> lanes,
      Predicate<Cancel> hurried,
      Queue<Handed> handed) {
    this.store = store;
    this.lanes = lanes;
    this.hurried = hurried;
    this.handed = handed;
  }

  /**
   * Takes over what an earlier owner left, and calls nothing yet: what throws in a task that begins
   * leaves it to nobody's {@link #close}. Writes nothing of what it keeps, for that may be much,
   * and nothing is decided meanwhile.
   *
   * @param settled whether a cancel's outcome was heard
   */
  public void restore(Predicate<Cancel> settled) {
    meanwhile.addAll(handed);
    for (KeyValue<String, byte[]> entry : all()) {
      WaitingCall waiting = StateCodec.waitingCall(entry.value);
      Cancel cancel = waiting.request().cancel();
      if (!lanes.containsKey(cancel.order().venue())) {
        continue;
      }
      restored.put(entry.key, new Found(waiting.at(), cancel.deadline()));
      if (settled.test(cancel) || meanwhile.contains(new Handed(entry.key, waiting.at()))) {
        store.delete(entry.key);
        continue;
      }
      LaneCall call = call(waiting.request(), waiting.at());
      remember(call);
      unoffered.add(call);
    }
  }

  /**
   * Offers what was taken over, first attempts before what the ledger asked for since. The last
   * thing that a task does when it begins: if this fails, nothing of it waits in any lane.
   */
  public void begin(Function<Cancel, Whose> whose) {
    List<LaneCall> later = new ArrayList<>();
    Set<Same> begun = new HashSet<>();
    try {
      for (LaneCall call : unoffered) {
        if (call.at().topic().equals(Topics.RETRIES)) {
          later.add(call);
        } else if (offer(lane(call), call)) {
          begun.add(Same.of(call.request().cancel()));
        }
      }
      for (LaneCall call : later) {
        offer(lane(call), call, whose.apply(call.request().cancel()), begun);
      }
    } catch (RuntimeException e) {
      withdraw();
      throw e;
    }
    unoffered.clear();
    handed.removeAll(meanwhile); // not before: the next task is to hear of it if this one fails
    meanwhile.clear();
  }

  private List<KeyValue<String, byte[]>> all() {
    List<KeyValue<String, byte[]>> entries = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(entries::add);
    }
    return entries;
  }

  /** A first attempt that its decision announces if it need not wait. */
  public LaneCall announced(CancelRequest request, Evidence at, String attemptId) {
    return new LaneCall(request, at, attemptId, id -> handed.add(new Handed(id, at)));
  }

  /**
   * Whether an intent is read again whose first attempt was found in the store: it waits, or was
   * made since.
   */
  public boolean found(Cancel cancel) {
    return found(
        LaneCall.id(cancel.order().key(), RequestKind.CANCEL, 1, cancel.cancelId()),
        cancel.intent());
  }

  private boolean found(String id, Evidence at) {
    Found found = restored.get(id);
    return found != null && found.at().equals(at);
  }

  /**
   * A first attempt, which its decision announces if it need not wait; else it is kept. One that
   * was found in the store waits, or has a marker of its own by now, as if it had been read once.
   * Where the ledger has asked for another one since, and that waits, it is the one that is made.
   */
  public VenueLane.Offer first(VenueLane lane, LaneCall call) {
    if (found(call.id(), call.at())) {
      readAgain(call.id());
      return VenueLane.Offer.QUEUED;
    }
    Lane its = Lane.of(call.request());
    String other = another(lane, call);
    if (other != null) {
      hurry(lane, other, its);
      return VenueLane.Offer.QUEUED;
    }
    List<String> others = heldFor(call);
    if (!others.isEmpty()) {
      others.forEach(id -> standingFor.put(id, its));
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
  public void later(VenueLane lane, CancelRequest request, Evidence at, Whose whose) {
    LaneCall call = call(request, at);
    if (found(call.id(), at)) {
      readAgain(call.id());
    } else if (whose != Whose.OTHERS && !anotherWaits(lane, call) && !markedSince(lane, call)) {
      keep(call);
      offer(lane, call, whose, new HashSet<>());
    }
  }

  /**
   * @param begun cancels for which a call was offered just now: its marker, too, is still to come
   */
  private void offer(VenueLane lane, LaneCall call, Whose whose, Set<Same> begun) {
    Same cancel = Same.of(call.request().cancel());
    if (asksForAnyCall(call.request()) && begun.contains(cancel)) {
      giveWay(lane, call);
      return;
    }
    switch (whose) {
      case OURS -> {
        if (asksForAnyCall(call.request())
            && !markedSince(lane, call)
            && lane.markers().comes(call.request())) {
          unsure.add(new Unsure(new Held(lane, call), Instant.now().plus(MARKED_WITHIN)));
        } else {
          offerKnown(lane, call, begun);
        }
      }
      case UNKNOWN ->
          held.computeIfAbsent(call.request().cancel().intent().offset(), _ -> new ArrayList<>())
              .add(new Held(lane, call));
      case OTHERS -> forget(call.id());
    }
  }

  /** Where its markers stand is known, or nobody waits for that any more. */
  private void offerKnown(VenueLane lane, LaneCall call, Set<Same> begun) {
    Same cancel = Same.of(call.request().cancel());
    boolean another =
        (asksForAnyCall(call.request()) && begun.contains(cancel))
            || anotherWaits(lane, call)
            || markedSince(lane, call);
    if (another) {
      giveWay(lane, call);
    } else if (offer(lane, call) && call.request().kind() == RequestKind.CANCEL) {
      begun.add(cancel);
    }
  }

  /** Another call of its cancel is enough; if that waits, it waits where this one would have. */
  private void giveWay(VenueLane lane, LaneCall call) {
    Lane standsFor = standingFor.get(call.id());
    String other = another(lane, call);
    if (standsFor != null && other != null) {
      hurry(lane, other, standsFor);
    }
    forget(call.id());
  }

  /** It stands for a first attempt, whose lane may be a faster one. */
  private static void hurry(VenueLane lane, String id, Lane to) {
    if (to == Lane.KILL || to == Lane.PRIORITY) {
      lane.hurry(id, to);
    }
  }

  /** Whether a marker or an answer of this offer's is still to come. */
  private boolean offer(VenueLane lane, LaneCall call) {
    VenueLane.Offer offer = lane.offer(call);
    Lane standsFor = standingFor.remove(call.id());
    if (standsFor != null) {
      hurry(lane, call.id(), standsFor);
    }
    if (offer == VenueLane.Offer.QUEUED && hurried.test(call.request().cancel())) {
      lane.hurry(Set.of(call.id()));
    }
    return offer != VenueLane.Offer.KNOWN || lane.waits(call.id());
  }

  /**
   * Whether another call to cancel for the same cancel waits, unbegun and kept: one marker is as
   * good as the other. Not where the venue wants to see something again: only this one has it.
   */
  private boolean anotherWaits(VenueLane lane, LaneCall call) {
    return another(lane, call) != null;
  }

  private @Nullable String another(VenueLane lane, LaneCall call) {
    if (!asksForAnyCall(call.request())) {
      return null;
    }
    for (String id : ofCancel.getOrDefault(of(call.request().cancel()), Set.of())) {
      if (!id.equals(call.id()) && serves(kept.get(id), call) && lane.waits(id)) {
        return id;
      }
    }
    return null;
  }

  /**
   * Whether this process has marked a call for the same cancel behind the record that the request
   * follows from: the ledger reads that marker after it has asked, and waits for its answer.
   */
  private static boolean markedSince(VenueLane lane, LaneCall call) {
    return asksForAnyCall(call.request()) && lane.markers().behind(call.request());
  }

  /**
   * Offers, or forgets, what waited until it is known where markers stand that were on their way.
   */
  public void offerUnsure(Instant now) {
    if (unsure.isEmpty()) {
      return;
    }
    List<Unsure> all = List.copyOf(unsure);
    unsure.clear();
    Set<Same> begun = new HashSet<>();
    for (Unsure one : all) {
      VenueLane lane = one.held().lane();
      LaneCall call = one.held().call();
      if (!kept.containsKey(call.id())) {
        continue; // its cancel has its outcome
      }
      if (now.isBefore(one.until())
          && !lane.markers().behind(call.request())
          && lane.markers().comes(call.request())) {
        unsure.add(one);
      } else {
        offerKnown(lane, call, begun);
      }
    }
  }

  /**
   * Others that are offered as soon as the intent that asks for this one has been read, or as it is
   * known that no marker stands for them.
   */
  private List<String> heldFor(LaneCall call) {
    List<Held> others = held.getOrDefault(call.request().cancel().intent().offset(), List.of());
    return Stream.concat(others.stream(), unsure.stream().map(Unsure::held))
        .map(Held::call)
        .filter(other -> kept.containsKey(other.id()) && serves(other, call))
        .map(LaneCall::id)
        .toList();
  }

  private static boolean serves(@Nullable LaneCall other, LaneCall call) {
    return other != null
        && other.request().kind() == RequestKind.CANCEL
        && same(other.request().cancel(), call.request().cancel());
  }

  private static boolean asksForAnyCall(CancelRequest request) {
    return request.kind() == RequestKind.CANCEL && request.continuation() == null;
  }

  private static boolean same(Cancel one, Cancel other) {
    return Same.of(one).equals(Same.of(other));
  }

  /** The task has read the intents before {@code offset}. */
  public void passed(long offset, Function<Cancel, Whose> whose) {
    if (held.isEmpty()) {
      return;
    }
    NavigableMap<Long, List<Held>> read = held.headMap(offset, false);
    List<Held> ready = read.values().stream().flatMap(List::stream).toList();
    read.clear();
    Set<Same> begun = new HashSet<>();
    for (Held each : ready) {
      if (kept.containsKey(each.call().id())) {
        offer(each.lane(), each.call(), whose.apply(each.call().request().cancel()), begun);
      }
    }
  }

  /**
   * A cancel has its outcome: what waits for it is of no use any more, whoever asked, and a call to
   * cancel could make the outcome false. What is being made goes on.
   */
  public void settled(Cancel cancel) {
    for (String id : List.copyOf(ofCancel.getOrDefault(of(cancel), Set.of()))) {
      LaneCall call = kept.get(id);
      if (call != null && same(call.request().cancel(), cancel)) {
        lane(call).withdraw(id);
        forget(id);
      }
    }
  }

  /**
   * A mass cancel has joined the cancel {@code leader} of its order: what of that waits for its
   * venue goes on in the lane of mass cancels. What comes later, or after a restart, is looked up.
   */
  public void hurry(VenueLane lane, String key, String leader) {
    lane.hurry(Set.copyOf(ofCancel.getOrDefault(of(key, leader), Set.of())));
  }

  private VenueLane lane(LaneCall call) {
    return Objects.requireNonNull(lanes.get(call.request().cancel().order().venue()));
  }

  private static String of(Cancel cancel) {
    return of(cancel.order().key(), cancel.cancelId());
  }

  private static String of(String key, String cancelId) {
    return key + '#' + cancelId;
  }

  /** Forgets the calls that the ledger answers for; what cannot be forgotten is the next task's. */
  public void forgetHanded() {
    for (Handed each = handed.peek(); each != null; each = handed.peek()) {
      forget(each.id());
      Handed _ = handed.poll();
    }
  }

  /**
   * Forgets the calls that nobody will answer for any more: too late for any call. Looks through
   * all of them, so not often.
   */
  public void forgetLate(Instant now) {
    if (now.isBefore(lookThrough)) {
      return;
    }
    lookThrough = now.plus(LATE_EVERY);
    for (LaneCall call : kept.values()) {
      if (call.request().cancel().deadline().plus(AFTER_DEADLINE).isBefore(now)) {
        forget(call.id());
      }
    }
    restored.values().removeIf(found -> found.deadline().plus(AFTER_DEADLINE).isBefore(now));
  }

  private void forget(String id) {
    standingFor.remove(id);
    LaneCall call = kept.remove(id);
    if (call != null) {
      store.delete(id);
      ofCancel.computeIfPresent(
          of(call.request().cancel()),
          (_, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
          });
    }
  }

  /** When there will be something to forget; {@link Instant#MAX}: never, as it is now. */
  public Instant forgetNext(Instant now) {
    return !kept.isEmpty()
        ? now.plus(HANDED_EVERY)
        : restored.isEmpty() ? Instant.MAX : now.plus(AFTER_DEADLINE);
  }

  /**
   * The task goes to another owner, or ends: so do its calls that were not begun, whatever becomes
   * of the store.
   */
  public void close() {
    withdraw();
    forgetHanded();
  }

  private void withdraw() {
    lanes.values().forEach(lane -> lane.withdraw(kept::containsKey));
  }

  /**
   * The record that asked for a call that was found is read again. Only such a call may stand on
   * this disk alone, where the record that tells other disks of it was lost: offsets were not
   * committed then. They will be now, so it is put into the store once more.
   */
  private void readAgain(String id) {
    restored.remove(id);
    LaneCall call = kept.get(id);
    if (call != null) { // else it was made since
      put(call);
    }
  }

  private void keep(LaneCall call) {
    if (remember(call)) {
      put(call);
    }
  }

  private void put(LaneCall call) {
    store.put(call.id(), StateCodec.bytes(new WaitingCall(call.request(), call.at())));
  }

  /** False: it was kept already. */
  private boolean remember(LaneCall call) {
    boolean fresh = kept.putIfAbsent(call.id(), call) == null;
    if (fresh) {
      ofCancel.computeIfAbsent(of(call.request().cancel()), _ -> new HashSet<>()).add(call.id());
    }
    return fresh;
  }

  private LaneCall call(CancelRequest request, Evidence at) {
    return new LaneCall(request, at, null, id -> handed.add(new Handed(id, at)));
  }
}
