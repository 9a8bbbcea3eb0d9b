package io.countermand.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTailTest {

  private static final Load LOAD = new Load("burst-terminal", 101, 0, 1, Duration.ZERO);

  @TempDir Path directory;

  @Test
  void shouldCountLostAndDoubledCalls() throws IOException {
    // Given orders 0 (terminal) to 100 (terminal); 1 is called twice, 2 never
    IntentBatch batch = batch(0);
    var tail = new JournalTail(directory.resolve("venue.jsonl"));
    write("CANCEL", 1, 1);
    for (int i = 3; i < 100; i++) {
      write("CANCEL", i);
    }
    write("STATUS", 2, 3);
    // When
    LoadCalls calls = tail.read(batch);
    // Then
    assertThat(calls.all()).isEqualTo(99);
    assertThat(calls.lost(LOAD, true)).isEqualTo(1);
    assertThat(calls.lost(LOAD, false)).as("a peer calls the venue for those, too").isEqualTo(3);
    assertThat(calls.doubled()).isEqualTo(1);
    assertThat(calls.needless(LOAD)).isZero();
  }

  @Test
  void shouldCountCallsOfAnEarlierLoadAsDoubledOnlyIfTheyAre() throws IOException {
    // Given
    var tail = new JournalTail(directory.resolve("venue.jsonl"));
    write("CANCEL", 1);
    LoadCalls first = tail.read(batch(0));
    // When order 1 is called again, and 2 late
    write("CANCEL", 1, 2, 1_000);
    LoadCalls second = tail.read(batch(1_000));
    // Then
    assertThat(first.doubled()).isZero();
    assertThat(second.doubled()).isEqualTo(1);
    assertThat(second.all()).isEqualTo(1);
  }

  private static IntentBatch batch(long first) {
    return new IntentBatch(LOAD, i -> first + i, (topic, intent) -> new byte[0]);
  }

  private void write(String kind, long... orders) throws IOException {
    for (long order : orders) {
      Files.writeString(
          directory.resolve("venue.jsonl"),
          "{\"entry\":\"received\",\"at\":5,\"kind\":\"%s\",\"orderId\":\"%s\"}\n"
              .formatted(kind, IntentBatch.order(order).orderId()),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
