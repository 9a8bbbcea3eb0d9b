package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Config;
import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.app.role.ConsoleActions;
import io.countermand.console.access.AccessSettings;
import io.countermand.console.access.UserFile;
import io.countermand.console.actions.Actions;
import io.countermand.events.ConsoleAction;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
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

  /** For {@link #act}: a mass cancel needs a second person's word. */
  static final Map<String, String> TWO_PEOPLE =
      Map.of("COUNTERMAND_CONSOLE_KILL_SECOND_PERSON", "true");

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

  /** The file of users anew; at once, so that nobody reads half of it. */
  final void write(Map<String, String> these) {
    try {
      Path whole = users.resolveSibling(users.getFileName() + ".new");
      Files.write(whole, these.values());
      Files.move(whole, users, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Actions actions() {
    return act(Map.of());
  }

  /**
   * @param more of the environment
   */
  final Actions act(Map<String, String> more) {
    Map<String, String> environment = new LinkedHashMap<>(more);
    environment.put("COUNTERMAND_CONSOLE_ACTIONS", "true");
    environment.put("COUNTERMAND_CONSOLE_USERS", users.toString());
    return ConsoleActions.of(Config.load(Optional.of(stack.config()), environment));
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

  /** Proposed by kim, of as many orders of an account as are open there; its id. */
  final String propose(String account, int orders, String why) throws Exception {
    var kim = visitors.get("kim");
    String at =
        Awaitility.await("counted")
            .atMost(PATIENCE)
            .until(
                () -> {
                  var form = Map.of("venue", VENUE, "account", account, "reason", why);
                  String count =
                      kim.post("/kill/count", form).headers().firstValue("Location").orElseThrow();
                  String page =
                      Awaitility.await("report")
                          .atMost(PATIENCE)
                          .until(() -> kim.get(count).body(), it -> it.contains("/kill/fire"));
                  return page.contains("type <strong>kill " + orders + "</strong>") ? count : "";
                },
                each -> !each.isEmpty());
    String count = at.substring(at.indexOf("id=") + 3);
    HttpResponse<String> answer =
        kim.post("/kill/fire", Map.of("id", count, "word", "kill " + orders, "within", "60"));
    assertThat(answer.headers().firstValue("Location"))
        .as(answer.body())
        .contains("/kill?done=proposed");
    String page = kim.get("/kill").body();
    Matcher id =
        Pattern.compile("name=\"id\" value=\"([0-9a-f-]{36})\"")
            .matcher(page.substring(page.indexOf(account)));
    assertThat(id.find()).as(page).isTrue();
    return id.group(1);
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
