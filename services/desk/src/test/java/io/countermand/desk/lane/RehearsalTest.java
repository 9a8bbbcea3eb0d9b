package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.domain.CancelResult;
import io.countermand.domain.IntentCheck;
import io.countermand.domain.decision.DeskRules;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.StreamsSettings;
import io.countermand.venues.limits.Rate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

  @TempDir Path state;

  @Test
  void shouldPlayACancelToItsOutcomeWithoutCallingTheVenue() {
    // Given
    var adapter = new Calls.Counting();
    DeskSettings.Venue venue = Calls.venue(adapter, new Rate(1, Duration.ofSeconds(1), 1));
    var settings =
        new DeskSettings(
            new KafkaConnection("unused:1", "http://unused:1", "test", Map.of(), Map.of()),
            new StreamsSettings("desk", state, 1, 0, 1, Duration.ofMillis(500)),
            new IntentCheck(Duration.ofSeconds(10), Duration.ofMinutes(1)),
            new DeskRules(Set.of(Calls.VENUE), Duration.ofSeconds(5)),
            Duration.ofHours(1),
            Duration.ofHours(48),
            List.of(venue),
            Set.of(),
            100,
            Duration.ofSeconds(1));
    var registry = new MockSchemaRegistryClient(List.of(new AvroSchemaProvider()));
    try (var serdes = new EventSerdes(registry, Map.of("auto.register.schemas", true))) {
      var rehearsal = new Rehearsal(settings, serdes);
      // When
      CancelResult first = rehearsal.play(venue);
      CancelResult again = rehearsal.play(venue);
      // Then
      assertThat(first).isEqualTo(CancelResult.CANCELED);
      assertThat(again).isEqualTo(CancelResult.CANCELED);
      assertThat(adapter.called.getCount()).isEqualTo(1); // no cancel
      assertThat(adapter.probes.get()).isZero();
      assertThat(venue.budget().available()).isEqualTo(1);
    }
  }
}
