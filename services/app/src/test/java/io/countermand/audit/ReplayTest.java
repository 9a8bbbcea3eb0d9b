package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.pipeline.PipelineAccess.Stack;
import io.countermand.audit.replay.Replay;
import io.countermand.audit.source.KafkaSource;
import io.countermand.audit.source.RecordSource;
import io.countermand.audit.source.StoredRecord;
import io.countermand.platform.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pipeline")
@ExtendWith(PipelineAccess.class)
class ReplayTest {

  private final Stack stack;
  private final Instant to;

  ReplayTest(Stack stack) throws Exception {
    this.stack = stack;
    var _ = Recorded.history(stack, stack.rules());
    this.to = Instant.now();
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void shouldPublishTheSameAgain() throws Exception {
    // Given
    String target = "replayed-" + UUID.randomUUID();
    // When
    long done = replay(target, () -> false);
    // Then
    List<String> original = records(Topics.OUTCOMES, false);
    assertThat(done).isEqualTo(original.size()).isPositive();
    assertThat(records(target, true)).containsExactlyElementsOf(original);
  }

  @Test
  void shouldHaveEachRecordOnceAfterItWasKilled() throws Exception {
    // Given
    String target = "replayed-" + UUID.randomUUID();
    AtomicInteger asked = new AtomicInteger();
    assertThatThrownBy(
            () ->
                replay(
                    target,
                    () -> {
                      if (asked.incrementAndGet() > 7) {
                        throw new Killed(); // with a transaction open
                      }
                      return false;
                    }))
        .isInstanceOf(Killed.class);
    AtomicInteger stopped = new AtomicInteger();
    replay(target, () -> stopped.incrementAndGet() > 5);
    // When
    long more = replay(target, () -> false);
    // Then
    List<String> original = records(Topics.OUTCOMES, false);
    assertThat(more).isPositive().isLessThan(original.size());
    assertThat(records(target, true)).containsExactlyElementsOf(original);
    assertThat(replay(target, () -> false)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cancel-intents",
        "cancel-outcomes",
        "order-events",
        "cancel-retries",
        "venue-pauses",
        "dead-letters",
        "mass-cancels",
        "kill-switches",
        "heartbeats",
        "__consumer_offsets",
        "countermand-desk-x"
      })
  void shouldRefuseATopicOfThePipeline(String target) {
    assertThatThrownBy(() -> replay(target, () -> false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(target);
  }

  @Test
  void shouldSayThatThereIsNothing() {
    var options =
        new Replay.Options(Topics.OUTCOMES, to.plusSeconds(1000), to.plusSeconds(2000), null, 0);
    assertThatThrownBy(() -> Replay.run(stack.connection(), options, r -> {}, s -> {}, () -> false))
        .hasMessageContaining("nothing to replay");
  }

  private long replay(String target, java.util.function.BooleanSupplier stopped) throws Exception {
    return Replay.run(
        stack.connection(),
        new Replay.Options(Topics.OUTCOMES, null, to, target, 0),
        record -> {},
        text -> {},
        stopped);
  }

  private List<String> records(String topic, boolean replayed) {
    List<String> records = new ArrayList<>();
    try (RecordSource source = new KafkaSource(stack.connection())) {
      for (RecordSource.Span span : source.spans(topic)) {
        long end = replayed ? span.end() : source.offsetAt(topic, span, to);
        source.read(
            topic, span.partition(), span.first(), end, r -> records.add(text(r, replayed)));
      }
    }
    return records;
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, boolean replayed) {
    var headers = new RecordHeaders(record.headers().toArray());
    if (replayed) {
      assertThat(headers.lastHeader(Replay.MARK)).isNotNull();
      headers.remove(Replay.MARK);
    }
    return record.partition()
        + " "
        + StoredRecord.print(record.key(), record.value(), record.timestamp(), headers);
  }
}
