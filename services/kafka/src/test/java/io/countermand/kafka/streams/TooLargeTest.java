package io.countermand.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.platform.Topics;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.Result;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

/** Which records may be left out. */
class TooLargeTest {

  private static final Exception LARGE = new RecordTooLargeException("too large");

  @Test
  void shouldLeaveOutARowOfTheTableAndADeadLetter() {
    assertThat(asked(Topics.ORDER_STATES, LARGE, false)).isEqualTo(Result.RESUME);
    assertThat(asked(Topics.DEAD_LETTERS, LARGE, false)).isEqualTo(Result.RESUME);
  }

  @Test
  void shouldNeverLeaveOutADecisionAnOutcomeOrAStoresRecord() {
    assertThat(asked(Topics.PROGRESS, LARGE, false)).isEqualTo(Result.FAIL);
    assertThat(asked(Topics.INTENTS, LARGE, false)).isEqualTo(Result.FAIL); // one that is moved
    assertThat(asked("desk-orders-changelog", LARGE, false)).isEqualTo(Result.FAIL);
    assertThat(asked(Topics.OUTCOMES, LARGE, true)).isEqualTo(Result.FAIL);
    assertThat(asked(Topics.DEAD_LETTERS, LARGE, true)).isEqualTo(Result.FAIL);
  }

  @Test
  void shouldJudgeNoOtherError() {
    Exception moved = new NotLeaderOrFollowerException("moved");
    assertThat(asked(Topics.ORDER_STATES, moved, false)).isEqualTo(Result.RETRY);
    assertThat(asked(Topics.ORDER_STATES, new IllegalStateException("?"), false))
        .isEqualTo(Result.FAIL);
  }

  private static Result asked(String topic, Exception error, boolean exactlyOnce) {
    var handler = new TooLarge();
    handler.configure(
        Map.of(
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE));
    return handler
        .handleError(new Anywhere(), new ProducerRecord<>(topic, new byte[] {1}), error)
        .result();
  }

  private record Anywhere() implements ErrorHandlerContext {

    @Override
    public String topic() {
      return Topics.INTENTS;
    }

    @Override
    public int partition() {
      return 0;
    }

    @Override
    public long offset() {
      return 7;
    }

    @Override
    public Headers headers() {
      return new RecordHeaders();
    }

    @Override
    public String processorNodeId() {
      return "out";
    }

    @Override
    public TaskId taskId() {
      return new TaskId(0, 0);
    }

    @Override
    public long timestamp() {
      return 0;
    }

    @Override
    public byte[] sourceRawKey() {
      return new byte[0];
    }

    @Override
    public byte[] sourceRawValue() {
      return new byte[0];
    }
  }
}
