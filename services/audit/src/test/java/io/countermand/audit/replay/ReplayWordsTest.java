package io.countermand.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReplayWordsTest {

  @Test
  void shouldRecommendTheSameCallOnlyWhereItMayHelp() {
    var away = new KafkaException("in an error state", new TimeoutException("nobody there"));
    assertThat(Replay.again(away, true)).isEqualTo("; the same call again goes on from there");
    assertThat(Replay.again(away, false)).contains("from the beginning");
    assertThat(Replay.again(new RecordTooLargeException("large"), true)).isEmpty();
  }
}
