package io.countermand.kafka.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.codec.SwitchCodec;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassScope;
import io.countermand.events.serde.Decoded;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What cannot be read may be a kill switch that is on: nobody is told that there is none. */
class SwitchReaderTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private static final MassCancel FIRE =
      new MassCancel(
          "k",
          MassScope.of("v", "a"),
          "ops",
          "drill",
          NOW.plusSeconds(300),
          false,
          false,
          NOW,
          true,
          null);

  private final SwitchReader.Reading reading = new SwitchReader.Reading();

  @Test
  void shouldTellOfARecordThatCannotBeRead() {
    // When
    poison("k", 7, Decoded.Kind.NOT_AVRO);
    // Then
    assertThat(reading.found().switches()).isEmpty();
    assertThat(reading.found().unreadable())
        .containsExactly("kill-switches-0@7 cannot be read: NOT_AVRO, odd");
  }

  @Test
  void shouldKeepASwitchWhoseNewestRecordCannotBeRead() {
    // When
    one("k", 7);
    poison("k", 8, Decoded.Kind.UNKNOWN_SCHEMA);
    // Then
    assertThat(reading.found().switches()).hasSize(1);
    assertThat(reading.found().unreadable()).hasSize(1);
  }

  @Test
  void shouldForgetWhatANewerRecordSays() {
    // When
    poison("k", 7, Decoded.Kind.NOT_AVRO);
    one("k", 8);
    poison("l", 9, Decoded.Kind.NOT_AVRO);
    poison("l", 10, Decoded.Kind.NULL_VALUE);
    // Then
    assertThat(reading.found().switches()).extracting(KillSwitch::on).containsExactly(true);
    assertThat(reading.found().unreadable()).isEmpty();
  }

  private void poison(String key, long offset, Decoded.Kind kind) {
    reading.take(key.getBytes(UTF_8), offset, new Decoded.Poison<>(kind, "odd"));
  }

  private void one(String key, long offset) {
    var one = new KillSwitch(FIRE, NOW, null);
    reading.take(key.getBytes(UTF_8), offset, new Decoded.Ok<>(SwitchCodec.toAvro(one)));
  }
}
