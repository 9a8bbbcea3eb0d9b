package io.countermand.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ReplayTimeoutsTest {

  private long now;
  private final ReplayTimeouts patience = new ReplayTimeouts(1000, () -> now);

  @Test
  void shouldEndWhereNothingComesForTooLong() {
    // Given
    after(Duration.ofMillis(900));
    patience.heard(true);
    after(Duration.ofMillis(900));
    assertThatCode(() -> patience.heard(false)).doesNotThrowAnyException();
    // When
    after(Duration.ofMillis(200));
    // Then
    assertThatThrownBy(() -> patience.heard(false))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("1000 ms");
  }

  @Test
  void shouldNotCountTheTimeInWhichNothingIsWaitedFor() {
    // Given: the next record is due in an hour
    after(Duration.ofHours(1));
    // When
    patience.begin();
    // Then
    assertThatCode(() -> patience.heard(false)).doesNotThrowAnyException();
  }

  @Test
  void shouldLeaveTimesAloneThatAreSet() {
    assertThat(ReplayTimeouts.producer(connection(Map.of()), "replay"))
        .containsEntry("delivery.timeout.ms", "15000")
        .containsEntry("request.timeout.ms", "5000");
    assertThat(ReplayTimeouts.producer(connection(Map.of("max.block.ms", "90000")), "replay"))
        .as("as the connection has them without us")
        .containsEntry("max.block.ms", "90000")
        .containsEntry("delivery.timeout.ms", "30000")
        .containsEntry("request.timeout.ms", "10000");
  }

  @Test
  void shouldDecideByClient() {
    var producers = connection(Map.of("max.block.ms", "90000"));
    assertThat(ReplayTimeouts.consumer(producers, "replay"))
        .as("it has no such time")
        .containsEntry("default.api.timeout.ms", "15000")
        .containsEntry("request.timeout.ms", "10000");
    assertThat(ReplayTimeouts.admin(producers, "replay"))
        .containsEntry("request.timeout.ms", "10000");
    var request =
        ReplayTimeouts.consumer(connection(Map.of("request.timeout.ms", "60000")), "replay");
    assertThat(request)
        .as("Kafka's own")
        .doesNotContainKey("default.api.timeout.ms")
        .containsEntry("request.timeout.ms", "60000");
  }

  @Test
  void shouldBeAsPatientAsTheConsumerAndNotLessThanWeAre() {
    assertThat(of(Map.of())).isEqualTo(15_000);
    assertThat(of(Map.of("request.timeout.ms", "60000"))).isEqualTo(60_000);
    assertThat(of(Map.of("default.api.timeout.ms", "500"))).isEqualTo(15_000);
    assertThat(of(Map.of("default.api.timeout.ms", "90000"))).isEqualTo(90_000);
  }

  private static long of(Map<String, String> settings) {
    return new ReplayTimeouts(ReplayTimeouts.consumer(connection(settings), "replay")).millis();
  }

  @Test
  void shouldAskForNoMoreAtOnceThanASlowLinkBringsInTime() {
    assertThat(ReplayTimeouts.consumer(connection(Map.of()), "replay"))
        .containsEntry("fetch.max.bytes", "1048576");
    assertThat(ReplayTimeouts.consumer(connection(Map.of("fetch.max.bytes", "9")), "replay"))
        .containsEntry("fetch.max.bytes", "9");
  }

  private static KafkaConnection connection(Map<String, String> settings) {
    return new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:2", "test", settings, Map.of());
  }

  private void after(Duration time) {
    now += time.toNanos();
  }
}
