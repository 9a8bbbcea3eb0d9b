// Over 300 lines: wrk's script, an open loop and a producer stand beside the two measurements.
package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.bench.measure.Latencies;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A door under load, and a plain Kafka producer of the same records beside it in the same run. What
 * it measures it prints; what it asserts is that nothing fails and nothing is lost. {@code
 * infra/build/door-load} runs it for a minute each.
 */
@Tag("long")
@Tag("alone")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoorLoadTest {

  private static final int SECONDS = Integer.getInteger("countermand.door-load.seconds", 5);
  private static final int WARM_UP = Math.min(SECONDS, 6);
  private static final int PER_SECOND = 100;
  private static final int CONNECTIONS = 16;
  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Load";
  private static final String PLAIN = "door-load-plain";
  private static final Pattern RESULT =
      Pattern.compile(
          "RESULT requests=(\\d+) micros=(\\d+) errors=(\\d+) p50=(\\d+) p99=(\\d+) max=(\\d+)");

  private static final String SCRIPT =
      """
      local threads = 0
      function setup(thread)
        threads = threads + 1
        thread:set("id", threads)
      end
      function init(args)
        n = 0
        run = args[2]
        headers = { ["Authorization"] = "Bearer " .. args[1], ["Content-Type"] = "application/json" }
      end
      function request()
        n = n + 1
        return wrk.format("POST", "/v1/cancels", headers,
          '{"venue":"%s","account":"%s","orderId":"' .. run .. id .. "-" .. n .. '"}')
      end
      function done(summary, latency, requests)
        local e = summary.errors
        io.write(string.format("RESULT requests=%%d micros=%%d errors=%%d p50=%%d p99=%%d max=%%d\\n",
          summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
          latency:percentile(50), latency:percentile(99), latency.max))
      end
      """
          .formatted(VENUE, ACCOUNT);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Path data;
  private LocalStack stack;
  private DoorProcess door;
  private byte[] sample;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    data = directory;
    stack = stack(data);
    door = DoorProcess.start(stack, http, data, "door");
    try (Admin admin = Admin.create(stack.connection().admin("load"))) {
      admin
          .createTopics(
              List.of(new NewTopic(PLAIN, stack.config().topics().partitions(), (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  /** One venue, as fast as it may be. */
  static LocalStack stack(Path data) throws IOException {
    return LocalStack.start(
        new LocalStack.Options(
            data.resolve("stack"),
            0,
            0,
            Map.of(VENUE, VENUE),
            "5ms",
            true,
            Map.of("COUNTERMAND_HTTP_PORT", "0", "COUNTERMAND_VENUES_CADENZA_TIMEOUT", "60s")),
        line -> {});
  }

  @AfterAll
  void stop() {
    door.close();
    stack.close();
    http.close();
  }

  @Test
  @Order(1)
  void shouldTakeAHundredASecondBesideThePipelineAndLoseNone() throws Exception {
    // Given
    var visitor = door.visitor(http);
    int warm = PER_SECOND * WARM_UP;
    int all = PER_SECOND * SECONDS;
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < warm + all; i++) {
      asked.add("p" + i);
      stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, "p" + i, "10"));
    }
    // When
    try (var producer = producer()) {
      send(warm, i -> cancel(visitor, "p" + i));
      sample = Pipeline.read(stack.connection(), Topics.INTENTS).getLast().value();
      send(warm, i -> plain(producer, i));
      CompletableFuture<Measured> beside =
          CompletableFuture.supplyAsync(
              () -> send(all, i -> plain(producer, i)),
              Thread::startVirtualThread); // the HTTP client wants the common pool
      Measured door = send(all, i -> cancel(visitor, "p" + (warm + i)));
      Measured plain = beside.join();
      // Then
      print("100/s beside the pipeline, door", door);
      print("100/s beside the pipeline, producer", plain);
      assertThat(door.errors()).isZero();
      assertThat(plain.errors()).isZero();
    }
    Awaitility.await("an outcome of each")
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> Pipeline.read(stack.connection(), Topics.OUTCOMES).size() >= asked.size());
    assertThat(results()).isEqualTo(Map.of("CANCELED", (long) asked.size()));
    assertThat(stack.simulator().book().orders().stream().map(each -> each.status().name()))
        .containsOnly("CANCELED");
  }

  @Test
  @Order(2)
  void shouldAcceptAllThatWrkAsksWithoutAPipeline() throws Exception {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "wrk"))),
        "wrk is not installed");
    // Given
    stack.roles().stop("desk");
    stack.roles().stop("ledger");
    Path script = Files.writeString(data.resolve("post.lua"), SCRIPT);
    wrk(script, WARM_UP, "warm");
    long before = intents();
    // When
    Matcher said = wrk(script, SECONDS, "load");
    long requests = Long.parseLong(said.group(1));
    double seconds = Long.parseLong(said.group(2)) / 1e6;
    int rate = (int) Math.round(requests / seconds);
    Measured plain;
    try (var producer = producer()) {
      send(rate, rate, i -> plain(producer, i));
      plain = send(rate * Math.max(1, SECONDS / 3), rate, i -> plain(producer, i));
    }
    // Then
    System.out.printf(
        Locale.ROOT,
        "DOOR-LOAD %-36s %6d/s, %d requests, %s errors, ms p50 %.1f p99 %.1f longest %.0f%n",
        "alone, wrk with " + CONNECTIONS + " connections, door",
        rate,
        requests,
        said.group(3),
        Long.parseLong(said.group(4)) / 1e3,
        Long.parseLong(said.group(5)) / 1e3,
        Long.parseLong(said.group(6)) / 1e3);
    print("alone, producer at that rate", plain);
    assertThat(said.group(3)).isEqualTo("0");
    assertThat(intents() - before)
        .as("each that was answered, and at the most those under way as a run of wrk ends")
        .isBetween(requests, requests + 2 * CONNECTIONS);
    assertThat(plain.errors()).isZero();
  }

  /** Of all outcomes, one an order. */
  private Map<String, Long> results() {
    Set<String> orders = new HashSet<>();
    try (EventSerdes serdes = stack.connection().serdes();
        var values = serdes.deserializer(CancelOutcome.class)) {
      return Pipeline.read(stack.connection(), Topics.OUTCOMES).stream()
          .map(each -> values.deserialize(each.topic(), each.value()))
          .peek(each -> assertThat(orders.add(each.getCancel().getOrderId())).isTrue())
          .collect(
              Collectors.groupingBy(
                  each ->
                      each.getResult() == CancelResult.CANCELED
                          ? "CANCELED"
                          : each.getResult() + " " + each.getReason(),
                  Collectors.counting()));
    }
  }

  private Matcher wrk(Path script, int seconds, String name) throws Exception {
    Path out = data.resolve("wrk-" + name + ".out");
    Process process =
        new ProcessBuilder(
                "wrk",
                "-t2",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "--timeout",
                "30s",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + door.port(),
                "--",
                door.token(),
                name)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(seconds + 60L, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(out);
    Matcher said = RESULT.matcher(text);
    assertThat(said.find()).as(text).isTrue();
    return said;
  }

  private long intents() throws Exception {
    try (Admin admin = Admin.create(stack.connection().admin("load"))) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (int i = 0; i < stack.config().topics().partitions(); i++) {
        latest.put(new TopicPartition(Topics.INTENTS, i), OffsetSpec.latest());
      }
      return admin.listOffsets(latest).all().get(60, TimeUnit.SECONDS).values().stream()
          .mapToLong(each -> each.offset())
          .sum();
    }
  }

  /** Of requests or records, from when each was due until it was answered or acknowledged. */
  private record Measured(int perSecond, int sent, long errors, Latencies millis) {}

  private static void print(String what, Measured measured) {
    System.out.printf(
        Locale.ROOT,
        "DOOR-LOAD %-36s %6d/s, %d requests, %d errors, ms p50 %.1f p99 %.1f longest %.0f%n",
        what,
        measured.perSecond(),
        measured.sent(),
        measured.errors(),
        measured.millis().p50(),
        measured.millis().p99(),
        measured.millis().max());
  }

  private static Measured send(int count, IntFunction<CompletableFuture<Boolean>> send) {
    return send(count, PER_SECOND, send);
  }

  /** An open loop: a slow answer delays no later request. */
  private static Measured send(
      int count, int perSecond, IntFunction<CompletableFuture<Boolean>> send) {
    long[] micros = new long[count];
    var errors = new AtomicLong();
    List<CompletableFuture<?>> open = new ArrayList<>(count);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int at = i;
      long due = start + i * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      open.add(
          send.apply(i)
              .handle(
                  (good, error) -> {
                    micros[at] = (System.nanoTime() - due) / 1_000;
                    if (error != null || !good) {
                      errors.incrementAndGet();
                    }
                    return null;
                  }));
    }
    CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new)).join();
    return new Measured(perSecond, count, errors.get(), Latencies.of(micros));
  }

  private CompletableFuture<Boolean> cancel(DoorVisitor visitor, String id) {
    String body = // more time than any backlog of a slow machine takes
        "{\"venue\":\"%s\",\"account\":\"%s\",\"orderId\":\"%s\",\"within\":120}"
            .formatted(VENUE, ACCOUNT, id);
    return http.sendAsync(
            visitor
                .request("/v1/cancels")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .thenApply(answer -> answer.statusCode() == 202);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            stack.connection().bootstrapServers(),
            "acks",
            "all",
            "enable.idempotence",
            "true",
            "linger.ms",
            "0");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The same settings, size and number of partitions as the door's own. */
  private CompletableFuture<Boolean> plain(KafkaProducer<byte[], byte[]> producer, int i) {
    var acknowledged = new CompletableFuture<Boolean>();
    byte[] key = (VENUE + "/" + ACCOUNT + "/p" + i).getBytes(StandardCharsets.UTF_8);
    producer.send(
        new ProducerRecord<>(PLAIN, key, sample),
        (_, error) -> acknowledged.complete(error == null));
    return acknowledged;
  }
}
