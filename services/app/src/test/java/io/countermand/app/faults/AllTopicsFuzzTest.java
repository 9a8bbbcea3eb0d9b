package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.DeadLetter;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.Placement;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Values at the edge of what Avro allows, and garbage, on every topic that a role reads: each good
 * cancel in between is answered, each bad one is answered or a dead letter, and no thread ends.
 * First come thousands of schema ids that nobody knows; in the middle the registry goes away, and
 * somebody leaves a transaction open.
 */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class AllTopicsFuzzTest {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final long MIB = 1024 * 1024;

  private final Pipeline pipeline;

  AllTopicsFuzzTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  @Tag("long")
  void shouldAnswerAllBetweenTwoThousandRecords() throws Exception {
    flood(2_000, 100, Duration.ofSeconds(5));
  }

  /** By hand, say with 200000: {@code -Dcountermand.flood=N}. */
  @Test
  @Tag("long")
  @EnabledIfSystemProperty(named = "countermand.flood", matches = "\\d+")
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void shouldAnswerAllBetweenAsManyRecordsAsAskedFor() throws Exception {
    flood(Integer.getInteger("countermand.flood"), 500, Duration.ofSeconds(60));
  }

  private void flood(int records, int every, Duration outage) throws Exception {
    Assumptions.assumeTrue(pipeline.stack() instanceof InVmStack, "stops the registry's process");
    LocalStack local = ((InVmStack) pipeline.stack()).local();
    long seed = Long.getLong("countermand.seed", System.nanoTime());
    System.out.println("seed " + seed);
    long died = deaths();
    List<Measured> measured = new ArrayList<>();
    try (var flood = new Flood(pipeline, seed)) {
      measured.add(measure("before"));
      // When
      flood.unknown(3_000);
      flood.write(records / 2, every);
      measured.add(measure("half"));
      local.platform().stopRegistry();
      try {
        leaveATransactionOpen();
        flood.write(records / 10, every);
        pause(outage);
      } finally {
        local.platform().restartRegistry();
      }
      flood.write(records / 2 - records / 10, every);
      // Then
      for (Intent intent : flood.good()) {
        assertThat(pipeline.await(intent.cancelId()).result())
            .as("seed %d, %s", seed, intent.cancelId())
            .isEqualTo(CancelResult.CANCELED);
        assertThat(pipeline.outcomesOf(intent.cancelId())).as("seed " + seed).hasSize(1);
      }
      Awaitility.await("each bad intent answered or a dead letter, seed " + seed)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(unanswered(flood.bad())).isEmpty());
      measured.add(measure("after"));
    }
    System.out.println(measured);
    assertThat(deaths()).as("stream threads that ended, seed " + seed).isEqualTo(died);
    assertThat(measured.getLast().heap() - measured.get(1).heap())
        .as("heap %s, seed %d", measured, seed)
        .isLessThan(128 * MIB);
  }

  /** Of a producer that dies: the broker ends it. */
  private void leaveATransactionOpen() throws Exception {
    var settings = pipeline.stack().connection().producer("stranger");
    settings.put("transactional.id", "stranger-" + Pipeline.id());
    settings.put("transaction.timeout.ms", "5000");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int partition = 0; partition < 3; partition++) {
        producer.send(new ProducerRecord<>(Topics.INTENTS, partition, null, new byte[] {1}));
      }
      producer.flush(); // all at once: the broker, which ends it after a while, is not waited for
      producer.close(Duration.ZERO);
    }
  }

  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await("the outage's end")
        .atMost(time.plusSeconds(60))
        .until(() -> System.nanoTime() > end);
  }

  private long deaths() throws IOException {
    return pipeline.stack().log().stream()
        .filter(
            line -> line.contains("stream thread failed") || line.contains("not heard any more"))
        .peek(line -> System.out.println(line.substring(0, Math.min(20_000, line.length()))))
        .count();
  }

  /** What a record of {@code cancel-intents} became nothing of. */
  private List<String> unanswered(List<RecordMetadata> bad) {
    Set<String> done = new HashSet<>();
    try (EventSerdes serdes = pipeline.stack().connection().serdes()) {
      for (var each : pipeline.read(Topics.DEAD_LETTERS)) {
        var source = pipeline.decode(each, DeadLetter.class).getSource();
        done.add(place(source.getTopic(), source.getPartition(), source.getOffset()));
      }
      EventDecoder<CancelOutcome> outcomes = serdes.decoder(CancelOutcome.class);
      for (var each : pipeline.read(Topics.OUTCOMES)) {
        if (outcomes.decode(each.topic(), each.value())
            instanceof Decoded.Ok<CancelOutcome>(CancelOutcome outcome)) {
          var intent = outcome.getCancel().getIntent();
          done.add(place(intent.getTopic(), intent.getPartition(), intent.getOffset()));
          done.add(outcome.getCancel().getCancelId());
        }
      }
      EventDecoder<CancelIntent> intents = serdes.decoder(CancelIntent.class);
      List<ConsumerRecord<byte[], byte[]>> all = pipeline.read(Topics.INTENTS);
      for (var each : all.reversed()) { // a moved one stands behind
        String at = place(each.topic(), each.partition(), each.offset());
        boolean answered =
            done.contains(at)
                || intents.decode(each.topic(), each.value())
                        instanceof Decoded.Ok<CancelIntent>(CancelIntent intent)
                    && done.contains(intent.getCancelId());
        if (answered) {
          done.add(at);
          for (Header header : each.headers().headers(Placement.MOVED_FROM)) {
            done.add(new String(header.value(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return bad.stream()
        .map(at -> place(at.topic(), at.partition(), at.offset()))
        .filter(at -> !done.contains(at))
        .toList();
  }

  private static String place(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }

  private record Measured(String when, long heap, long stores, int threads) {}

  private Measured measure(String when) throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new Measured(
        when,
        runtime.totalMemory() - runtime.freeMemory(),
        size(pipeline.stack().config().stateDir()),
        Thread.activeCount());
  }

  private static long size(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .mapToLong(
              file -> {
                try {
                  return Files.isRegularFile(file) ? Files.size(file) : 0;
                } catch (IOException e) {
                  return 0; // gone meanwhile
                }
              })
          .sum();
    }
  }
}
