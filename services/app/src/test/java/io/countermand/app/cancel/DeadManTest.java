package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.codec.HeartbeatCodec;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadManEvent;
import io.countermand.events.HeartbeatNotice;
import io.countermand.events.MassReport;
import io.countermand.events.MassState;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dead-man's switches against a real broker; each test has accounts and switches of its own. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class DeadManTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Heartbeats that a busy machine delays come within it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** So many take longer than the time-out. */
  private static final int LONGER = 45;

  private final Pipeline pipeline;
  private final String account = "Dead" + Pipeline.id().substring(0, 8);
  private final String id = "switch-" + account;
  private HeartbeatSender heartbeats;
  private ScheduledExecutorService beater;

  DeadManTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @BeforeEach
  void connect() {
    pipeline.stack().awaitReady();
    heartbeats = new HeartbeatSender(pipeline.stack().connection());
    beater = Executors.newSingleThreadScheduledExecutor();
  }

  @AfterEach
  void close() {
    beater.shutdownNow();
    heartbeats.close();
  }

  @Test
  void shouldCancelItsScopeOnceTheHeartbeatsStopAndBeArmedByTheNext() throws Exception {
    // Given
    List<OrderRef> in = List.of(place(account), place(account), place(account));
    OrderRef out = place(account + "x");
    var beats = new Beats(id, TIMEOUT);
    beats.await(LONGER);
    int early = pipeline.cancelCalls(in.getFirst()).size();
    // When
    Instant last = beats.stop();
    // Then
    for (OrderRef order : in) {
      awaitCall(order);
      Instant called = pipeline.cancelCalls(order).getFirst().received().at();
      assertThat(called).isAfterOrEqualTo(last.plus(TIMEOUT));
    }
    assertThat(early).as("while it was heard").isZero();
    assertThat(pipeline.cancelCalls(out)).isEmpty();
    HeartbeatNotice fired = awaitFired(id, 1);
    assertThat(fired.getHeardAt()).isEqualTo(last);
    assertThat(fired.getAt()).isAfterOrEqualTo(last.plus(TIMEOUT));
    assertThat(notices(id)).extracting(HeartbeatNotice::getWhat).contains(DeadManEvent.SILENT);
    MassReport report = report(fired.getMassId());
    assertThat(report.getMass().getBy()).isEqualTo("dead-man's switch " + id);
    assertThat(report.getMass().getReason()).contains("no heartbeat for 8 s since " + last);
    assertThat(report.getTotal()).isEqualTo(in.size());

    // When: it comes back, and dies again
    OrderRef next = place(account);
    beat(id, SECOND);
    // Then
    awaitCall(next);
    assertThat(awaitFired(id, 2).getMassId()).isNotEqualTo(fired.getMassId());
    assertThat(in).allMatch(order -> pipeline.cancelCalls(order).size() == 1);
    assertThat(pipeline.cancelCalls(out)).isEmpty();
  }

  @Test
  void shouldCancelNothingWhenItIsTakenOff() throws Exception {
    // Given
    OrderRef order = place(account);
    beat(id, TIMEOUT);
    // When
    beat(id, Duration.ZERO);
    // Then: one that is silent since then has fired
    beat(id + "-control", TIMEOUT, account + "x");
    awaitFired(id + "-control", 1);
    assertThat(pipeline.cancelCalls(order)).isEmpty();
    assertThat(fired(id)).isEmpty();
  }

  @Test
  void shouldNotFireWhileItIsHeardAndTheLedgerIsAway() throws Exception {
    // Given
    OrderRef order = place(account);
    var beats = new Beats(id, TIMEOUT);
    beats.await(3);
    // When: for longer than the time-out
    pipeline.stack().stop("ledger");
    beats.await(LONGER);
    pipeline.stack().start("ledger");
    pipeline.stack().awaitReady();
    // Then: one that is silent since then has fired
    beat(id + "-control", SECOND, account + "x");
    awaitFired(id + "-control", 1);
    assertThat(pipeline.cancelCalls(order)).isEmpty();
    assertThat(fired(id)).isEmpty();
    beats.stop();
    awaitCall(order);
    awaitFired(id, 1);
  }

  @Test
  void shouldSayWhatIsWrongWithAHeartbeat() throws Exception {
    // Given
    MassScope none = MassScope.of(null, null);
    // When
    RecordMetadata tooShort = raw(id, word(id, Duration.ofMillis(999), MassScope.of("v", "a")));
    RecordMetadata empty = raw(id, word(id, SECOND, none));
    RecordMetadata otherKey = raw("other", word(id, SECOND, MassScope.of("v", "a")));
    // Then
    assertThat(letter(tooShort)).contains("the time-out is 999 ms", "0 takes the switch off");
    assertThat(letter(empty)).contains("the scope is empty");
    assertThat(letter(otherKey)).contains("its key must be its switchId");
  }

  private String letter(RecordMetadata of) {
    DeadLetter letter = pipeline.awaitDeadLetter(of);
    return letter.getText();
  }

  /** As another client would. */
  private RecordMetadata raw(String key, Heartbeat word) throws Exception {
    try (EventSerdes serdes = pipeline.stack().connection().serdes();
        var producer =
            new KafkaProducer<>(
                pipeline.stack().connection().producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      byte[] value =
          serdes
              .serializer(io.countermand.events.Heartbeat.class)
              .serialize(Topics.HEARTBEATS, HeartbeatCodec.toAvro(word));
      byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
      return producer
          .send(new ProducerRecord<>(Topics.HEARTBEATS, bytes, value))
          .get(30, TimeUnit.SECONDS);
    }
  }

  private OrderRef place(String at) {
    OrderRef order = new OrderRef("cadenza", at, Pipeline.orderId("cadenza"));
    pipeline
        .stack()
        .simulator()
        .book()
        .place(NewOrder.of(order.venue(), order.account(), order.orderId(), "10"));
    pipeline.awaitTable(order, _ -> true);
    return order;
  }

  private void awaitCall(OrderRef order) {
    Awaitility.await("call of " + order)
        .atMost(PATIENCE)
        .until(() -> !pipeline.cancelCalls(order).isEmpty());
  }

  private Instant beat(String switchId, Duration timeout) throws Exception {
    return beat(switchId, timeout, account);
  }

  private Instant beat(String switchId, Duration timeout, String of) throws Exception {
    RecordMetadata at =
        heartbeats
            .send(word(switchId, timeout, MassScope.of("cadenza", of)))
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    return Instant.ofEpochMilli(at.timestamp());
  }

  private static Heartbeat word(String switchId, Duration timeout, MassScope scope) {
    return new Heartbeat(switchId, scope, timeout, "test", "drill", false, Instant.now());
  }

  /** A heartbeat every 200 ms. */
  private final class Beats {

    private final AtomicInteger count = new AtomicInteger();
    private final java.util.concurrent.ScheduledFuture<?> running;
    private volatile Instant last = Instant.EPOCH;

    Beats(String switchId, Duration timeout) {
      running =
          beater.scheduleAtFixedRate(
              () -> {
                try {
                  last = beat(switchId, timeout);
                  count.incrementAndGet();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              0,
              200,
              TimeUnit.MILLISECONDS);
    }

    void await(int more) {
      int until = count.get() + more;
      Awaitility.await("heartbeats").atMost(PATIENCE).until(() -> count.get() >= until);
    }

    /** When the last one was appended. */
    Instant stop() throws Exception {
      running.cancel(false);
      beater.submit(() -> {}).get(30, TimeUnit.SECONDS);
      return last;
    }
  }

  private HeartbeatNotice awaitFired(String switchId, int count) {
    Awaitility.await(switchId + " fires")
        .atMost(PATIENCE)
        .until(() -> fired(switchId).size() >= count);
    assertThat(fired(switchId)).hasSize(count);
    return fired(switchId).getLast();
  }

  private List<HeartbeatNotice> fired(String switchId) {
    return notices(switchId).stream()
        .filter(notice -> notice.getWhat() == DeadManEvent.FIRED)
        .toList();
  }

  private List<HeartbeatNotice> notices(String switchId) {
    List<HeartbeatNotice> all = new ArrayList<>();
    for (var record : pipeline.read(Topics.HEARTBEATS)) {
      byte[] key = record.key();
      if (key != null && switchId.equals(new String(key, StandardCharsets.UTF_8))) {
        var value = pipeline.decode(record, io.countermand.events.Heartbeat.class);
        if (value.getNotice() != null) {
          all.add(value.getNotice());
        }
      }
    }
    return all;
  }

  private MassReport report(String massId) {
    return Awaitility.await("report of " + massId)
        .atMost(PATIENCE)
        .until(
            () ->
                pipeline.read(Topics.MASS_REPORTS).stream()
                    .map(record -> pipeline.decode(record, MassReport.class))
                    .filter(report -> report.getMass().getMassId().equals(massId))
                    .filter(report -> report.getState() == MassState.DONE)
                    .findFirst()
                    .orElse(null),
            found -> found != null);
  }
}
