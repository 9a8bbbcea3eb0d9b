package io.countermand.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.mass.DeadManSwitch;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.events.DeadManEvent;
import io.countermand.events.serde.Decoded;
import io.countermand.kafka.client.DeadManReader.Standing;
import io.countermand.kafka.client.DeadManReader.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Time-outs of 4 s, ticks a second apart at the most. */
class DeadManReaderTest {

  private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final DeadManReader.Fold fold = new DeadManReader.Fold();
  private long offset;

  @Test
  void shouldTellArmedThenSilentThenOverdueThenFired() {
    heard("a", TIMEOUT, 0);
    ticks(1, 1);
    assertThat(states()).containsExactly(State.ARMED);
    ticks(2, 3);
    assertThat(states()).containsExactly(State.SILENT);
    ticks(4, 5);
    assertThat(states()).containsExactly(State.OVERDUE);
    Standing overdue = fold.standings().getFirst();
    fired(overdue.last(), 4);
    assertThat(fold.standings())
        .containsExactly(new Standing(State.FIRED, overdue.last(), BEGIN.plusSeconds(4)));
  }

  @Test
  void shouldBeArmedAgainByTheNextHeartbeatThoughTheFireStandsBehindIt() {
    heard("a", TIMEOUT, 0);
    ticks(1, 4);
    DeadManSwitch first = fold.standings().getFirst().last();
    heard("a", TIMEOUT, 4);
    fired(first, 4);
    assertThat(states()).containsExactly(State.ARMED);
    heard("a", Duration.ZERO, 5);
    fired(first, 5);
    assertThat(states()).containsExactly(State.OFF);
  }

  @Test
  void shouldCountAnewWhereNobodyWatched() {
    heard("a", TIMEOUT, 0);
    ticks(1, 1);
    ticks(60, 61);
    Standing one = fold.standings().getFirst();
    assertThat(one.state()).isEqualTo(State.ARMED);
    assertThat(one.last().due()).isEqualTo(BEGIN.plusSeconds(64));
  }

  @Test
  void shouldPassOverWhatIsNoHeartbeatAndTellWhatCannotBeRead() {
    take("other", HeartbeatCodec.toAvro(word("a", TIMEOUT)), 0);
    take("a", HeartbeatCodec.toAvro(word("a", Duration.ofMillis(999))), 0);
    fold.take(
        new ConsumerRecord<>("heartbeats", 0, 7, new byte[0], new byte[0]),
        new Decoded.Poison<>(Decoded.Kind.NULL_VALUE, "odd"));
    assertThat(fold.standings()).isEmpty();
    assertThat(fold.unreadable()).containsExactly("heartbeats-0@7 cannot be read: NULL_VALUE, odd");
  }

  private List<State> states() {
    return fold.standings().stream().map(Standing::state).toList();
  }

  private void heard(String id, Duration timeout, int second) {
    take(id, HeartbeatCodec.toAvro(word(id, timeout)), second);
  }

  private void ticks(int from, int to) {
    for (int second = from; second <= to; second++) {
      take(null, HeartbeatCodec.tick("ledger", BEGIN), second);
    }
  }

  private void fired(DeadManSwitch one, int second) {
    Instant tick = BEGIN.plusSeconds(second);
    take(
        one.word().switchId(),
        HeartbeatCodec.notice(DeadManEvent.FIRED, one, tick, "ledger", tick),
        second);
  }

  private void take(String key, io.countermand.events.Heartbeat value, int second) {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    fold.take(value, bytes, new Evidence("heartbeats", 0, offset++), BEGIN.plusSeconds(second));
  }

  private static Heartbeat word(String id, Duration timeout) {
    return new Heartbeat(id, MassScope.of("v", "a"), timeout, "test", "", false, BEGIN);
  }
}
