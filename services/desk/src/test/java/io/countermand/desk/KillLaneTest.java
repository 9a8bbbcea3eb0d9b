package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.countermand.codec.StateCodec;
import io.countermand.desk.lane.AttemptRun;
import io.countermand.desk.lane.Breaker;
import io.countermand.desk.lane.Calls;
import io.countermand.desk.lane.LaneMeters;
import io.countermand.desk.lane.Post;
import io.countermand.desk.lane.VenueLane;
import io.countermand.desk.lane.WaitingCalls;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.RequestKind;
import io.countermand.domain.decision.Lane;
import io.countermand.domain.mass.MassIntents;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.KafkaConnection;
import io.countermand.kafka.streams.ClockSkew;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.platform.Topics;
import io.countermand.venues.limits.Rate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mass cancel's place at a venue that allows nothing more for a minute, with two who may wait.
 */
class KillLaneTest {

  private static final KafkaConnection AWAY =
      new KafkaConnection("127.0.0.1:1", "http://127.0.0.1:1", "i", Map.of(), Map.of());

  @TempDir Path state;
  private EventSerdes serdes;
  private Post post;
  private VenueLane lane;
  private DeskDriver desk;

  @BeforeEach
  void start() {
    serdes = AWAY.serdes();
    post = new Post(AWAY, serdes, new ClockSkew(), "desk");
    var venue = Calls.venue(new Calls.Counting(), new Rate(1, Duration.ofHours(1), 1));
    var breaker = new Breaker(Calls.VENUE, Duration.ofMillis(100));
    var meters = new LaneMeters(new SimpleMeterRegistry(), Calls.VENUE);
    lane =
        new VenueLane(
            venue, new AttemptRun(venue, post, breaker, meters, "desk-i"), breaker, meters, 2);
    assertThat(venue.budget().tryAcquire()).isTrue();
    desk =
        new DeskDriver(
            state,
            new MockSchemaRegistryClient(List.of(new AvroSchemaProvider())),
            1,
            Map.of(Calls.VENUE, lane),
            List.of());
    cancel("1", "c1", null);
    cancel("2", "c2", null);
  }

  @AfterEach
  void close() {
    desk.close();
    lane.close();
    post.close();
    serdes.close();
  }

  @Test
  void shouldHaveRoomForAMassCancelWhereTheOthersHaveNone() {
    // When
    cancel("3", "c3", null);
    cancel("4", "m4", "m");
    // Then
    List<CancelProgress> decided = desk.written(Topics.PROGRESS, CancelProgress.class);
    assertThat(decided.toString()).contains(Reason.QUEUE_FULL.name());
    assertThat(decided).hasSize(4);
    assertThat(decided.getLast().toString()).doesNotContain(Reason.QUEUE_FULL.name());
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(2);
  }

  @Test
  void shouldBringForwardACancelThatAMassCancelJoins() {
    // When
    cancel("2", "m2", "m");
    cancel("1", "other", null);
    // Then
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
  }

  @Test
  void shouldFindItsPlaceAgainAfterARestartAndForALaterAttempt() {
    // Given
    cancel("2", MassIntents.cancelId("m", Calls.VENUE + "/a/2"), "m");
    // When: the stores as they are, and nothing in memory
    lane.withdraw(id -> true);
    KeyValueStore<String, byte[]> orders = desk.driver.getKeyValueStore(Desk.ORDERS);
    KeyValueStore<String, byte[]> kept = desk.driver.getKeyValueStore(Desk.WAITING);
    var next =
        new WaitingCalls(
            kept,
            Map.of(Calls.VENUE, lane),
            new OrderTable(orders, desk.settings)::wantedByMassCancel,
            new ConcurrentLinkedQueue<>());
    next.restore(_ -> false);
    next.begin(_ -> WaitingCalls.Whose.OURS);
    // Then
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(1);
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(1);
    // When the ledger asks for a later attempt of both, for which no other is as good
    List<CancelRequest> first = new ArrayList<>();
    try (var rows = kept.all()) {
      rows.forEachRemaining(row -> first.add(StateCodec.waitingCall(row.value).request()));
    }
    for (CancelRequest one : first) {
      var retry = new CancelRequest(one.cancel(), RequestKind.CANCEL, 2, "x", Instant.now(), null);
      next.later(lane, retry, one.cancel().intent(), WaitingCalls.Whose.OURS);
    }
    // Then
    assertThat(lane.waiting(Lane.KILL)).isEqualTo(2);
    assertThat(lane.waiting(Lane.RETRY)).isEqualTo(1);
  }

  /** Its own calls take all the room that there is. */
  @Test
  void shouldHaveRoomForWhatItFoundInTheStoreAndReadsAgain() {
    // Given a full queue, which goes to another task
    desk.written(Topics.PROGRESS);
    lane.withdraw(id -> true);
    var context = new MockProcessorContext<byte[], OutputRecord>();
    DeskProcessor next = desk.next(context);
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(2);
    // When it reads an intent again, and another one of a third order
    context.setRecordMetadata(Topics.INTENTS, 0, 1);
    next.process(intent("2", "c2", null));
    context.setRecordMetadata(Topics.INTENTS, 0, 2);
    next.process(intent("3", "c3", null));
    // Then
    List<String> decided =
        context.forwarded().stream()
            .map(each -> String.valueOf(each.record().value().value()))
            .toList();
    assertThat(decided).hasSize(2);
    assertThat(decided.getFirst())
        .contains("c2", "\"queued\": true")
        .doesNotContain(Reason.QUEUE_FULL.name());
    assertThat(decided.getLast()).contains("c3", Reason.QUEUE_FULL.name());
    assertThat(lane.waiting(Lane.FRESH)).isEqualTo(2);
    next.close();
  }

  private void cancel(String orderId, String cancelId, @Nullable String massId) {
    Record<byte[], byte[]> intent = intent(orderId, cancelId, massId);
    desk.read(Topics.INTENTS, intent.key(), intent.value());
  }

  private Record<byte[], byte[]> intent(String orderId, String cancelId, @Nullable String massId) {
    CancelIntent intent =
        CancelIntent.newBuilder()
            .setCancelId(cancelId)
            .setVenue(Calls.VENUE)
            .setAccount("a")
            .setOrderId(orderId)
            .setMassId(massId)
            .setCreatedAt(Instant.now())
            .build();
    byte[] key = (Calls.VENUE + "/a/" + orderId).getBytes(StandardCharsets.UTF_8);
    return new Record<>(key, desk.bytes(Topics.INTENTS, intent), Instant.now().toEpochMilli());
  }
}
