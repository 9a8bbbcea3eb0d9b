package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.client.Connection;
import io.countermand.client.HeartbeatPublisher;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.DeadManEvent;
import io.countermand.events.Heartbeat;
import io.countermand.events.HeartbeatNotice;
import io.countermand.events.MassScope;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.journal.JournalCall;
import io.countermand.simulator.request.CallKind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A producer that beats while desk and ledger come and go, and then falls silent. What it measures
 * it prints. For a hundred restarts: {@code -Dcountermand.deadman.restarts=100}.
 */
@Tag("long")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadManRestartsTest {

  private static final int RESTARTS = Integer.getInteger("countermand.deadman.restarts", 4);
  private static final int ORDERS = 100;

  /** Longer than a busy machine may hold up a heartbeat; a ledger that is away does not count. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final long EVERY_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String VENUE = "cadenza";

  private final ScheduledExecutorService beater = Executors.newSingleThreadScheduledExecutor();
  private InVmStack stack;
  private HeartbeatPublisher publisher;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    stack =
        InVmStack.start(
            new LocalStack.Options(
                dir.resolve("stack"),
                0,
                0,
                Map.of(VENUE, VENUE),
                "1ms",
                true,
                Map.of(
                    "COUNTERMAND_HTTP_PORT", "none", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "60s")));
    publisher =
        HeartbeatPublisher.connect(
            Connection.of(stack.connection().bootstrapServers(), stack.connection().registryUrl()));
  }

  @AfterAll
  void stop() {
    beater.shutdownNow();
    publisher.close();
    stack.close();
  }

  @Test
  void shouldFireForNoRestartOfOursAndOnceForSilence() throws Exception {
    // Given
    String id = "restarts-" + UUID.randomUUID();
    List<OrderRef> orders = new ArrayList<>();
    for (int i = 0; i < ORDERS; i++) {
      orders.add(new OrderRef(VENUE, id, Pipeline.orderId(VENUE)));
      stack.simulator().book().place(NewOrder.of(VENUE, id, orders.getLast().orderId(), "10"));
    }
    var appended = new AtomicInteger();
    var last = new Instant[1];
    var beats =
        beater.scheduleAtFixedRate(
            () -> {
              last[0] = publisher.send(word(id)).join();
              appended.incrementAndGet();
            },
            0,
            EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
    long seed = System.nanoTime();
    var random = new Random(seed);
    // When
    for (int i = 0; i < RESTARTS; i++) {
      int heard = appended.get();
      List<String> roles =
          List.of(List.of("desk"), List.of("ledger"), List.of("desk", "ledger"))
              .get(random.nextInt(3));
      roles.forEach(stack::stop);
      Awaitility.await("heartbeats go on")
          .atMost(PATIENCE)
          .until(() -> appended.get() > heard + random.nextInt(4));
      roles.reversed().forEach(stack::start);
      stack.awaitReady();
    }
    // Then
    assertThat(beats.isDone()).as("heartbeats went on").isFalse();
    assertThat(fired(id)).as("seed " + seed).isEmpty();
    assertThat(calls(id)).isEmpty();
    // When
    beats.cancel(false);
    beater.submit(() -> {}).get(30, TimeUnit.SECONDS);
    // Then
    Awaitility.await("each order is called")
        .atMost(PATIENCE)
        .until(() -> calls(id).size() >= ORDERS);
    System.out.printf(
        "DEAD-MAN %d restarts, no fire; all %d orders called %d ms after the last heartbeat, of"
            + " which its time-out %d%n",
        RESTARTS,
        ORDERS,
        Duration.between(
                last[0],
                calls(id).stream()
                    .map(call -> call.received().at())
                    .max(Instant::compareTo)
                    .orElseThrow())
            .toMillis(),
        TIMEOUT.toMillis());
    assertThat(calls(id)).extracting(call -> call.received().orderId()).doesNotHaveDuplicates();
    assertThat(fired(id))
        .singleElement()
        .satisfies(notice -> assertThat(notice.getHeardAt()).isEqualTo(last[0]));
  }

  private static Heartbeat word(String id) {
    return Heartbeat.newBuilder()
        .setSwitchId(id)
        .setScope(MassScope.newBuilder().setVenue(VENUE).setAccount(id).build())
        .setTimeoutMillis(TIMEOUT.toMillis())
        .setBy("test")
        .setCreatedAt(Instant.now())
        .build();
  }

  private List<JournalCall> calls(String account) {
    return stack.simulator().journal().calls(CallKind.CANCEL).stream()
        .filter(call -> account.equals(call.received().account()))
        .toList();
  }

  private List<HeartbeatNotice> fired(String id) {
    try (EventSerdes serdes = stack.connection().serdes();
        Deserializer<Heartbeat> values = serdes.deserializer(Heartbeat.class)) {
      return Pipeline.read(stack.connection(), Topics.HEARTBEATS).stream()
          .map(record -> values.deserialize(Topics.HEARTBEATS, record.value()))
          .filter(word -> word != null && word.getSwitchId().equals(id))
          .map(Heartbeat::getNotice)
          .filter(Objects::nonNull)
          .filter(notice -> notice.getWhat() == DeadManEvent.FIRED)
          .toList();
    }
  }
}
