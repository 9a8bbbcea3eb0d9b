package io.countermand.simulator.journal;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.Effect;
import io.countermand.simulator.book.Order;
import io.countermand.simulator.book.OrderChange;
import io.countermand.simulator.journal.JournalEntry.Answered;
import io.countermand.simulator.journal.JournalEntry.Changed;
import io.countermand.simulator.journal.JournalEntry.Received;
import io.countermand.simulator.options.JournalOptions;
import io.countermand.simulator.request.CallKind;
import io.countermand.simulator.request.VenueRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What really happened: every request, what it did, every change of an order. Append-only,
 * thread-safe.
 */
public final class Journal implements AutoCloseable {

  private static final int EXCERPT = 500;

  private final Deque<JournalEntry> entries = new ArrayDeque<>();
  private final Map<Counted, Long> counts = new LinkedHashMap<>();
  private final InstantSource clock;
  private final int keep;
  private final @Nullable JournalFile file;
  private long seq;
  private long calls;

  private Journal(InstantSource clock, int keep, @Nullable JournalFile file) {
    this.clock = clock;
    this.keep = keep;
    this.file = file;
  }

  /** Opens the journal and reads back what its file holds. */
  public static Journal open(JournalOptions options, InstantSource clock) throws IOException {
    if (options.file() == null) {
      return new Journal(clock, options.keep(), null);
    }
    var before = JournalFile.read(options.file());
    var journal = new Journal(clock, options.keep(), JournalFile.append(options.file()));
    before.forEach(journal::retain);
    return journal;
  }

  /** What a journal file holds, for comparing in another process; nothing is written to it. */
  public static Journal read(Path file) throws IOException {
    var journal = new Journal(InstantSource.system(), Integer.MAX_VALUE, null);
    JournalFile.read(file).forEach(journal::retain);
    return journal;
  }

  /** Returns the request's number. */
  public synchronized long received(VenueRequest ask, String account) {
    long call = calls + 1;
    append(
        new Received(
            seq + 1,
            now(),
            call,
            ask.kind(),
            ask.venue(),
            account.isEmpty() ? null : account,
            ask.orderId(),
            ask.request(),
            ask.traceparent(),
            excerpt(ask.safeBody())));
    return call;
  }

  public synchronized void answered(
      long call, Effect effect, @Nullable String fault, int status, String answer) {
    append(new Answered(seq + 1, now(), call, effect, fault, status, excerpt(answer)));
  }

  public synchronized void changed(OrderChange change) {
    append(new Changed(seq + 1, now(), change.order(), change.cause(), change.call()));
  }

  /** Entries from {@code seq} on, at most {@code limit}. */
  public synchronized List<JournalEntry> since(long seq, int limit) {
    return entries.stream().filter(entry -> entry.seq() >= seq).limit(limit).toList();
  }

  /** All requests, in the order of arrival. */
  public List<JournalCall> calls() {
    return calls(received -> true);
  }

  public List<JournalCall> calls(CallKind kind) {
    return calls(received -> received.kind() == kind);
  }

  /** The requests that named this order, whatever they asked for. */
  public List<JournalCall> calls(OrderRef order) {
    return calls(
        received ->
            received.venue().equals(order.venue())
                && Objects.equals(received.orderId(), order.orderId())
                && (received.account() == null || received.account().equals(order.account())));
  }

  /** How many requests of this kind a venue got, kept in memory or not. */
  public synchronized long count(String venue, CallKind kind) {
    return counts.getOrDefault(new Counted(venue, kind), 0L);
  }

  public synchronized List<Changed> changes(OrderRef order) {
    return entries.stream()
        .filter(entry -> entry instanceof Changed changed && changed.order().ref().equals(order))
        .map(Changed.class::cast)
        .toList();
  }

  /**
   * Every order that the journal names, with its requests and changes. An order that a request
   * named without its account, and that the book did not have, stands under the account "".
   */
  public Map<OrderRef, OrderRecord> histories() {
    var histories = new LinkedHashMap<OrderRef, OrderRecord>();
    for (var call : calls()) {
      var received = call.received();
      if (received.orderId() != null) {
        var account = received.account() == null ? "" : received.account();
        var ref = new OrderRef(received.venue(), account, received.orderId());
        history(histories, ref).calls().add(call);
      }
    }
    for (var entry : since(1, Integer.MAX_VALUE)) {
      if (entry instanceof Changed changed) {
        history(histories, changed.order().ref()).changes().add(changed);
      }
    }
    return histories;
  }

  /** The last known state of every order. */
  public synchronized Collection<Order> orders() {
    var orders = new LinkedHashMap<OrderRef, Order>();
    for (var entry : entries) {
      if (entry instanceof Changed changed) {
        orders.put(changed.order().ref(), changed.order());
      }
    }
    return orders.values();
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private synchronized List<JournalCall> calls(Predicate<Received> which) {
    var answers = new LinkedHashMap<Long, Answered>();
    var received = new ArrayList<Received>();
    for (var entry : entries) {
      switch (entry) {
        case Received asked when which.test(asked) -> received.add(asked);
        case Answered answered -> answers.put(answered.call(), answered);
        default -> {}
      }
    }
    return received.stream()
        .map(asked -> new JournalCall(asked, answers.get(asked.call())))
        .toList();
  }

  private static OrderRecord history(Map<OrderRef, OrderRecord> histories, OrderRef ref) {
    return histories.computeIfAbsent(
        ref, any -> new OrderRecord(new ArrayList<>(), new ArrayList<>()));
  }

  private void append(JournalEntry entry) {
    if (file != null) {
      try {
        file.write(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    retain(entry);
  }

  private void retain(JournalEntry entry) {
    seq = entry.seq();
    if (entry instanceof Received received) {
      calls = received.call();
      counts.merge(new Counted(received.venue(), received.kind()), 1L, Long::sum);
    }
    if (keep > 0) {
      if (entries.size() == keep) {
        entries.removeFirst();
      }
      entries.addLast(entry);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static String excerpt(String text) {
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT);
  }

  private record Counted(String venue, CallKind kind) {}
}
