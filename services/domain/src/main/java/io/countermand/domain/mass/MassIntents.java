package io.countermand.domain.mass;

import io.countermand.domain.Cancel;
import io.countermand.domain.Intent;
import io.countermand.domain.Requester;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/**
 * The cancel that an order in scope gets. It follows from the mass cancel and the order alone, so
 * one that is asked for again after a crash, or by another desk, is the same cancel.
 */
public final class MassIntents {

  private static final int HASH_BYTES = 16;

  private MassIntents() {}

  /** {@code <massId>~<half of the SHA-256 of the order key, in base64url>}. */
  public static String cancelId(String massId, String orderKey) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(orderKey.getBytes(StandardCharsets.UTF_8));
      return massId
          + '~'
          + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Of a further cancel of the order, which a record gave cause to; no order key has this text. */
  public static String cancelId(String massId, String orderKey, Evidence cause) {
    return cancelId(massId, orderKey + '\0' + cause);
  }

  /** As it is published. Not its times: they do not make it another cancel. */
  public static Intent intent(MassCancel mass, OrderRef order) {
    return intent(mass, order, cancelId(mass.massId(), order.key()));
  }

  /** The same, as a further one of its order. */
  public static Intent intent(MassCancel mass, OrderRef order, String cancelId) {
    String reason =
        Facts.cut(
            (mass.keep() ? "kill switch by " : "mass cancel by ")
                + mass.by()
                + ": "
                + mass.reason());
    return new Intent(
        cancelId,
        order,
        null,
        null,
        null,
        mass.deadline(),
        false,
        false,
        new Requester(null, null, null, null, reason),
        null,
        Map.of(),
        mass.createdAt(),
        mass.massId());
  }

  /** Whether an order's cancelId is the one of a mass cancel: it names that itself. */
  public static boolean isPart(String cancelId, String orderKey) {
    int end = cancelId.lastIndexOf('~');
    return end > 0 && cancelId.equals(cancelId(cancelId.substring(0, end), orderKey));
  }

  /** Whether a cancel that says so is part of a mass cancel: anybody can write the id. */
  public static boolean isPart(Cancel cancel) {
    String massId = cancel.massId();
    return massId != null && cancel.cancelId().equals(cancelId(massId, cancel.order().key()));
  }
}
