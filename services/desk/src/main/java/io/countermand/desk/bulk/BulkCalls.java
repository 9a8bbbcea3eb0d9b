// Over 300 lines: the whole way of one call for many, from its list to each answer.
package io.countermand.desk.bulk;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.decision.LaneQueue;
import io.countermand.domain.mass.BulkRule;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.CallResult;
import io.countermand.venues.OrderPage;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one call in the place of many that wait for a venue's rate. For cancels of mass cancels:
 * the venue's call for all of an account, if a list right before it shows that it hits nothing
 * else. For status queries: the venue's list. Each attempt has its own marker before the call, and
 * its own answer after; who reads the log sees no difference.
 *
 * <pre>
 * account held: no call begins that may ride (1), those under way end
 * list ──> strangers? ──> released, no such call for a while; each has its own
 *   │ no
 * permits ──> out of the queue ──> every marker durable ──> told of ──> list ──> strangers?
 *                                    │ not all                              │ no     │
 *                                    │                 call ──> answers ──> told     │
 *                                    └──> NotSent to each <──────────────────────────┘
 * </pre>
 *
 * <p>(1) From the second list on none at all: what is said of a single call must not be changed by
 * the call for many. The account is released as soon as each that rides has its answer. One at a
 * time in a lane, on a virtual thread of its own. Thread-safe.
 *
 * @param <C> a call of one order
 */
public final class BulkCalls<C> {

  private static final Logger LOG = LoggerFactory.getLogger(BulkCalls.class);

  /** So many calls of single orders go before the next list, after one that led to nothing. */
  static final int SINGLES = 10;

  private static final long LOOK_EVERY = Duration.ofMillis(50).toNanos();
  private static final long GROWS = Duration.ofSeconds(1).toNanos();
  private static final Duration TELL = Duration.ofSeconds(30);
  private static final Duration PERMITS = Duration.ofSeconds(5);
  private static final int MOST_UNLISTED = 20_000;

  /** How a try to cancel ended. */
  private enum Ended {
    /** No call was made. */
    NOT_MADE,
    /** It was made, and not accepted, or nobody knows. */
    UNHEARD,
    ACCEPTED
  }

  private final String venue;
  private final VenueAdapter adapter;
  private final CallRules rules;
  private final int fewest;
  private final BulkLane<C> way;
  private final LongSupplier nanos;
  private final AccountRests rests = new AccountRests();
  private final AccountRests lists = new AccountRests(); // of those for status queries
  private final Set<String> unlisted = new HashSet<>(); // of the one thread that is busy
  private final AtomicInteger owed = new AtomicInteger(); // calls of single orders
  private int most = Integer.MAX_VALUE; // of the one thread that is busy
  private int held; // permits, of the one thread that is busy
  private volatile boolean busy;
  private volatile boolean calling; // or about to, by a list that is asked for
  private long lookNanos;
  private int seen; // calls of mass cancels that waited when it was looked last
  private boolean growing;
  private long growsFromNanos;

  public BulkCalls(
      String venue, VenueAdapter adapter, CallRules rules, Rate rate, BulkLane<C> way) {
    this(venue, adapter, rules, rate, way, System::nanoTime);
  }

  /**
   * @param nanos as {@link System#nanoTime}
   */
  BulkCalls(
      String venue,
      VenueAdapter adapter,
      CallRules rules,
      Rate rate,
      BulkLane<C> way,
      LongSupplier nanos) {
    this.nanos = nanos;
    this.lookNanos = nanos.getAsLong();
    this.venue = venue;
    this.adapter = adapter;
    this.rules = rules;
    this.way = way;
    Duration each = rate.period().dividedBy(rate.permits());
    long patient = each.isZero() ? Integer.MAX_VALUE : BulkRule.PATIENCE.dividedBy(each);
    this.fewest = Math.clamp(patient, BulkRule.FEWEST, Integer.MAX_VALUE);
  }

