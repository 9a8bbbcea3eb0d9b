package io.countermand.client;

import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one of our topics: committed records only, so what it gives is final; all partitions,
 * without a consumer group, so it needs no right to one, is never rebalanced, and keeps no place in
 * Kafka. Where it stands is the caller's to store ({@link #positions}).
 *
 * <p>One thread only, but for {@link #wakeup}.
 */
public final class EventStream<T extends SpecificRecord> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  private final EventSerdes serdes;
  private final EventDecoder<T> decoder;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final RecentNames seen;
  private final Function<T, String> identity;
  private final Consumer<Unreadable> unreadable;
  private boolean paused;

  /**
   * A record that will never be readable, however often it is tried; it is passed over.
   *
   * @param text in words, without content of the record
   */
  public record Unreadable(String topic, int partition, long offset, String text) {}

  private EventStream(Builder<T> from) {
    this.serdes = from.connection.serdes();
    this.decoder = serdes.decoder(from.type);
    this.seen = new RecentNames(from.dedupe);
    this.identity = from.identity;
    this.unreadable = from.unreadable;
    this.consumer =
        new KafkaConsumer<>(
            from.connection.consumer(from.topic),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      consumer.assign(
          ConnectionProbe.partitions(consumer, from.topic, Duration.ofSeconds(15)).stream()
              .map(each -> new TopicPartition(from.topic, each))
              .toList());
      from.start.accept(this);
      consumer.assignment().forEach(consumer::position); // seeks are lazy
    } catch (RuntimeException e) {
      close();
      throw ClientException.of("opening " + from.topic, e);
    }
  }

  /**
   * Any of our topics, each record as often as it is there.
   *
   * @param type of the records that belong there; others are told as unreadable
   */
  public static <T extends SpecificRecord> Builder<T> of(
      Connection connection, String topic, Class<T> type) {
    return new Builder<>(connection, topic, type, _ -> "").dedupe(0);
  }

  /** Where to begin and how; default: what comes from now on. Not thread-safe. */
  public static final class Builder<T extends SpecificRecord> {

    private final Connection connection;
    private final String topic;
    private final Class<T> type;
    private final Function<T, String> identity;
    private Consumer<EventStream<T>> start = EventStream::seekToEnd;
    private Consumer<Unreadable> unreadable =
        each -> LOG.atError().addKeyValue("record", each).log("cannot be read, passed over");
    private int dedupe = 100_000;

    Builder(Connection connection, String topic, Class<T> type, Function<T, String> identity) {
      this.connection = connection;
      this.topic = topic;
      this.type = type;
      this.identity = identity;
    }

    /** From the first event that is kept. */
    public Builder<T> fromBeginning() {
      start = stream -> stream.consumer.seekToBeginning(stream.consumer.assignment());
      return this;
    }

    /** Only what comes from now on. */
    public Builder<T> fromNow() {
      start = EventStream::seekToEnd;
      return this;
    }

    /** What was written at that time or later, by the records' times in milliseconds. */
    public Builder<T> from(Instant time) {
      start = stream -> stream.seek(time);
      return this;
    }

    /** Goes on where {@link EventStream#positions} was; a partition that it lacks: at its start. */
    public Builder<T> from(Positions stored) {
      start = stream -> stream.seek(stored);
      return this;
    }

    /**
     * Of how many events to remember that they were given, lest one that is in the topic twice (a
     * mirror's work) be given twice; default 100,000. Zero: of none. A store with positions of its
     * own needs it only for that.
     */
    public Builder<T> dedupe(int most) {
      dedupe = most;
      return this;
    }

    /** Is told of records that cannot be read; default: an error in the log. */
    public Builder<T> onUnreadable(Consumer<Unreadable> handler) {
      unreadable = handler;
      return this;
    }

    /**
     * Waits until the beginning is found, so nothing that comes later is missed.
     *
     * @throws ClientException that says what is missing and what to do
     */
    public EventStream<T> open() {
      return new EventStream<>(this);
    }
  }

  /**
   * What came within the time, in order within each order key; may be empty. While paused: nothing.
   *
   * @throws ClientException {@link Problem#REGISTRY_UNREACHABLE} if an event's schema cannot be
   *     asked for, {@link Problem#POSITION_LOST} if the place is not kept any more. Nothing is lost
   *     by it, nor by what {@link Builder#onUnreadable} throws: ask again
   */
  public List<EventRecord<T>> poll(Duration within) {
    List<EventRecord<T>> events = new ArrayList<>();
    Map<TopicPartition, Long> stopped = new HashMap<>();
    RegistryUnavailableException away = null;
    ConsumerRecords<byte[], byte[]> fetched = fetch(within);
    try {
      for (ConsumerRecord<byte[], byte[]> record : fetched) {
        var partition = new TopicPartition(record.topic(), record.partition());
        if (stopped.containsKey(partition)) {
          continue;
        }
        try {
          read(record, events);
        } catch (RegistryUnavailableException e) {
          away = e;
          stopped.put(partition, record.offset());
        }
      }
    } catch (RuntimeException e) { // of who was told of an unreadable record
      events.forEach(event -> seen.forget(identity.apply(event.value())));
      fetched
          .partitions()
          .forEach(each -> consumer.seek(each, fetched.records(each).getFirst().offset()));
      throw e;
    }
    stopped.forEach(consumer::seek);
    if (events.isEmpty() && away != null) {
      throw ClientException.of("reading events", away);
    }
    return events;
  }

  private ConsumerRecords<byte[], byte[]> fetch(Duration within) {
    try {
      return consumer.poll(within);
    } catch (WakeupException e) {
      return ConsumerRecords.empty();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw ClientException.of("reading events", e);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record, List<EventRecord<T>> events) {
    switch (decoder.decode(record.topic(), record.value())) {
      case Decoded.Ok<T>(T value) -> {
        if (seen.isNew(identity.apply(value))) {
          events.add(EventRecord.of(value, record));
        }
      }
      case Decoded.Poison<T>(Decoded.Kind _, String text) ->
          unreadable.accept(
              new Unreadable(record.topic(), record.partition(), record.offset(), text));
    }
  }

  /** Just past what {@link #poll} has given so far. */
  public Positions positions() {
    Map<Integer, Long> next = new HashMap<>();
    try {
      consumer.assignment().forEach(each -> next.put(each.partition(), consumer.position(each)));
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) { // a leader that is new and does not answer; who wakes it up
      throw ClientException.of("reading events", e);
    }
    return new Positions(next);
  }

  /** From now on {@link #poll} gives nothing, and nothing more is fetched. */
  public void pause() {
    paused = true;
    consumer.pause(consumer.assignment());
  }

  public void resume() {
    paused = false;
    consumer.resume(consumer.assignment());
  }

  public boolean paused() {
    return paused;
  }

  /** Lets a {@link #poll} that waits return at once with nothing. Any thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  private void seekToEnd() {
    consumer.seekToEnd(consumer.assignment());
  }

  private void seek(Instant time) {
    Map<TopicPartition, Long> times = new HashMap<>();
    consumer.assignment().forEach(each -> times.put(each, time.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition each : consumer.assignment()) {
      OffsetAndTimestamp at = found.get(each);
      if (at == null) {
        consumer.seekToEnd(List.of(each));
      } else {
        consumer.seek(each, at.offset());
      }
    }
  }

  private void seek(Positions stored) {
    for (TopicPartition each : consumer.assignment()) {
      Long next = stored.next().get(each.partition());
      if (next == null) {
        consumer.seekToBeginning(List.of(each));
      } else {
        consumer.seek(each, next);
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
    serdes.close();
  }
}
