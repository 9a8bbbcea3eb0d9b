package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.desk.lane.AttemptRun;
import io.countermand.desk.lane.Breaker;
import io.countermand.desk.lane.Calls;
import io.countermand.desk.lane.LaneMeters;
import io.countermand.desk.lane.Post;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.lane.VenueLaneTest;
import io.countermand.desk.lane.WaitingCalls;
import io.countermand.domain.order.Evidence;
import io.countermand.events.CancelIntent;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.Placement;
import io.countermand.kafka.streams.Alarm;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call whose permits were taken, and whose decision failed before it was sent. */
class UnannouncedCallTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  @TempDir Path state;

  @Test
  @SuppressWarnings("NullAway") // no lease: whatever asks it fails
  void shouldKeepNoPermit() throws InterruptedException {
    var venue = Calls.venue(new Calls.Counting(), new Rate(100, Duration.ofSeconds(1), 100));
    var breaker = new Breaker(Calls.VENUE, Duration.ofMillis(100));
    var meters = new LaneMeters(new SimpleMeterRegistry(), Calls.VENUE);
    try (var serdes = AWAY.serdes();
        var post = new Post(AWAY, serdes, new ClockSkew(), "desk");
        var desk =
            new DeskDriver(
                state, new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())), 1);
        var lane =
            new VenueLane(
                venue,
                new AttemptRun(venue, post, breaker, meters, "desk-i"),
                breaker,
                meters,
                100)) {
      // Given
      Map<String, VenueLane> lanes = Map.of(Calls.VENUE, lane);
      var context = new MockProcessorContext<byte[], OutputRecord>();
      var decisions =
          new IntentDecisions(
              desk.settings,
              new Placement(1),
              lanes,
              new DurableSends(),
              desk.meters,
              new OrderTable(desk.driver.getKeyValueStore(Desk.ORDERS), desk.settings),
              new WaitingCalls(
                  VenueLaneTest.store(), lanes, _ -> false, new ConcurrentLinkedQueue<>()),
              new Alarm(context, _ -> Instant.MAX),
              null);
      CancelIntent intent =
          CancelIntent.newBuilder()
              .setCancelId("c")
              .setVenue(Calls.VENUE)
              .setAccount("a")
              .setOrderId("1")
              .setCreatedAt(Instant.now())
              .build();
      byte[] key = (Calls.VENUE + "/a/1").getBytes(StandardCharsets.UTF_8);
      var record = new Record<>(key, new byte[0], Instant.now().toEpochMilli());
      // When
      assertThatThrownBy(
              () ->
                  decisions.decide(
                      intent,
                      record,
                      new Evidence(Topics.INTENTS, 0, 0),
                      new Outbox(context, "test", desk.meters)))
          .isInstanceOf(NullPointerException.class);
      // Then
      assertThat(lane.drained(System.nanoTime())).isTrue();
    }
  }
}
