package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With a task of Kafka Streams' own and a clock of the test's. */
class AlarmTest {

  private static final Instant NOON = Instant.parse("2026-03-03T12:00:00Z");

  private final List<Instant> calls = new ArrayList<>();
  private Function<Instant, Instant> answer = now -> Instant.MAX;
  private final TopologyTestDriver driver = driver();
  private final TestInputTopic<String, String> asks =
      driver.createInputTopic("asks", new StringSerializer(), new StringSerializer());

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldCallOnceAtTheTimeAskedFor() {
    // When
    ask(NOON.plusSeconds(5));
    pass(Duration.ofMillis(4_999));
    // Then
    assertThat(calls).isEmpty();
    pass(Duration.ofMillis(1));
    pass(Duration.ofHours(3));
    assertThat(calls).containsExactly(NOON.plusSeconds(5));
  }

  @Test
  void shouldCallForTheEarlierOfTwo() {
    // When
    ask(NOON.plusSeconds(5));
    ask(NOON.plusSeconds(2));
    ask(NOON.plusSeconds(9));
    pass(Duration.ofSeconds(2));
    // Then
    assertThat(calls).containsExactly(NOON.plusSeconds(2));
  }

  @Test
  void shouldNotBePutOffByWhoAsksForThePastAgainAndAgain() {
    // When
    for (int i = 0; i < 50; i++) {
      ask(NOON.minusSeconds(i));
      pass(Duration.ofMillis(1));
    }
    // Then
    assertThat(calls).containsExactly(NOON.plusMillis(20), NOON.plusMillis(40));
  }

  @Test
  void shouldGoOnAsTheAnswersSay() {
    // Given
    answer = now -> now.plusSeconds(30);
    // When
    ask(Instant.MIN);
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(1));
    }
    // Then
    assertThat(calls).hasSize(4);
  }

  @Test
  void shouldBearATimeThatMillisecondsCannotSay() {
    // When
    ask(Instant.MAX.minusSeconds(1));
    pass(Duration.ofMinutes(59));
    // Then
    assertThat(calls).isEmpty();
  }

  @Test
  void shouldCallNobodyOnceItIsCancelled() {
    // Given
    ask(NOON.plusSeconds(5));
    // When
    asks.pipeInput("k", "cancel");
    pass(Duration.ofHours(3));
    // Then
    assertThat(calls).isEmpty();
    // When asked again
    ask(NOON.plus(Duration.ofHours(4)));
    pass(Duration.ofHours(2));
    // Then
    assertThat(calls).hasSize(1);
  }

  private void ask(Instant time) {
    asks.pipeInput("k", time.toString());
  }

  private void pass(Duration time) {
    driver.advanceWallClockTime(time);
  }

  private TopologyTestDriver driver() {
    var topology =
        new Topology()
            .addSource("in", new StringDeserializer(), new StringDeserializer(), "asks")
            .addProcessor("asking", Asking::new, "in");
    var settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "alarm");
    return new TopologyTestDriver(topology, settings, NOON);
  }

  private final class Asking implements Processor<String, String, Void, Void> {

    private Alarm alarm;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      alarm =
          new Alarm(
              context,
              now -> {
                calls.add(now);
                return answer.apply(now);
              });
    }

    @Override
    public void process(Record<String, String> record) {
      if (record.value().equals("cancel")) {
        alarm.cancel();
      } else {
        alarm.noLaterThan(Instant.parse(record.value()));
      }
    }
  }
}
