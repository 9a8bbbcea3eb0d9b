package io.countermand.client;

import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.OrderKey;
import io.countermand.events.Requester;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cancel before it is sent. What is not set is left out of the intent. Not thread-safe; may be
 * sent again, which asks again.
 */
public final class CancelDraft {

  private static final int LONGEST_ID = 128;
  private static final int LONGEST_PART = 256;

  private final CancelClient client;
  private final OrderKey order;
  private final Requester requester = new Requester();
  private final Map<String, String> attributes = new HashMap<>();
  private Duration within = Duration.ofSeconds(30);
  private boolean override;
  private boolean automated;
  private @Nullable Integer priority;
  private @Nullable String id;
  private @Nullable String strategyId;
  private @Nullable String clOrdId;
  private @Nullable String traceparent;

  CancelDraft(CancelClient client, OrderKey order) {
    this.client = client;
    this.order = order;
    this.strategyId = order.strategyId();
  }

  /**
   * How long from the sending on a call to the venue may start, in whole milliseconds; default 30
   * s. The pipeline cuts it to its {@code intents.longest-deadline}.
   */
  public CancelDraft within(Duration time) {
    within = time;
    return this;
  }

  /**
   * The idempotency key, unique per order: the same again is the same cancel, and its outcome is
   * given though it was there before. Default: a new UUID of version 7.
   */
  public CancelDraft id(String cancelId) {
    id = cancelId;
    return this;
  }

  /** Why, in free words; kept for the audit. */
  public CancelDraft because(String reason) {
    requester.setReason(reason);
    return this;
  }

  public CancelDraft trader(String name) {
    requester.setTrader(name);
    return this;
  }

  public CancelDraft algorithm(String name) {
    requester.setAlgorithm(name);
    return this;
  }

  /** Desk or book. */
  public CancelDraft desk(String name) {
    requester.setDesk(name);
    return this;
  }

  /** For whom the order stands. */
  public CancelDraft client(String name) {
    requester.setClient(name);
    return this;
  }

  /** An algorithm decided, without a human. */
  public CancelDraft automated(boolean yes) {
    automated = yes;
    return this;
  }

  /** Call the venue even if the order looks terminal. */
  public CancelDraft override(boolean yes) {
    override = yes;
    return this;
  }

  /** Above 0: before other cancels of its venue that wait. */
  public CancelDraft priority(int level) {
    priority = level;
    return this;
  }

  /** FIX ClOrdID of the order, handed to venues that take one; null: none. */
  public CancelDraft clOrdId(@Nullable String value) {
    clOrdId = value;
    return this;
  }

  /** The strategy that an order by id belongs to; of a named order it is part of the key. */
  public CancelDraft strategyId(@Nullable String value) {
    strategyId = value;
    return this;
  }

  /** At most 256 in all, together at most 16 KiB. */
  public CancelDraft attribute(String name, String value) {
    attributes.put(name, value);
    return this;
  }

  /** The caller's span (W3C Trace Context); the venue's call and the outcome carry it on. */
  public CancelDraft traceparent(@Nullable String value) {
    traceparent = value;
    return this;
  }

  /**
   * What makes no sense in it, in words; null: nothing. {@link #send} throws it, so a batch can be
   * looked through before its first cancel is sent.
   */
  public @Nullable String problem() {
    if (!within.isPositive()) {
      return "within must be more than nothing: " + within;
    }
    return Stream.of(
            bounded("id", id, LONGEST_ID),
            bounded("venue", order.venue(), LONGEST_PART),
            bounded("account", order.account(), LONGEST_PART),
            bounded("orderId", order.orderId(), LONGEST_PART),
            bounded("orderName", order.orderName(), LONGEST_PART),
            bounded("strategyId", strategyId, LONGEST_PART),
            bounded("clOrdId", clOrdId, LONGEST_PART))
        .flatMap(Optional::stream)
        .findFirst()
        .orElse(null);
  }

  /**
   * Hands the cancel to Kafka; returns at once, unless the producer's buffer is full (then after 10
   * s at the most).
   *
   * @return the outcome; exceptionally, with {@link ClientException}, when none can be told
   * @throws IllegalArgumentException if the cancel makes no sense; nothing is sent
   */
  public CompletableFuture<CancelOutcome> send() {
    return dispatch().outcome();
  }

  /**
   * The same, with more to be learned of it.
   *
   * @throws IllegalArgumentException if the cancel makes no sense; nothing is sent
   */
  public SentCancel dispatch() {
    String problem = problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return client.send(order, intent(), id != null, traceparent);
  }

  /** As one of many, whose others are sent though this one makes no sense. */
  SentCancel dispatchOrFail() {
    String problem = problem();
    return problem == null
        ? dispatch()
        : SentCancel.failed(
            order,
            intent(),
            text ->
                new ClientException(Problem.INVALID, text + ": nothing sent: " + problem, null));
  }

  private CancelIntent intent() {
    Instant now = client.now().truncatedTo(ChronoUnit.MICROS);
    return CancelIntent.newBuilder()
        .setCancelId(id == null ? CancelIds.next() : id)
        .setVenue(order.venue())
        .setAccount(order.account())
        .setOrderId(order.orderId())
        .setOrderName(order.orderName())
        .setStrategyId(strategyId)
        .setClOrdId(clOrdId)
        .setDeadline(now.plus(within).truncatedTo(ChronoUnit.MILLIS))
        .setOverride(override)
        .setIsAutomated(automated)
        .setRequester(requester.equals(new Requester()) ? null : requester)
        .setPriority(priority)
        .setAttributes(Map.copyOf(attributes))
        .setCreatedAt(now)
        .build();
  }

  private static Optional<String> bounded(String name, @Nullable String value, int most) {
    if (value == null) {
      return Optional.empty();
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    return value.isBlank() || bytes > most || value.chars().anyMatch(Character::isISOControl)
        ? Optional.of(
            name
                + " must have 1 to "
                + most
                + " bytes in UTF-8, not only blanks, and no control characters; it has "
                + bytes
                + " bytes")
        : Optional.empty();
  }
}
