package io.countermand.domain;

import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One cancel: a well-formed intent as every later record carries it.
 *
 * @param cancelId the producer's idempotency key, unique per order
 * @param override call the venue even when the table shows the order terminal
 * @param createdAt when the producer made the intent
 * @param deadline the deadline in force: no call to the venue starts at or after it
 * @param receivedAt broker append time of the intent
 * @param intent where the intent stands
 * @param priority above 0: before other cancels of its venue that wait; null: as all
 * @param digest of what is asked; see {@link Intent#digest()}
 * @param massId the mass cancel that it is part of; null: none
 */
public record Cancel(
    String cancelId,
    OrderRef order,
    @Nullable String orderName,
    @Nullable String strategyId,
    @Nullable String clOrdId,
    boolean override,
    boolean isAutomated,
    @Nullable Requester requester,
    @Nullable Integer priority,
    Instant createdAt,
    Instant deadline,
    Instant receivedAt,
    Evidence intent,
    String digest,
    @Nullable String massId) {

  public Cancel {
    order = order.named(orderName, strategyId);
  }

  /** One that stands for itself. */
  public Cancel(
      String cancelId,
      OrderRef order,
      @Nullable String orderName,
      @Nullable String strategyId,
      @Nullable String clOrdId,
      boolean override,
      boolean isAutomated,
      @Nullable Requester requester,
      @Nullable Integer priority,
      Instant createdAt,
      Instant deadline,
      Instant receivedAt,
      Evidence intent,
      String digest) {
    this(
        cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        override,
        isAutomated,
        requester,
        priority,
        createdAt,
        deadline,
        receivedAt,
        intent,
        digest,
        null);
  }

  /** Without a priority. */
  public Cancel(
      String cancelId,
      OrderRef order,
      @Nullable String orderName,
      @Nullable String strategyId,
      @Nullable String clOrdId,
      boolean override,
      boolean isAutomated,
      @Nullable Requester requester,
      Instant createdAt,
      Instant deadline,
      Instant receivedAt,
      Evidence intent,
      String digest) {
    this(
        cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        override,
        isAutomated,
        requester,
        null,
        createdAt,
        deadline,
        receivedAt,
        intent,
        digest);
  }

  /** The same, as if its intent stood at another offset of its partition. */
  public Cancel at(long offset) {
    return new Cancel(
        cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        override,
        isAutomated,
        requester,
        priority,
        createdAt,
        deadline,
        receivedAt,
        new Evidence(intent.topic(), intent.partition(), offset),
        digest,
        massId);
  }
}
