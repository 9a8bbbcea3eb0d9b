package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.client.Connection;
import io.countermand.events.KillRelease;
import io.countermand.events.KillSwitch;
import io.countermand.events.MassCancel;
import io.countermand.events.MassScope;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Catalogue;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import io.countermand.platform.TopicAdmin;
import io.countermand.platform.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A console before a broker of its own: no desk reads what is written there, however odd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OwnConsole {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  final HttpClient http = HttpClient.newHttpClient();
  final List<String> fired = new ArrayList<>();
  LocalPlatform platform;
  Console console;
  EventSerdes serdes;
  KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  void open(@TempDir Path data) {
    platform = LocalPlatform.start(new LocalPlatform.Options(data, 0, 0));
    var connection = Connection.of(platform.bootstrapServers(), platform.registryUrl());
    Catalogue catalogue = Catalogue.of(2, (short) 1);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", connection.bootstrapServers()))) {
      assertThat(TopicAdmin.apply(admin, catalogue)).isNotEmpty();
    }
    assertThat(SchemaAdmin.register(connection.registryUrl(), catalogue)).isNotEmpty();
    serdes = new EventSerdes(connection.registryUrl(), connection.registry());
    producer = producer(Map.of());
    console =
        Console.open(
            new ConsoleSettings(
                connection,
                "127.0.0.1",
                0,
                Duration.ofMinutes(1),
                1_000,
                16,
                1_000,
                20,
                Duration.ofSeconds(7),
                null),
            null);
    Awaitility.await("topics read").atMost(PATIENCE).until(() -> console.missing().isEmpty());
  }

  @AfterAll
  void close() {
    console.close();
    producer.close();
    serdes.close();
    platform.close();
    http.close();
  }

  /** Whatever a test wrote under these ids: readable, and off. */
  @AfterEach
  void release() throws Exception {
    for (String id : List.copyOf(fired)) {
      write(Topics.KILL_SWITCHES, id, released(fire(id), "test", "over"));
    }
    fired.clear();
    await("/kill", page -> !page.contains("class=\"banner\""));
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new java.util.HashMap<>(more);
    settings.put("bootstrap.servers", platform.bootstrapServers());
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Its offset. */
  <T extends SpecificRecord> long write(String topic, String key, T value) throws Exception {
    return write(topic, key, bytes(topic, value));
  }

  @SuppressWarnings("unchecked")
  <T extends SpecificRecord> byte[] bytes(String topic, T value) {
    return serdes.serializer((Class<T>) value.getClass()).serialize(topic, value);
  }

  long write(String topic, String key, byte[] value) throws Exception {
    if (topic.equals(Topics.KILL_SWITCHES)) {
      fired.add(key);
    }
    return producer
        .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
        .get(60, TimeUnit.SECONDS)
        .offset();
  }

  /** As a record can say it. */
  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  static KillSwitch fire(String id) {
    var scope = new MassScope();
    scope.setVenue("cadenza");
    scope.setAccount("Desk1");
    return fire(id, scope, "alice", "rogue algorithm");
  }

  static KillSwitch fire(String id, MassScope scope, String by, String reason) {
    var mass = new MassCancel();
    mass.setMassId(id);
    mass.setScope(scope);
    mass.setBy(by);
    mass.setReason(reason);
    mass.setCreatedAt(now());
    mass.setKeep(true);
    return new KillSwitch(mass, now(), null);
  }

  static KillSwitch released(KillSwitch fired, String by, String reason) {
    return new KillSwitch(
        fired.getMass(),
        fired.getSince(),
        new KillRelease(fired.getMass().getMassId() + "-off", by, reason, now()));
  }

  HttpResponse<String> get(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.port() + path)).build();
    return http.send(request, BodyHandlers.ofString());
  }

  String await(String path, String says) {
    return await(path, page -> page.contains(says));
  }

  /** The page, as soon as it is so. */
  String await(String path, Predicate<String> so) {
    return Awaitility.await(path)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(() -> get(path).body(), so);
  }
}