  /**
   * Whether a call that is permitted is used up here: it begins at once, elsewhere. Only mass
   * cancels' calls count, before which no others go. Under the lane's lock.
   */
  public boolean begins(LaneQueue<C> queue) {
    long now = nanos.getAsLong();
    if (busy || owed.get() > 0 || queue.size() < fewest || now - lookNanos < 0) {
      return false;
    }
    lookNanos = now + LOOK_EVERY;
    List<String> crowded =
        grows(queue.size(Lane.KILL), now) ? List.of() : queue.crowded(Lane.KILL, fewest);
    for (String account : crowded) {
      if (rests.over(account, now) && able()) {
        queue.hold(account, this::stays); // a call under way would be a stranger
        seen = 0;
        begin("bulk-" + venue, () -> cancel(account));
        return true;
      }
    }
    if (queue.size() == queue.size(Lane.STATUS)) { // a query comes after all else
      for (String account : queue.crowded(Lane.STATUS, fewest)) {
        if (lists.over(account, now)
            && able()
            && !queries(queue.waiting(Lane.STATUS, account)).isEmpty()) {
          begin("list-" + venue, () -> ask(account));
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether one of the held account waits: a first attempt of no mass cancel does for no list, and
   * nothing does until it is too late for a call of its own.
   */
  private boolean stays(LaneQueue.Waiting<C> one) {
    boolean others = one.lane() == Lane.PRIORITY || one.lane() == Lane.FRESH;
    return calling || (!others && one.deadline().isAfter(soon()));
  }

  private void release() {
    calling = false;
    way.release();
  }

  /** What ends by then has a call of its own. */
  private Instant soon() {
    return Instant.now().plus(rules.callTimeout().multipliedBy(2));
  }

  /** A mass cancel's calls come in one after the other: those that lack still are strangers. */
  private boolean grows(int size, long now) {
    boolean grown = size > seen;
    seen = size;
    if (!grown) {
      growing = false;
    } else if (!growing) {
      growing = true;
      growsFromNanos = now;
    }
    return grown && now - growsFromNanos < GROWS;
  }

  /** A call of a single order begins. Under the lane's lock. */
  public void single() {
    int _ = owed.updateAndGet(singles -> Math.max(0, singles - 1));
  }

  /** A list led to nothing: whatever accounts there are, the rate is the single calls' now. */
  private void inVain() {
    int _ = owed.addAndGet(SINGLES);
  }

  private boolean able() {
    return adapter.capabilities().cancelsAll() && adapter.capabilities().canList();
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void begin(String name, Work work) {
    busy = true;
    held = 1;
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.atError()
                    .addKeyValue("venue", venue)
                    .addKeyValue("error", e.getClass().getName())
                    .log("call for many failed unexpectedly; each has its own");
              } finally {
                giveBack();
                release();
                busy = false;
              }
            });
  }

  /** The permits that are taken and not used up. */
  private void giveBack() {
    while (held > 0) {
      held--;
      way.notMade();
    }
  }

  // ---- cancels ----

  /** A permit is taken. */
  private void cancel(String account) throws InterruptedException {
    if (!way.quiet(account, rules.callTimeout())) {
      giveBack();
      ended(account, Ended.NOT_MADE);
      return;
    }
    OrderPage first = list(account, rules.callTimeout().dividedBy(2));
    if (!exact(first, account) || !permits()) {
      LOG.atInfo()
          .addKeyValue("venue", venue)
          .addKeyValue("account", account)
          .addKeyValue("listed", first.orders().size())
          .addKeyValue("waiting", way.waiting(Lane.KILL, account).size())
          .log("no call for all of an account yet: it would hit more than what waits");
      ended(account, Ended.NOT_MADE);
      return;
    }
    Gathered<C> gathered = gather(chosen(first, way.waiting(Lane.KILL, account)));
    if (gathered.calls().isEmpty()) {
      giveBack();
      ended(account, Ended.NOT_MADE);
      return;
    }
    Ended ended = Ended.UNHEARD;
    try {
      ended = called(account, gathered);
    } finally {
      notSent(gathered, "failed unexpectedly");
      ended(account, ended);
    }
  }

  /** Only the first word counts. */
  private void notSent(Gathered<C> gathered, String why) {
    var reply =
        new Reply.NotSent(
            Reason.RATE_LIMITED, ReplyDetails.of(null, "no call for all of the account: " + why));
    gathered.gathering().answered(_ -> CallResult.local(reply, Instant.now()));
  }

  /** When the account is tried again. */
  private void ended(String account, Ended how) {
    long now = nanos.getAsLong();
    switch (how) {
      case ACCEPTED -> rests.served(account, now);
      case NOT_MADE -> {
        inVain();
        rests.inVain(account, now);
      }
      case UNHEARD -> {
        boolean over = rests.unheard(account, now);
        LOG.atWarn()
            .addKeyValue("venue", venue)
            .addKeyValue("account", account)
            .addKeyValue("again", !over)
            .log("a call for all of an account was not accepted; each order has its own");
      }
    }
  }

  /** For the list and for the call behind it, so that nothing comes between. */
  private boolean permits() throws InterruptedException {
    for (int permit = 0; permit < 2; permit++) {
      if (!way.permit(PERMITS)) {
        giveBack();
        return false;
      }
      held++;
    }
    return true;
  }

  /**
   * Two permits are taken. Each of those that ride has its answer then. From the first marker on,
   * all takes no longer than one call may: a third for the markers, one for record and list.
   */
  private Ended called(String account, Gathered<C> gathered) throws InterruptedException {
    long start = nanos.getAsLong();
    Duration third = rules.callTimeout().dividedBy(3);
    if (!gathered.gathering().complete(third)) {
      most = mostAfter(gathered.calls().size());
      giveBack();
      way.unmade(gathered.calls());
      notSent(gathered, "not every order's marker was written in time");
      return Ended.NOT_MADE;
    }
    List<CancelRequest> requests = gathered.calls().stream().map(way::request).toList();
    Set<String> keys =
        requests.stream().map(one -> one.cancel().order().key()).collect(Collectors.toSet());
    String callId = UUID.randomUUID().toString();
    if (!tell(account, riders(requests), callId, List.of(), false, third.dividedBy(2))) {
      return unmade(account, gathered, requests, callId, "it could not be told of in time");
    }
    if (!way.may()) {
      return unmade(account, gathered, requests, callId, "the desk gives orders up");
    }
    calling = true;
    OrderPage again = list(account, left(start, third.multipliedBy(2)));
    var plan = BulkRule.plan(again.orders(), keys, way.taken());
    Instant now = Instant.now();
    Duration rest = left(start, rules.callTimeout());
    if (!way.may()
        || !whole(again)
        || !plan.exact()
        || rest.compareTo(third) < 0
        || requests.stream().anyMatch(one -> rules.late(one, now) != null)) {
      int strangers = plan.strangers().size();
      String why =
          strangers == 0
              ? "the venue's list did not show the orders in time"
              : "it would hit " + strangers + " orders that are not to be cancelled";
      return unmade(account, gathered, requests, callId, why);
    }
    Duration timeout =
        requests.stream()
            .map(one -> rules.timeout(one, now))
            .min(Duration::compareTo)
            .orElseThrow();
    Instant sentAt = Instant.now();
    try {
      BulkAnswer all = cancelAll(account, timeout.compareTo(rest) < 0 ? timeout : rest);
      gathered.gathering().answered(order -> answer(all, order));
      release(); // not when it is told of, which may take longer
      Reply reply = all.answer().reply();
      if (!(reply instanceof Reply.Ambiguous)) {
        List<String> beyond = beyond(account, keys, all);
        boolean _ = tell(account, riders(requests), callId, beyond, true, TELL);
      }
      return reply instanceof Reply.Accepted ? Ended.ACCEPTED : Ended.UNHEARD;
    } finally { // whatever fails here, the call may have reached the venue
      var unclear = new Reply.Ambiguous(ReplyDetails.of(null, "failed unexpectedly"));
      gathered
          .gathering()
          .answered(_ -> new CallResult(unclear, true, sentAt, Instant.now(), null, null));
    }
  }

  /** It was told of, and is not made. */
  private Ended unmade(
      String account, Gathered<C> gathered, List<CancelRequest> requests, String callId, String why)
      throws InterruptedException {
    giveBack();
    way.unmade(gathered.calls());
    notSent(gathered, why);
    release(); // not when it is told of, which may take longer
    Map<String, Integer> none = riders(requests);
    none.replaceAll((_, _) -> 0);
    boolean _ = tell(account, none, callId, List.of(), true, TELL);
    return Ended.NOT_MADE;
  }

  private BulkAnswer cancelAll(String account, Duration timeout) {
    Instant start = Instant.now();
    BulkAnswer all;
    try {
      all = adapter.cancelAll(account, timeout);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("venue", venue)
          .addKeyValue("error", e.getClass().getName())
          .log("adapter threw, which it must not; taken for ambiguous");
      var unclear =
          new Reply.Ambiguous(
              ReplyDetails.of(null, "adapter failed: " + e.getClass().getSimpleName()));
      all = BulkAnswer.none(new CallResult(unclear, true, start, Instant.now(), null, null));
    }
    held--;
    way.called(all.answer(), Duration.between(start, all.answer().repliedAt()));
    return all;
  }

  private static CallResult answer(BulkAnswer all, OrderRef order) {
    CallResult whole = all.answer();
    return new CallResult(
        all.of(order.orderId()),
        whole.sent(),
        whole.sentAt(),
        whole.repliedAt(),
        whole.request(),
        all.recorded(order.orderId()));
  }

  /** So many markers were not written in time: as many are carried no more, unless they are few. */
  static int mostAfter(int failed) {
    return Math.max(1_000, failed - 1);
  }

  private Duration left(long startNanos, Duration within) {
    long left = within.toNanos() - (nanos.getAsLong() - startNanos);
    return Duration.ofNanos(Math.max(1, left));
  }

  /** What was hit that did not ride; a report leaves out what is in its scope all the same. */
  private List<String> beyond(String account, Set<String> keys, BulkAnswer all) {
    List<String> beyond =
        all.orderIds().stream()
            .map(id -> new OrderRef(venue, account, id).key())
            .filter(key -> !keys.contains(key))
            .sorted()
            .toList();
    if (!beyond.isEmpty()) {
      LOG.atError()
          .addKeyValue("venue", venue)
          .addKeyValue("account", account)
          .addKeyValue("orders", beyond)
          .log("a call for all of an account hit orders that it did not carry");
    }
    return beyond;
  }

  /** How many ride for each mass cancel. */
  private static Map<String, Integer> riders(List<CancelRequest> requests) {
    Map<String, Integer> masses = new TreeMap<>();
    for (CancelRequest one : requests) {
      String massId = one.cancel().massId();
      if (massId != null) {
        masses.merge(massId, 1, Integer::sum);
      }
    }
    return masses;
  }

  /**
   * Each mass cancel hears how many ride for it; false: not each of them, in time.
   *
   * @param masses 0 where the call is not made after all
   * @param told whether it is known what the call did, or that it is not made
   */
  private boolean tell(
      String account,
      Map<String, Integer> masses,
      String callId,
      List<String> beyond,
      boolean told,
      Duration within)
      throws InterruptedException {
    long start = nanos.getAsLong();
    boolean durable = true;
    for (Map.Entry<String, Integer> mass : masses.entrySet()) {
      int orders = mass.getValue();
      var part = new MassPart.Bulk(callId, venue, account, orders, beyond, told);
      durable &= way.tell(mass.getKey(), part, left(start, within));
    }
    return durable;
  }

  private boolean exact(OrderPage page, String account) {
    return !chosen(page, way.waiting(Lane.KILL, account)).isEmpty();
  }

  /** Ids of calls that ride, by the list; empty: the call must not be made, or is not worth it. */
  private List<String> chosen(OrderPage page, List<LaneQueue.Waiting<C>> waiting) {
    Map<String, String> ids = new HashMap<>(); // by order key
    boolean ofMass = false;
    Instant soon = soon();
    for (LaneQueue.Waiting<C> one : waiting) {
      CancelRequest request = way.request(one.what());
      Cancel cancel = request.cancel();
      boolean plain = !cancel.order().named() && request.continuation() == null;
      if (plain && cancel.deadline().isAfter(soon)) { // what it wants to see again, all cannot show
        ofMass |= cancel.massId() != null; // one that only joins others' cancels could not be told
        ids.putIfAbsent(cancel.order().key(), one.id());
      }
    }
    var plan = BulkRule.plan(page.orders(), ids.keySet(), way.taken());
    int size = plan.carried().size();
    return whole(page) && ofMass && plan.exact() && size >= fewest && size <= most
        ? ids.entrySet().stream()
            .filter(each -> plan.carried().contains(each.getKey()))
            .map(Map.Entry::getValue)
            .toList()
        : List.of();
  }

  /** Whether it shows every open order there is. */
  private static boolean whole(OrderPage page) {
    return page.told() && page.whole() && page.next() == null;
  }

  // ---- status queries ----

  /** A permit is taken. */
  private void ask(String account) throws InterruptedException {
    Gathered<C> gathered = gather(queries(way.waiting(Lane.STATUS, account)));
    boolean complete = false;
    Duration third = rules.callTimeout().dividedBy(3);
    try {
      complete = !gathered.calls().isEmpty() && gathered.gathering().complete(third);
      if (!complete) {
        giveBack();
        askSingly(account, gathered);
        return;
      }
      Instant sentAt = Instant.now();
      OrderPage page = list(account, third);
      Instant repliedAt = Instant.now();
      Map<OrderRef, OrderEvent> listed = new HashMap<>();
      page.orders().forEach(event -> listed.put(event.order(), event));
      if (page.told()) {
        remember(gathered, listed.keySet());
        lists.served(account, nanos.getAsLong());
      } else {
        askSingly(account, gathered);
      }
      gathered.gathering().answered(order -> told(page, listed, order, sentAt, repliedAt));
    } finally {
      gathered
          .gathering()
          .answered(
              _ ->
                  CallResult.local(
                      new Reply.NotSent(
                          Reason.RATE_LIMITED, ReplyDetails.of(null, "no list was asked for")),
                      Instant.now()));
    }
  }

  /** No list told anything: each is asked for by itself, and the next list is put off. */
  private void askSingly(String account, Gathered<C> gathered) {
    remember(gathered, Set.of());
    inVain();
    lists.inVain(account, nanos.getAsLong());
  }

  /** Those that the list does not name are asked for one by one. */
  private void remember(Gathered<C> gathered, Set<OrderRef> listed) {
    if (unlisted.size() > MOST_UNLISTED) {
      unlisted.clear();
    }
    for (C call : gathered.calls()) {
      OrderRef order = way.request(call).cancel().order();
      if (!listed.contains(order)) {
        unlisted.add(order.key());
      }
    }
  }

  private static CallResult told(
      OrderPage page,
      Map<OrderRef, OrderEvent> listed,
      OrderRef order,
      Instant sentAt,
      Instant repliedAt) {
    OrderEvent event = listed.get(order);
    String code = page.reply().told().code();
    Reply reply =
        event != null
            ? new Reply.Status(
                new ReplyDetails(
                    code,
                    null,
                    event.ordStatus(),
                    event.rawStatus(),
                    event.cumQty(),
                    event.venueTime()))
            : page.told()
                ? new Reply.Ambiguous(ReplyDetails.of(code, "not in the venue's list of orders"))
                : page.reply();
    return reply instanceof Reply.NotSent
        ? CallResult.local(reply, repliedAt)
        : new CallResult(reply, true, sentAt, repliedAt, "list of the account's orders", null);
  }

  private List<String> queries(List<LaneQueue.Waiting<C>> waiting) {
    List<String> ids =
        waiting.stream()
            .filter(
                one -> {
                  CancelRequest request = way.request(one.what());
                  OrderRef order = request.cancel().order();
                  return request.kind() == RequestKind.STATUS
                      && !order.named()
                      && !unlisted.contains(order.key());
                })
            .map(LaneQueue.Waiting::id)
            .toList();
    return ids.size() >= fewest ? ids : List.of();
  }

  // ---- both ----

  private record Gathered<C>(List<C> calls, CarriedAttempts gathering) {}

  private Gathered<C> gather(List<String> ids) {
    var made = new AtomicReference<>(new CarriedAttempts(0));
    List<C> calls =
        way.carry(
            ids,
            size -> {
              var gathering = new CarriedAttempts(size);
              made.set(gathering);
              return gathering;
            });
    return new Gathered<>(calls, Objects.requireNonNull(made.get()));
  }

  /** The venue's list; uses a permit up. */
  private OrderPage list(String account, Duration timeout) {
    long start = nanos.getAsLong();
    OrderPage page = OrderPage.failed(new Reply.Ambiguous(ReplyDetails.NOTHING));
    try {
      page = adapter.openOrders(account, null, timeout);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("venue", venue)
          .addKeyValue("error", e.getClass().getName())
          .log("adapter threw, which it must not; taken for no answer");
    } finally {
      held--;
      way.listed(page.reply(), Duration.ofNanos(nanos.getAsLong() - start));
    }
    return page;
  }
}
