package io.countermand.domain;

import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An intent as published, before anybody has checked it; strings may be empty.
 *
 * @param priority above 0: before other cancels of its venue that wait; null: as all
 * @param massId the mass cancel that it is part of; null: none
 */
public record Intent(
    String cancelId,
    OrderRef order,
    @Nullable String orderName,
    @Nullable String strategyId,
    @Nullable String clOrdId,
    @Nullable Instant deadline,
    boolean override,
    boolean isAutomated,
    @Nullable Requester requester,
    @Nullable Integer priority,
    Map<String, String> attributes,
    Instant createdAt,
    @Nullable String massId) {

  /** Nobody can find two contents of one digest by chance, and who looks for them fools himself. */
  private static final int DIGEST_BYTES = 16;

  public Intent {
    order = order.named(orderName, strategyId);
  }

  /** One that stands for itself. */
  public Intent(
      String cancelId,
      OrderRef order,
      @Nullable String orderName,
      @Nullable String strategyId,
      @Nullable String clOrdId,
      @Nullable Instant deadline,
      boolean override,
      boolean isAutomated,
      @Nullable Requester requester,
      @Nullable Integer priority,
      Map<String, String> attributes,
      Instant createdAt) {
    this(
        cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        deadline,
        override,
        isAutomated,
        requester,
        priority,
        attributes,
        createdAt,
        null);
  }

  /** Without a priority. */
  public Intent(
      String cancelId,
      OrderRef order,
      @Nullable String orderName,
      @Nullable String strategyId,
      @Nullable String clOrdId,
      @Nullable Instant deadline,
      boolean override,
      boolean isAutomated,
      @Nullable Requester requester,
      Map<String, String> attributes,
      Instant createdAt) {
    this(
        cancelId,
        order,
        orderName,
        strategyId,
        clOrdId,
        deadline,
        override,
        isAutomated,
        requester,
        null,
        attributes,
        createdAt);
  }

  /** The order as what answers this intent names it: parts that are too long are cut. */
  public OrderRef answeredAs() {
    return new OrderRef(
            Facts.cut(order.venue()), Facts.cut(order.account()), Facts.cut(order.orderId()))
        .named(Facts.cutNullable(orderName), Facts.cutNullable(strategyId));
  }

  /**
   * Half of the SHA-256 of what is asked, in base64url (22 characters; every record of a cancel
   * carries it): the order, its name and strategy, ClOrdID, override and isAutomated. Times,
   * requester, priority and attributes are left out, so a producer that makes the same intent again
   * after a restart repeats it and does not contradict itself.
   */
  public String digest() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      add(sha, order.key());
      add(sha, orderName);
      add(sha, strategyId);
      add(sha, clOrdId);
      sha.update((byte) (override ? 1 : 0));
      sha.update((byte) (isAutomated ? 1 : 0));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(sha.digest(), DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static void add(MessageDigest sha, @Nullable String part) {
    if (part == null) {
      sha.update(ByteBuffer.allocate(4).putInt(-1).flip());
      return;
    }
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    sha.update(bytes);
  }
}
