package io.countermand.kafka.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.SchemaQuestions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** How much of schema ids that nobody knows a registry hears. */
class SchemaQuestionsTest {

  private static final Instant START = Instant.parse("2026-03-03T12:00:00Z");

  private final List<Integer> asked = new ArrayList<>();

  @Test
  void shouldAskForEachInTurnAndSoManyASecond() {
    // Given
    try (EventSerdes serdes = serdes(Runnable::run)) {
      // When: all are wanted, four times a second, for ten seconds
      for (int quarter = 0; quarter < 40; quarter++) {
        want(serdes.questions(), START.plus(Duration.ofMillis(250L * quarter)));
      }
    }
    // Then
    assertThat(asked).hasSizeBetween(1_000, 11 * SchemaQuestions.PER_SECOND);
    assertThat(new HashSet<>(asked.subList(0, 1_000))).hasSize(1_000);
  }

  @Test
  void shouldHaveFewQuestionsUnderWayAtARegistryThatIsSlow() {
    // Given
    Queue<Runnable> underWay = new ArrayDeque<>();
    try (EventSerdes serdes = serdes(underWay::add)) {
      // When
      want(serdes.questions(), START);
      // Then
      assertThat(underWay).hasSize(16);
      // When
      underWay.remove().run();
      // Then
      assertThat(underWay).hasSize(16);
      assertThat(asked).hasSize(1);
    }
  }

  /** Who asks once a second, and waits for no answer, comes a little later each time. */
  @Test
  void shouldKeepAnAnswerUntilWhoAskedComesAgain() {
    // Given
    Queue<Runnable> underWay = new ArrayDeque<>();
    try (EventSerdes serdes = serdes(underWay::add)) {
      serdes.questions().ask(1, START);
      underWay.remove().run();
      // When
      serdes.questions().ask(1, START.plusMillis(1_100));
      serdes.questions().ask(1, START.plusMillis(2_200));
      // Then
      assertThat(underWay).isEmpty();
      // When it is asked long after
      serdes.questions().ask(1, START.plusSeconds(4));
      // Then
      assertThat(underWay).hasSize(1);
    }
  }

  @Test
  void shouldLetAThreadWaitForSeveralThingsAtOnceAndThenAHundredthOfItsTime() {
    var patience = new WaitBudget();
    // When it has not waited for long
    assertThat(patience.mayWait(0)).isTrue();
    patience.waited(0, WaitBudget.MOST / 2);
    // Then
    assertThat(patience.mayWait(WaitBudget.MOST / 2)).isTrue();
    // When all is used up
    patience.waited(WaitBudget.MOST / 2, 2 * WaitBudget.MOST);
    // Then: it waited about as much too long, which is a hundred times as long to make good
    assertThat(patience.mayWait(2 * WaitBudget.MOST)).isFalse();
    assertThat(patience.mayWait(90 * WaitBudget.MOST)).isFalse();
    assertThat(patience.mayWait(110 * WaitBudget.MOST)).isTrue();
  }

  private static void want(SchemaQuestions questions, Instant now) {
    for (int id = 1; id <= 1_000; id++) {
      questions.ask(id, now);
    }
  }

  private EventSerdes serdes(Executor asking) {
    var registry =
        new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())) {
          @Override
          public ParsedSchema getSchemaById(int id) throws RestClientException {
            asked.add(id);
            throw new RestClientException("Schema " + id + " not found", 404, 40403);
          }
        };
    return new EventSerdes(registry, Map.of(), asking);
  }
}
