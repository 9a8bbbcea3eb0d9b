package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of schema ids that nobody knows cost good records seconds, not minutes. */
@Timeout(150)
class UnknownSchemasTest {

  private static final int FIRST = 100_000;

  /** A good record's, behind unknown ones of its key. */
  private static final Duration DELAY = Duration.ofSeconds(30);

  @TempDir Path state;
  private final Registry registry = new Registry();
  private final List<String> decided = new ArrayList<>();
  private final Set<Long> letters = new HashSet<>();
  private DeskDriver desk;

  @BeforeEach
  void start() {
    desk = new DeskDriver(state, registry, 1);
    good("v/a/warm", "warm");
    assertThat(decided()).containsExactly("warm");
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void shouldHoldUpAKeyOnceAndNotForEachUnknownId() {
    // Given
    for (int i = 0; i < 30; i++) {
      unknown("v/a/1", FIRST + i);
    }
    good("v/a/1", "follows");
    // When
    pass(DELAY);
    // Then
    assertThat(decided()).containsExactly("warm", "follows");
    assertThat(letters()).hasSize(30);
  }

  @Test
  void shouldAnswerWhatFollowsThousandsOfUnknownIdsWithinSeconds() {
    // Given
    Set<String> good = new HashSet<>(Set.of("warm"));
    for (int i = 0; i < 3_000; i++) {
      unknown("v/a/" + i % 50, FIRST + i);
      if (i % 60 == 59) {
        good("v/a/" + i % 50, "good-" + i);
        good.add("good-" + i);
      }
    }
    long before = registry.asked;
    // When
    pass(DELAY);
    // Then
    assertThat(decided()).hasSameElementsAs(good).hasSameSizeAs(good);
    assertThat(registry.asked - before).as("a registry's load").isLessThanOrEqualTo(100 * 35);
    // When
    pass(() -> letters().size() == 3_000);
    // Then
    assertThat(letters()).hasSize(3_000);
  }

  @Test
  void shouldLoseNothingWhenTheRegistryComesBackAmongThousandsOfUnknownIds() {
    // Given: away, and behind the garbage ids that it will know
    registry.away = true;
    for (int i = 0; i < 1_500; i++) {
      unknown("v/a/" + i % 50, FIRST + i);
    }
    Set<String> late = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      registry.known.add(FIRST + 5_000 + i);
      odd("v/a/" + i, "late-" + i, FIRST + 5_000 + i);
      late.add("late-" + i);
    }
    pass(Duration.ofMinutes(10));
    assertThat(letters()).isEmpty();
    assertThat(decided()).containsExactly("warm");
    // When
    registry.away = false;
    late.add("warm");
    pass(() -> letters().size() == 1_500 && decided().size() >= late.size());
    // Then
    assertThat(decided()).hasSameElementsAs(late).hasSameSizeAs(late);
    assertThat(letters()).hasSize(1_500);
  }

  @Test
  void shouldKeepAnIntentWhoseSchemaComesAFewSecondsLateAmongThousandsOfUnknownIds() {
    // Given
    for (int i = 0; i < 3_000; i++) {
      unknown("v/a/" + i % 50, FIRST + i);
    }
    odd("v/a/7", "late", FIRST + 9_000);
    good("v/a/7", "follows");
    pass(Duration.ofSeconds(8));
    // When
    registry.known.add(FIRST + 9_000);
    pass(() -> letters().size() == 3_000 && decided().size() >= 3);
    // Then
    assertThat(decided()).containsExactlyInAnyOrder("warm", "late", "follows");
    assertThat(letters()).hasSize(3_000);
  }

  @Test
  @Tag("long") // ten thousand records
  void shouldGoOnWhenNoMoreCanBeParked() {
    // Given: more than a task keeps
    for (int i = 0; i < 10_200; i++) {
      unknown("v/a/" + i % 50, FIRST + i);
    }
    // When
    good("v/a/other", "other");
    pass(Duration.ofSeconds(5));
    good("v/a/7", "follows");
    pass(() -> decided().contains("follows"));
    // Then
    assertThat(decided()).containsExactly("warm", "other", "follows");
    pass(() -> letters().size() == 10_200);
    assertThat(letters()).hasSize(10_200);
  }

  private void unknown(String order, int id) {
    desk.read(Topics.INTENTS, key(order), ByteBuffer.allocate(9).put((byte) 0).putInt(id).array());
  }

  private void good(String order, String cancelId) {
    desk.read(Topics.INTENTS, key(order), desk.bytes(Topics.INTENTS, value(order, cancelId)));
  }

  private void odd(String order, String cancelId, int id) {
    byte[] bytes = desk.bytes(Topics.INTENTS, value(order, cancelId));
    ByteBuffer.wrap(bytes).putInt(1, id);
    desk.read(Topics.INTENTS, key(order), bytes);
  }

  private List<String> decided() {
    for (CancelProgress each : desk.written(Topics.PROGRESS, CancelProgress.class)) {
      decided.add(each.getCancel().getCancelId());
    }
    return decided;
  }

  /** The offsets of what is a dead letter, all for the same reason, none twice. */
  private Set<Long> letters() {
    for (DeadLetter letter : desk.written(Topics.DEAD_LETTERS, DeadLetter.class)) {
      assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNKNOWN_SCHEMA);
      assertThat(letters.add(letter.getSource().getOffset())).isTrue();
    }
    return letters;
  }

  /** How many a round works off in its 100 ms is this machine's matter, so not at a fixed time. */
  private void pass(BooleanSupplier until) {
    for (int i = 0; i < 600 && !until.getAsBoolean(); i++) {
      pass(Duration.ofSeconds(1));
    }
  }

  /** In steps of a quarter of a second, as time passes. */
  private void pass(Duration time) {
    for (long i = 0; i < time.toMillis() / 250; i++) {
      desk.driver.advanceWallClockTime(Duration.ofMillis(250));
    }
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

  /** Knows what this build writes, and some ids more; counts what it is asked. */
  private static final class Registry extends MockSchemaRegistryClient {

    private final Set<Integer> known = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private volatile boolean away;
    private volatile long asked;

    Registry() {
      super(List.of(new AvroSchemaProvider()));
    }

    @Override
    public synchronized ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
      asked++;
      if (away) {
        throw new ConnectException("refused");
      }
      if (known.contains(id)) {
        return EventSerdes.schemaOf(CancelIntent.class);
      }
      if (id >= FIRST) {
        throw new RestClientException("Schema " + id + " not found", 404, 40403);
      }
      return super.getSchemaById(id);
    }
  }
}
