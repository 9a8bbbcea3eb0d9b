package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Config;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.role.ConsoleActions;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.UserFile;
import io.countermand.console.deeds.Actions;
import io.countermand.events.ConsoleAction;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A console before the real pipeline in which people sign in and do something. */
abstract class ActingScenario extends ConsoleScenario {

  /** The least that may be, so that tests are fast. */
  static final int COST = 10;

  static final Map<String, String> ROLES =
      Map.of(
          "olivia", "operator",
          "kim", "killer",
          "victor", "viewer",
          "audrey", "auditor",
          "locked", "viewer",
          "boss", "operator,killer,auditor");

  final Map<String, String> passwords = new LinkedHashMap<>();
  final Map<String, String> lines = new LinkedHashMap<>();
  final Map<String, ConsoleVisitor> visitors = new LinkedHashMap<>();
  Path users;

  @TempDir private static Path directory;

  ActingScenario(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  AccessSettings access() {
    users = directory.resolve("users-" + UUID.randomUUID());
    for (String name : ROLES.keySet()) {
      passwords.put(name, "canary-" + UUID.randomUUID());
      lines.put(name, line(name, passwords.get(name)));
    }
    write(lines);
    return new AccessSettings(users, null, Duration.ofMinutes(30), Duration.ofHours(12));
  }

  static String line(String name, String password) {
    return UserFile.line(name, ROLES.get(name), password, COST);
  }

  /** The file of users anew. */
  final void write(Map<String, String> these) {
    try {
      Files.write(users, these.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Actions actions() {
    return ConsoleActions.of(
        Config.load(
            Optional.of(stack.config()),
            Map.of(
                "COUNTERMAND_CONSOLE_ACTIONS",
                "true",
                "COUNTERMAND_CONSOLE_USERS",
                users.toString())));
  }

  @BeforeAll
  void signIn() throws Exception {
    for (String name : List.of("olivia", "kim", "victor", "audrey")) {
      visitors.put(name, signedIn(name));
    }
  }

  ConsoleVisitor signedIn(String name) throws Exception {
    var visitor = new ConsoleVisitor(http, console.port());
    assertThat(visitor.signIn(name, passwords.get(name)).statusCode()).as(name).isEqualTo(303);
    return visitor;
  }

  /** As the auditor sees it. */
  @Override
  HttpResponse<String> get(String path) throws Exception {
    return visitors.get("audrey").get(path);
  }

  /** With this reason, in the order of the topic. */
  List<ConsoleAction> actions(String reason) {
    return actions(reason::equals);
  }

  List<ConsoleAction> actions(Predicate<String> reason) {
    List<ConsoleAction> found = new ArrayList<>();
    try (var serdes = new EventSerdes(connection.registryUrl(), connection.registry())) {
      var decoder = serdes.decoder(ConsoleAction.class);
      for (ConsumerRecord<byte[], byte[]> each : records(Topics.CONSOLE_ACTIONS)) {
        if (decoder.decode(each.topic(), each.value())
                instanceof Decoded.Ok<ConsoleAction>(ConsoleAction action)
            && reason.test(action.getReason())) {
          found.add(action);
        }
      }
    }
    return found;
  }

  /** All of a topic. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", connection.bootstrapServers());
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }
}
