package io.countermand.client;

import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A cancel that was handed to Kafka. Its futures complete exceptionally with {@link
 * ClientException} only; what depends on them runs on a virtual thread of its own, and may block.
 * Thread-safe.
 */
public final class SentCancel {

  private static final Executor OWN_THREAD = Executors.newVirtualThreadPerTaskExecutor();

  private final OrderKey order;
  private final CancelIntent intent;
  private final CompletableFuture<RecordMetadata> published = new CompletableFuture<>();
  private final CompletableFuture<EventRecord<CancelOutcome>> answered = new CompletableFuture<>();
  private final CompletableFuture<CancelOutcome> outcome;

  /** By {@link System#nanoTime}; not set before Kafka has the intent. */
  private volatile long end;

  private volatile boolean ends;

  /**
   * By how much this machine's clock is behind the broker's at least: the broker appended between
   * sending and acknowledgement, which may be long after.
   */
  private volatile Duration behind = Duration.ZERO;

  SentCancel(OrderKey order, CancelIntent intent) {
    this.order = order;
    this.intent = intent;
    this.outcome = answered.thenApply(EventRecord::value);
    var _ =
        outcome.whenComplete(
            (_, _) -> answered.cancel(false)); // a caller that gives up; else no change
  }

  /**
   * One that is never sent.
   *
   * @param error from the words that name this cancel
   */
  static SentCancel failed(
      OrderKey order, CancelIntent intent, Function<String, ClientException> error) {
    var sent = new SentCancel(order, intent);
    sent.fail(error.apply(sent.toString()));
    return sent;
  }

  public String cancelId() {
    return intent.getCancelId();
  }

  public OrderKey order() {
    return order;
  }

  /** No call to the venue starts at or after it. */
  public Instant deadline() {
    return Objects.requireNonNull(intent.getDeadline());
  }

  /** Where the intent stands, once all in-sync replicas have it. */
  public CompletableFuture<RecordMetadata> published() {
    return published;
  }

  /** The one outcome; completing or cancelling it only ends the waiting. */
  public CompletableFuture<CancelOutcome> outcome() {
    return outcome;
  }

  /** The outcome with its place in Kafka. */
  public CompletableFuture<EventRecord<CancelOutcome>> record() {
    return answered;
  }

  @Override
  public String toString() {
    return "cancel " + cancelId() + " of " + order;
  }

  CancelIntent intent() {
    return intent;
  }

  /** By how much this machine's clock is behind the broker's; negative: ahead. */
  Duration behind() {
    return behind;
  }

  /**
   * The broker's clock, not ours, says how far the deadline is.
   *
   * @param sentAt before Kafka was given it, by the clock of {@code now}
   */
  void acknowledged(RecordMetadata at, Instant sentAt, long nanoNow, Instant now, Duration grace) {
    Instant appended = at.hasTimestamp() ? Instant.ofEpochMilli(at.timestamp()) : now;
    if (appended.isAfter(now)) {
      behind = Duration.between(now, appended);
    } else if (appended.isBefore(sentAt)) {
      behind = Duration.between(sentAt, appended);
    }
    Duration left = Duration.between(appended, deadline());
    end = nanoNow + grace.plus(left.isNegative() ? Duration.ZERO : left).toNanos();
    ends = true;
    var _ = published.completeAsync(() -> at, OWN_THREAD);
  }

  void answer(EventRecord<CancelOutcome> record) {
    if (same(record.value().getCancel())) {
      var _ = answered.completeAsync(() -> record, OWN_THREAD);
    } else {
      fail(
          new ClientException(
              Problem.ID_IN_USE,
              this
                  + ": this id stood for another request of this order before (override, automated,"
                  + " names or ClOrdID differ), whose outcome this is; what was published now goes"
                  + " to dead-letters. Use a new id",
              null,
              record));
    }
  }

  /**
   * @param trouble what kept outcomes from being read lately; null: nothing
   */
  void expire(long nanoNow, @Nullable String trouble) {
    if (!ends || nanoNow - end < 0) {
      return;
    }
    String clock =
        behind.abs().compareTo(CancelClient.CLOCKS_AGREE) > 0
            ? ". This machine's clock is "
                + behind.abs().toSeconds()
                + (behind.isNegative() ? " s ahead of" : " s behind")
                + " the broker's: mend that"
            : "";
    fail(
        new ClientException(
            Problem.NO_OUTCOME,
            this
                + ": the deadline has passed and no outcome came in time. The order may be open or"
                + " not. Ask again with the same id, which stays one cancel, or look with"
                + " `countermand story "
                + cancelId()
                + "`; does a ledger run?"
                + clock
                + (trouble == null ? "" : ". Outcomes could not be read: " + trouble),
            null));
  }

  void fail(ClientException error) {
    OWN_THREAD.execute(
        () -> {
          if (!ends) { // else Kafka has it, though that may be told a moment later than this
            published.completeExceptionally(error);
          }
          answered.completeExceptionally(error);
        });
  }

  private boolean same(Cancel other) {
    return intent.getOverride() == other.getOverride()
        && intent.getIsAutomated() == other.getIsAutomated()
        && Objects.equals(intent.getOrderName(), other.getOrderName())
        && Objects.equals(intent.getStrategyId(), other.getStrategyId())
        && Objects.equals(intent.getClOrdId(), other.getClOrdId());
  }
}
