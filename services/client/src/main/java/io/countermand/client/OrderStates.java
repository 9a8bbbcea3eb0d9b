package io.countermand.client;

import io.countermand.events.OrderKey;
import io.countermand.events.OrderState;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.platform.Topics;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the desks know of orders: follows order-states from its beginning, and keeps those that
 * changed last. Behind the desks by some milliseconds, so never a reason to leave a cancel out.
 * Thread-safe.
 */
public final class OrderStates implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OrderStates.class);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration STALE = Duration.ofSeconds(10);
  private static final Duration WITHIN = Duration.ofSeconds(15);

  /** Names come from records: more are not counted. */
  private static final int MOST_VENUES = 200;

  private final Map<String, byte[]> states = new LinkedHashMap<>();

  /** By venue as it stands in keys, then by partition: the state that was written last. */
  private final Map<String, Map<Integer, byte[]>> lasts = new HashMap<>();

  private final EventSerdes serdes;
  private final EventDecoder<OrderState> decoder;
  private final Consumer<byte[], byte[]> consumer;
  private final int most;
  private final Map<TopicPartition, Long> behind;
  private final Thread thread;
  private volatile boolean caughtUp;
  private volatile boolean closed;
  private volatile long polled = System.nanoTime();

  private OrderStates(Connection connection, int most) {
    this.most = most;
    this.serdes = connection.serdes();
    this.decoder = serdes.decoder(OrderState.class);
    this.consumer =
        new KafkaConsumer<>(
            connection.consumer("order-states"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      consumer.assign(
          ConnectionProbe.partitions(consumer, Topics.ORDER_STATES, WITHIN).stream()
              .map(each -> new TopicPartition(Topics.ORDER_STATES, each))
              .toList());
      consumer.seekToBeginning(consumer.assignment());
      behind = new HashMap<>(consumer.endOffsets(consumer.assignment()));
    } catch (RuntimeException e) {
      consumer.close();
      serdes.close();
      throw ClientException.of("opening " + Topics.ORDER_STATES, e);
    }
    this.thread = Thread.ofPlatform().daemon().name("countermand-orders").unstarted(this::run);
  }

  /**
   * Begins to read; returns at once.
   *
   * @param most orders kept; the one that changed longest ago goes first
   * @throws ClientException that says what is missing and what to do
   */
  public static OrderStates follow(Connection connection, int most) {
    var states = new OrderStates(connection, most);
    states.thread.start();
    return states;
  }

  /**
   * Empty: nobody told of it, it was forgotten, or it is not among those that are kept.
   *
   * @throws ClientException if its schema cannot be asked for now
   */
  public Optional<OrderState> find(OrderKey order) {
    return find(order.key());
  }

  /**
   * Keys of orders, those that changed last first.
   *
   * @param wanted is asked for each that is kept, until there are enough
   */
  public List<String> newest(Predicate<String> wanted, int most) {
    List<String> keys;
    synchronized (states) {
      keys = List.copyOf(states.keySet()).reversed();
    }
    return keys.stream().filter(wanted).limit(most).toList();
  }

  /**
   * As {@link #find(OrderKey)}, by the record's key.
   *
   * @throws ClientException if its schema cannot be asked for now
   */
  public Optional<OrderState> find(String key) {
    byte[] value;
    synchronized (states) {
      value = states.get(key);
    }
    return value == null ? Optional.empty() : decoded(value);
  }

  private Optional<OrderState> decoded(byte[] value) {
    try {
      return decoder.decode(Topics.ORDER_STATES, value) instanceof Decoded.Ok<OrderState>(var state)
          ? Optional.of(state)
          : Optional.empty();
    } catch (RegistryUnavailableException e) {
      throw ClientException.of("reading an order's state", e);
    }
  }

  /** Venues that an order was told of, as far as names are kept: 200. */
  public Set<String> venues() {
    synchronized (states) {
      return lasts.keySet().stream().map(OrderStates::decodedName).collect(Collectors.toSet());
    }
  }

  /**
   * When the last order event of a venue was observed that told something new; empty: none is known
   * here.
   *
   * @throws ClientException if its schema cannot be asked for now
   */
  public Optional<Instant> lastWord(String venue) {
    List<byte[]> values;
    synchronized (states) {
      values = List.copyOf(lasts.getOrDefault(OrderKey.encode(venue), Map.of()).values());
    }
    return values.stream()
        .flatMap(each -> decoded(each).stream())
        .map(OrderState::getObservedAt)
        .max(Comparator.naturalOrder());
  }

  /** Whether it has read what was there when it was opened. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** Whether it has read all that was there some seconds ago. */
  public boolean current() {
    return caughtUp && System.nanoTime() - polled < STALE.toNanos();
  }

  private void run() {
    while (!closed) {
      try {
        consumer.poll(ROUND).forEach(this::put);
        polled = System.nanoTime();
        if (!caughtUp) {
          behind.entrySet().removeIf(each -> consumer.position(each.getKey()) >= each.getValue());
          caughtUp = behind.isEmpty();
        }
      } catch (WakeupException e) {
        // closed
      } catch (OffsetOutOfRangeException e) {
        consumer.seekToBeginning(e.partitions());
      } catch (KafkaException e) {
        LOG.atWarn().addKeyValue("error", e.toString()).log("orders cannot be read, trying on");
        LockSupport.parkNanos(ROUND.toNanos());
      }
    }
    consumer.close();
  }

  private void put(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    synchronized (states) {
      states.remove(key);
      if (record.value() != null) {
        last(key, record);
        states.put(key, record.value());
        if (states.size() > most) {
          states.remove(states.keySet().iterator().next());
        }
      }
    }
  }

  private void last(String key, ConsumerRecord<byte[], byte[]> record) {
    int slash = key.indexOf('/');
    String venue = slash < 0 ? key : key.substring(0, slash);
    if (lasts.containsKey(venue) || lasts.size() < MOST_VENUES) {
      lasts.computeIfAbsent(venue, _ -> new HashMap<>()).put(record.partition(), record.value());
    }
  }

  private static String decodedName(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  /** Returns when the thread has ended, or is interrupted. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    serdes.close();
  }
}
