package io.countermand.kafka.client;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadManEvent;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.platform.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The dead-man's switches as {@code heartbeats} tells them, folded as the ledger folds it. What the
 * ledger read late it counts anew, and no record says so: it may fire later than is said here.
 */
public final class DeadManReader {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration REGISTRY = Duration.ofSeconds(5);

  private DeadManReader() {}

  /** How a switch stands. */
  public enum State {
    /** Armed, and heard within half of its time-out, as far as ticks tell. */
    ARMED,
    /** Armed, and not heard for half of its time-out. */
    SILENT,
    /** Its time-out is over, and no record says that it fired, yet. */
    OVERDUE,
    /** Its mass cancel is asked for. */
    FIRED,
    /** Taken off. */
    OFF
  }

  /**
   * A switch by its last heartbeat.
   *
   * @param fired append time of the tick that fired it; null: it has not fired
   */
  public record Standing(State state, DeadManSwitch last, @Nullable Instant fired) {}

  /**
   * What is known.
   *
   * @param switches each name once, by name
   * @param unreadable records that cannot be read, and why: what they say of a switch is not known
   * @param from nothing before that was read
   * @param tick append time of the newest tick; null: none was read, so nobody watches
   */
  public record Found(
      List<Standing> switches, List<String> unreadable, Instant from, @Nullable Instant tick) {}

  /**
   * What stands in the topic now. Takes longer the more heartbeats and ticks there are.
   *
   * @param from older heartbeats are not read
   * @throws IllegalStateException if the topic cannot be read to its end
   * @throws io.countermand.events.serde.RegistryUnavailableException if a schema is not known, and
   *     the registry cannot be asked
   */
  public static Found read(KafkaConnection connection, Instant from) {
    Map<TopicPartition, Fold> folds = new HashMap<>();
    try (EventSerdes serdes = connection.serdes();
        var consumer = consumer(connection, "read_committed")) {
      var inbox = new Inbox<>(serdes.decoder(io.countermand.events.Heartbeat.class), REGISTRY);
      Map<TopicPartition, Long> end = end(connection);
      consumer.assign(end.keySet());
      seek(consumer, from);
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        if (System.nanoTime() - until > 0) {
          throw new IllegalStateException(
              Topics.HEARTBEATS
                  + " cannot be read to its end: nothing came for "
                  + PATIENCE.toSeconds()
                  + " s");
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          until = System.nanoTime() + PATIENCE.toNanos();
          folds
              .computeIfAbsent(
                  new TopicPartition(record.topic(), record.partition()), _ -> new Fold())
              .take(record, inbox.read(record.topic(), record.value()));
        }
      }
    }
    return found(folds.values().stream().toList(), from);
  }

  private static Found found(List<Fold> folds, Instant from) {
    return new Found(
        folds.stream()
            .flatMap(each -> each.standings().stream())
            .sorted(Comparator.comparing(each -> each.last().word().switchId()))
            .toList(),
        folds.stream().flatMap(each -> each.unreadable().stream()).toList(),
        from,
        folds.stream()
            .map(each -> each.watch.clock())
            .filter(clock -> clock != null)
            .map(DeadManWatch.LastTick::at)
            .max(Comparator.naturalOrder())
            .orElse(null));
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      KafkaConnection connection, String isolation) {
    Properties settings = connection.consumer("heartbeats");
    settings.put("isolation.level", isolation);
    settings.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static void seek(KafkaConsumer<byte[], byte[]> consumer, Instant from) {
    Map<TopicPartition, Long> times = new HashMap<>();
    consumer.assignment().forEach(each -> times.put(each, from.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition each : List.copyOf(consumer.assignment())) {
      OffsetAndTimestamp at = found.get(each);
      if (at == null) {
        consumer.seekToEnd(List.of(each));
      } else {
        consumer.seek(each, at.offset());
      }
    }
  }

  /** Of what is committed, or may be yet. */
  private static Map<TopicPartition, Long> end(KafkaConnection connection) {
    try (var consumer = consumer(connection, "read_uncommitted")) {
      return consumer.endOffsets(
          consumer.partitionsFor(Topics.HEARTBEATS).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList());
    }
  }

  /** Of one partition. */
  static final class Fold {

    private final DeadManWatch watch = new DeadManWatch();
    private final Map<String, Standing> last = new LinkedHashMap<>();
    private final List<String> unreadable = new ArrayList<>();

    void take(
        ConsumerRecord<byte[], byte[]> record, Decoded<io.countermand.events.Heartbeat> value) {
      var at = new Evidence(record.topic(), record.partition(), record.offset());
      switch (value) {
        case Decoded.Ok<io.countermand.events.Heartbeat>(var read) ->
            take(read, record.key(), at, Instant.ofEpochMilli(record.timestamp()));
        case Decoded.Poison<io.countermand.events.Heartbeat>(Decoded.Kind kind, String text) ->
            unreadable.add(
                at.topic()
                    + "-"
                    + at.partition()
                    + "@"
                    + at.offset()
                    + " cannot be read: "
                    + kind
                    + ", "
                    + text);
      }
    }

    void take(
        io.countermand.events.Heartbeat read,
        byte @Nullable [] key,
        Evidence at,
        Instant appended) {
      if (read.getTick() != null) {
        watch
            .tick(at, appended, _ -> false)
            .fired()
            .forEach(one -> put(new Standing(State.OVERDUE, one, null)));
      } else if (read.getNotice() == null) {
        Heartbeat word = HeartbeatCodec.fromAvro(read);
        boolean own =
            key != null && word.switchId().equals(new String(key, StandardCharsets.UTF_8));
        if (own && word.problems().isEmpty()) { // else it is no heartbeat, but a dead letter
          var _ = watch.heard(word, at, appended, false);
          put(
              new Standing(
                  word.off() ? State.OFF : State.ARMED,
                  new DeadManSwitch(word, at, appended, appended, false),
                  null));
        }
      } else if (read.getNotice().getWhat() == DeadManEvent.FIRED) {
        fired(read.getSwitchId(), read.getNotice().getMassId(), read.getNotice().getAt());
      }
    }

    /** Of a heartbeat before the last one it says nothing that still holds. */
    private void fired(String switchId, String massId, Instant tick) {
      Standing before = last.get(switchId);
      if (before != null && before.last().massId().equals(massId)) {
        var _ = watch.fired(switchId, massId);
        put(new Standing(State.FIRED, before.last(), tick));
      }
    }

    List<String> unreadable() {
      return List.copyOf(unreadable);
    }

    private void put(Standing one) {
      last.put(one.last().word().switchId(), one);
    }

    /** As they stand after what was taken. */
    List<Standing> standings() {
      Map<String, Standing> all = new LinkedHashMap<>(last);
      for (DeadManSwitch one : watch.armed()) {
        State state = one.warned() ? State.SILENT : State.ARMED;
        all.put(one.word().switchId(), new Standing(state, one, null));
      }
      return List.copyOf(all.values());
    }
  }
}
