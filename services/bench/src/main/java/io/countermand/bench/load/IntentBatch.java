package io.countermand.bench.load;

import io.countermand.codec.IntentCodec;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The intents of one load, made before it begins: the sender then only sends. */
public final class IntentBatch {

  public static final String VENUE = "crosstrade";
  private static final String ACCOUNT = "Sim101";

  private final Load load;
  private final List<OrderRef> orders = new ArrayList<>();
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final Map<String, Integer> byKey = new HashMap<>();
  private final Map<String, Integer> byOrderId = new HashMap<>();

  /**
   * @param orders number of each intent's order; no two loads of a run share one
   */
  public IntentBatch(Load load, IntToLongFunction orders, Serializer<CancelIntent> serializer) {
    this(load, intents(load, orders), serializer);
  }

  /**
   * @param intents as many as the load has; no two have an order id in common
   */
  public IntentBatch(Load load, List<Intent> intents, Serializer<CancelIntent> serializer) {
    this.load = load;
    for (int i = 0; i < load.count(); i++) {
      Intent intent = intents.get(i);
      OrderRef order = intent.order();
      orders.add(order);
      keys.add(order.key().getBytes(StandardCharsets.UTF_8));
      values.add(
          Objects.requireNonNull(serializer.serialize(Topics.INTENTS, IntentCodec.toAvro(intent))));
      byKey.put(order.key(), i);
      byOrderId.put(order.orderId(), i);
    }
  }

  private static List<Intent> intents(Load load, IntToLongFunction orders) {
    Instant now = Instant.now();
    List<Intent> intents = new ArrayList<>();
    for (int i = 0; i < load.count(); i++) {
      OrderRef order = order(orders.applyAsLong(i));
      intents.add(
          new Intent(
              "b" + order.orderId(),
              order,
              null,
              null,
              null,
              null,
              false,
              true,
              null,
              Map.of(),
              now));
    }
    return intents;
  }

  public static OrderRef order(long number) {
    return new OrderRef(VENUE, ACCOUNT, "%032x".formatted(number));
  }

  public Load load() {
    return load;
  }

  public int size() {
    return orders.size();
  }

  public List<OrderRef> orders() {
    return orders;
  }

  public byte[] key(int index) {
    return keys.get(index);
  }

  public byte[] value(int index) {
    return values.get(index);
  }

  /** Null: of another load. */
  @Nullable Integer indexOf(byte[] key) {
    return byKey.get(new String(key, StandardCharsets.UTF_8));
  }

  /** Null: of another load. */
  @Nullable Integer indexOf(String orderId) {
    return byOrderId.get(orderId);
  }
}
