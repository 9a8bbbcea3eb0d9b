package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import io.countermand.kafka.streams.OutputRecord;
import io.countermand.platform.Topics;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A schema id that nobody knows here, now: its records wait, no other does. */
@Timeout(150)
class ParkingTest {

  /** As another writer got it from a registry of its own. */
  private static final int NEW_ID = 999;

  @TempDir Path state;
  private final LateRegistry registry = new LateRegistry(NEW_ID, CancelIntent.class);
  private final List<String> decided = new ArrayList<>();
  private DeskDriver desk;

  @BeforeEach
  void start() {
    desk = new DeskDriver(state, registry, 1);
    intent("v/a/warm", "warm");
    assertThat(decided()).containsExactly("warm");
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldAnswerOthersWhileTheRegistryIsAway() {
    // Given
    registry.says = new ConnectException("refused");
    // When
    desk.read(Topics.INTENTS, key("v/a/odd"), new byte[] {0, 0, 0, 3, (byte) 0xe7, 1, 2, 3, 4});
    for (int i = 0; i < 20; i++) {
      intent("v/a/" + i, "good-" + i);
    }
    // Then
    assertThat(decided()).hasSize(21);
    pass(Duration.ofMinutes(10));
    assertThat(letters()).isEmpty(); // it may be good
    // When it is back and knows no such id
    registry.says = unknown();
    // Then
    assertThat(letter().getReason()).isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
  }

  @Test
  void shouldReadALateSchemaAtTheRecordsOwnPlaceAndInOrder() {
    // Given
    registry.says = unknown();
    byte[] early = desk.bytes(Topics.INTENTS, value("v/a/1", "early"));
    ByteBuffer.wrap(early).putInt(1, NEW_ID);
    // When
    desk.read(Topics.INTENTS, key("v/a/1"), early);
    intent("v/a/1", "follows");
    intent("v/a/2", "other");
    // Then
    assertThat(decided()).containsExactly("warm", "other");
    pass(Duration.ofSeconds(5));
    assertThat(letters()).isEmpty();
    // When
    registry.says = null;
    // Then
    for (int i = 0; i < 100 && decided().size() < 4; i++) {
      pass(Duration.ofSeconds(1));
    }
    assertThat(decided()).containsExactly("warm", "other", "early", "follows");
    assertThat(places).containsExactly(0L, 3L, 1L, 2L);
    assertThat(letters()).isEmpty();
  }

  @Test
  void shouldGiveUpAfterAWhileAndAtOnceWhatComesThen() {
    // Given
    registry.says = unknown();
    byte[] odd = {0, 0, 0, 3, (byte) 0xe7, 1, 2, 3, 4};
    desk.read(Topics.INTENTS, key("v/a/1"), odd);
    intent("v/a/1", "follows");
    // When, then
    DeadLetter letter = letter();
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
    assertThat(letter.getSource().getOffset()).isEqualTo(1);
    assertThat(decided()).containsExactly("warm", "follows");
    // When
    desk.read(Topics.INTENTS, key("v/a/3"), odd);
    // Then
    assertThat(letters()).hasSize(1);
  }

  @Test
  @Tag("long")
  void shouldKeepTheOrderOfAKeyThoughNothingMoreCanBeParked() {
    // Given: as many as can be
    registry.says = new ConnectException("refused");
    byte[] early = desk.bytes(Topics.INTENTS, value("v/a/1", "early"));
    ByteBuffer.wrap(early).putInt(1, NEW_ID);
    desk.read(Topics.INTENTS, key("v/a/1"), early);
    byte[] odd = {0, 0, 0, 3, (byte) 0xe7, 1, 2, 3, 4};
    for (int i = 1; i < 10_000; i++) {
      desk.read(Topics.INTENTS, key("v/a/odd"), odd);
    }
    assertThat(decided()).containsExactly("warm");
    // When
    registry.backAfter(2);
    intent("v/a/1", "follows");
    // Then
    assertThat(decided()).containsExactly("warm", "early", "follows");
  }

  /** The driver has no group that takes a commit. */
  @Test
  void shouldReadAgainAfterAKillWhatNoCommitStandsBehind() {
    // Given
    registry.says = unknown();
    byte[] early = desk.bytes(Topics.INTENTS, value("v/a/1", "early"));
    ByteBuffer.wrap(early).putInt(1, NEW_ID);
    desk.read(Topics.INTENTS, key("v/a/1"), early);
    registry.says = null;
    for (int i = 0; i < 100 && decided().size() < 2; i++) {
      pass(Duration.ofSeconds(1));
    }
    pass(Duration.ofSeconds(10));
    assertThat(decided()).containsExactly("warm", "early");
    // When
    var context = new MockProcessorContext<byte[], OutputRecord>();
    DeskProcessor next = desk.next(context);
    ring(context);
    next.close();
    // Then
    assertThat(context.forwarded())
        .extracting(each -> each.record().value().topic())
        .containsExactly(Topics.PROGRESS);
  }

  private static void ring(MockProcessorContext<?, ?> context) {
    for (var each : List.copyOf(context.scheduledPunctuators())) {
      if (!each.cancelled()) {
        each.getPunctuator().punctuate(Instant.now().toEpochMilli());
      }
    }
  }

  private final List<Long> places = new ArrayList<>();

  /** Whose decisions were written, in order. */
  private List<String> decided() {
    for (CancelProgress each : desk.written(Topics.PROGRESS, CancelProgress.class)) {
      decided.add(each.getCancel().getCancelId());
      places.add(each.getCancel().getIntent().getOffset());
    }
    return decided;
  }

  private List<DeadLetter> letters() {
    return desk.written(Topics.DEAD_LETTERS, DeadLetter.class);
  }

  private DeadLetter letter() {
    for (int i = 0; i < 100; i++) {
      List<DeadLetter> found = letters();
      if (!found.isEmpty()) {
        return found.getFirst();
      }
      pass(Duration.ofSeconds(1));
    }
    throw new AssertionError("no dead letter");
  }

  /** In steps of a second, as time passes. */
  private void pass(Duration time) {
    for (long i = 0; i < time.toSeconds(); i++) {
      desk.driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
  }

  private void intent(String order, String cancelId) {
    desk.read(Topics.INTENTS, key(order), desk.bytes(Topics.INTENTS, value(order, cancelId)));
  }

  private static CancelIntent value(String order, String cancelId) {
    String[] parts = order.split("/");
    return CancelIntent.newBuilder()
        .setCancelId(cancelId)
        .setVenue(parts[0])
        .setAccount(parts[1])
        .setOrderId(parts[2])
        .setCreatedAt(Instant.now())
        .build();
  }

  private static byte[] key(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static RestClientException unknown() {
    return new RestClientException("Schema 999 not found", 404, 40403);
  }
}
