package io.countermand.kafka.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No offset before what was sent before it is durable, and none forgotten. */
class TrailingCommitsTest {

  private static final TopicPartition ONE = new TopicPartition("cancel-intents", 1);
  private static final TopicPartition TWO = new TopicPartition("cancel-intents", 2);

  private final AtomicLong nanos = new AtomicLong();
  private final TrailingCommits commits = new TrailingCommits(nanos::get);
  private final AtomicBoolean durable = new AtomicBoolean();
  private final List<Map<TopicPartition, OffsetAndMetadata>> sent = new ArrayList<>();
  private final List<Map<TopicPartition, OffsetAndMetadata>> waitedFor = new ArrayList<>();
  private TrailingCommits.@Nullable Heard heard;

  @Test
  void shouldCommitOnceAllBeforeIsDurable() {
    commits.begin(offset(ONE, 5), durable::get);
    // When, Then
    send();
    assertThat(sent).isEmpty();
    assertThat(commits.ended()).isFalse();
    // When, Then
    durable.set(true);
    send();
    assertThat(sent).containsExactly(offset(ONE, 5));
    assertThat(commits.ended()).isFalse();
    // When, Then
    answer(null);
    assertThat(commits.ended()).isTrue();
    send();
    assertThat(sent).hasSize(1);
  }

  @Test
  void shouldWaitForWhatWaitsWithTheNextCommit() {
    commits.begin(offset(ONE, 5), durable::get);
    // When
    commits.now(offset(TWO, 7), () -> durable.set(true), waitedFor::add);
    // Then
    assertThat(waitedFor).containsExactly(Map.of(ONE, at(5), TWO, at(7)));
    assertThat(commits.ended()).isTrue();
  }

  @Test
  void shouldCommitAgainWhatWasNotAnswered() {
    trailing(offset(ONE, 5));
    // When its answer has not come, and the thread leaves its group
    commits.now(Map.of(), () -> {}, waitedFor::add);
    // Then
    assertThat(waitedFor).containsExactly(offset(ONE, 5));
  }

  @Test
  void shouldCommitNothingBehindALostRecord() {
    commits.begin(offset(ONE, 5), durable::get);
    // When, Then
    assertThatThrownBy(
            () ->
                commits.now(
                    Map.of(),
                    () -> {
                      throw new KafkaException("lost");
                    },
                    waitedFor::add))
        .hasMessage("lost");
    assertThat(waitedFor).isEmpty();
    assertThat(sent).isEmpty();
  }

  @Test
  void shouldTellTheNextCommitThatTheGroupKnowsItNoMore() {
    trailing(offset(ONE, 5));
    answer(new CommitFailedException());
    // When, Then
    assertThat(commits.ended()).isFalse();
    assertThatThrownBy(() -> commits.now(offset(ONE, 6), () -> {}, waitedFor::add))
        .isInstanceOf(CommitFailedException.class);
    assertThat(waitedFor).isEmpty();
  }

  @Test
  void shouldTryAgainAfterAWhileWhatMayBeTriedAgain() {
    trailing(offset(ONE, 5));
    answer(new RetriableCommitFailedException("coordinator moves"));
    // When, Then
    send();
    assertThat(sent).hasSize(1);
    // When, Then
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    send();
    assertThat(sent).containsExactly(offset(ONE, 5), offset(ONE, 5));
  }

  @Test
  void shouldNotCommitWhatIsAnothers() {
    commits.begin(Map.of(ONE, at(5), TWO, at(7)), () -> true);
    // When
    commits.forget(List.of(ONE));
    send();
    // Then
    assertThat(sent).containsExactly(offset(TWO, 7));
    // When, Then
    commits.forget(List.of(TWO));
    answer(new CommitFailedException());
    assertThat(commits.ended()).isTrue();
  }

  @Test
  void shouldTakeNothingBackThatTheGroupWasTold() {
    trailing(offset(ONE, 5));
    answer(null);
    // When, Then
    assertThat(commits.noneTakenBack(Map.of(ONE, at(4), TWO, at(7))))
        .isEqualTo(Map.of(ONE, at(5), TWO, at(7)));
    assertThat(commits.noneTakenBack(offset(ONE, 6))).isEqualTo(offset(ONE, 6));
    // When, Then
    commits.forget(List.of(ONE));
    assertThat(commits.noneTakenBack(offset(ONE, 4))).isEqualTo(offset(ONE, 4));
  }

  private void trailing(Map<TopicPartition, OffsetAndMetadata> offsets) {
    commits.begin(offsets, () -> true);
    send();
  }

  private void send() {
    commits.send(
        (offsets, told) -> {
          sent.add(offsets);
          heard = told;
        });
  }

  private void answer(@Nullable Exception exception) {
    TrailingCommits.Heard told = heard;
    assertThat(told).isNotNull();
    if (told != null) {
      told.accept(sent.getLast(), exception);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> offset(TopicPartition partition, long at) {
    return Map.of(partition, at(at));
  }

  private static OffsetAndMetadata at(long offset) {
    return new OffsetAndMetadata(offset);
  }
}
