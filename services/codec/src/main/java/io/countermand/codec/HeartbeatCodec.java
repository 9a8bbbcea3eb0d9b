package io.countermand.codec;

import static io.countermand.codec.Values.micros;

import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.DeadManWatch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadManEvent;
import io.countermand.events.HeartbeatNotice;
import io.countermand.events.HeartbeatTick;
import io.countermand.events.serde.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Heartbeats and dead-man's switches between domain and Avro. */
public final class HeartbeatCodec {

  private static final int HEADER = Integer.BYTES + 3 * Long.BYTES + 1;
  private static final MassScope NONE = MassScope.of(null, null);

  static {
    Trust.ourRecords();
  }

  private HeartbeatCodec() {}

  public static io.countermand.events.Heartbeat toAvro(Heartbeat word) {
    return new io.countermand.events.Heartbeat(
        word.switchId(),
        MassCodec.toAvro(word.scope()),
        word.timeout().toMillis(),
        word.by(),
        word.reason(),
        word.includingPositionClose(),
        micros(word.createdAt()),
        null,
        null);
  }

  /**
   * @param word neither tick nor notice
   */
  public static Heartbeat fromAvro(io.countermand.events.Heartbeat word) {
    return new Heartbeat(
        word.getSwitchId(),
        MassCodec.fromAvro(word.getScope()),
        Duration.ofMillis(word.getTimeoutMillis()),
        word.getBy(),
        word.getReason(),
        word.getIncludingPositionClose(),
        word.getCreatedAt());
  }

  public static io.countermand.events.Heartbeat tick(String by, Instant now) {
    var tick = new HeartbeatTick(micros(now));
    return of("", NONE, by, now, tick, null);
  }

  /**
   * @param tick append time of the tick that decided it
   */
  public static io.countermand.events.Heartbeat notice(
      DeadManEvent what, DeadManSwitch one, Instant tick, String by, Instant now) {
    String then =
        what == DeadManEvent.FIRED
            ? "; its scope is being cancelled by mass cancel " + one.massId()
            : "; its scope is cancelled unless it is heard by " + one.due();
    var notice =
        new HeartbeatNotice(
            what,
            one.words(tick) + then,
            IntentCodec.toAvro(one.at()),
            micros(one.heard()),
            one.massId(),
            micros(tick));
    return of(one.word().switchId(), one.word().scope(), by, now, null, notice);
  }

  private static io.countermand.events.Heartbeat of(
      String id,
      MassScope scope,
      String by,
      Instant now,
      @Nullable HeartbeatTick tick,
      @Nullable HeartbeatNotice notice) {
    return new io.countermand.events.Heartbeat(
        id, MassCodec.toAvro(scope), 0L, by, "", false, micros(now), tick, notice);
  }

  /** For a store. */
  public static byte[] bytes(DeadManSwitch one) {
    try {
      ByteBuffer word = toAvro(one.word()).toByteBuffer();
      return ByteBuffer.allocate(HEADER + word.remaining())
          .putInt(one.at().partition())
          .putLong(one.at().offset())
          .putLong(one.heard().toEpochMilli())
          .putLong(one.since().toEpochMilli())
          .put((byte) (one.warned() ? 1 : 0))
          .put(word)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be written", e);
    }
  }

  /**
   * From a store.
   *
   * @param topic that it was read from
   */
  public static DeadManSwitch deadManSwitch(String topic, byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      var at = new Evidence(topic, buffer.getInt(), buffer.getLong());
      Instant heard = Instant.ofEpochMilli(buffer.getLong());
      Instant since = Instant.ofEpochMilli(buffer.getLong());
      boolean warned = buffer.get() != 0;
      Heartbeat word = fromAvro(io.countermand.events.Heartbeat.fromByteBuffer(buffer));
      return new DeadManSwitch(word, at, heard, since, warned);
    } catch (IOException e) {
      throw new UncheckedIOException("state could not be read", e);
    }
  }

  /** For a store. */
  public static byte[] bytes(DeadManWatch.LastTick clock) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(clock.at().toEpochMilli())
        .putLong(clock.offset())
        .array();
  }

  /** From a store. */
  public static DeadManWatch.LastTick clock(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new DeadManWatch.LastTick(Instant.ofEpochMilli(buffer.getLong()), buffer.getLong());
  }
}
