// Over 300 lines: one stack for all commands, and a run of each.
package io.countermand.app.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.Countermand;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Runs each command with {@code --json}: all of standard output is JSON, by the names of {@code
 * docs/reference/json.md}. In {@code MassStackTest}, since it fires a kill switch, and there the
 * last: it stops the ledger, and hands a venue over. {@code acls} is where there are ACLs, in
 * {@code LocksTest}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class JsonOutputScenario {

  private static final String VENUE = "cadenza";
  private static final String ACCOUNT = "Json";

  /** Elsewhere. */
  private static final Set<String> NOT_HERE = Set.of("acls list", "acls check", "acls apply");

  private final Set<String> ran = new HashSet<>();
  private final StringWriter err = new StringWriter();
  private Path data;
  private InVmStack stack;
  private String cancelId = "";
  private String order = "";

  /** Which is there before the tests, and is of no use after them. */
  protected abstract InVmStack stack();

  @BeforeAll
  void start(@TempDir Path directory) {
    data = directory;
    stack = stack();
  }

  @Test
  @Order(1)
  void shouldTellOfTheCluster() throws IOException {
    assertThat(run("topics apply", 0).get("well").asBoolean()).isTrue();
    assertThat(run("schemas register", 0).get("well").asBoolean()).isTrue();
    assertThat(run("schemas check", 0).at("/subjects/0/status").asText()).isEqualTo("SAME");
    assertThat(run("config check", 0).get("problems")).isEmpty();
    assertThat(run("doctor", 0).get("well").asBoolean()).isTrue();
    JsonNode venues = run("venues", 0);
    assertThat(venues.at("/venues/0/probe/ok").asBoolean()).isTrue();
    assertThat(venues.get("adapters").size()).isGreaterThan(3);
    assertThat(run("venues pause", 0, VENUE, "--until", "1h").get("paused").asBoolean()).isTrue();
    assertThat(run("venues resume", 0, VENUE).get("paused").asBoolean()).isFalse();
  }

  @Test
  @Order(2)
  void shouldTellWhatIsWrongWithAConfigurationAndLeaveTheExitCode() throws IOException {
    // Given
    Path wrong = Files.writeString(data.resolve("wrong.yaml"), "kafka: { nonsense: 1 }\n");
    // When
    String output = output(2, "config", "check", "--json", "--config", wrong.toString());
    // Then
    JsonNode said = JsonNames.check("config check", output).getFirst();
    assertThat(said.get("well").asBoolean()).isFalse();
    assertThat(said.at("/problems/0/key").asText()).isEqualTo("kafka.nonsense");
    assertThat(err.toString()).contains("kafka.nonsense");
  }

  @Test
  @Order(3)
  void shouldTellOfCancels() throws Exception {
    OrderRef open = place();
    order = open.key();
    JsonNode said = run("cancel --wait", 0, of(open, "--wait", "--reason", "test"));
    assertThat(said.get("result").asText()).isEqualTo("CANCELED");
    cancelId = said.get("cancelId").asText();
    OrderRef other = place();
    assertThat(run("cancel", 0, of(other)).get("orderId").asText()).isEqualTo(other.orderId());
    OrderRef filed = place();
    Path file =
        Files.writeString(
            data.resolve("cancels.csv"),
            "venue,account,orderId\n%s,%s,%s\n".formatted(VENUE, ACCOUNT, filed.orderId()));
    assertThat(run("cancel --file", 0, "--file", file.toString()).at("/counts/CANCELED").asInt())
        .isEqualTo(1);
    assertThat(run("watch", 0, "--from", "beginning", "--most", "2").get("cancelId")).isNotNull();
    JsonNode known = run("order", 0, order);
    assertThat(known.get("order").asText()).isEqualTo(order);
    assertThat(known.at("/outcomes/0/result").asText()).isEqualTo("CANCELED");
    assertThat(known.at("/outcomes/0/at")).isEqualTo(said.get("at"));
    assertThat(known.at("/state/orderQty").asText()).isEqualTo("10");
    assertThat(known.at("/state/cumQty").asText()).isEqualTo("0");
    assertThat(known.at("/state/disputed").asBoolean()).isFalse();
    List<JsonNode> story = lines("story", 0, cancelId);
    assertThat(story).allMatch(each -> !each.get("what").asText().isEmpty());
    assertThat(story)
        .as("the outcome, where it stands")
        .anyMatch(
            each ->
                each.get("cancelId").asText().equals(cancelId)
                    && each.get("topic").equals(said.at("/at/0"))
                    && each.get("partition").equals(said.at("/at/1"))
                    && each.get("offset").equals(said.at("/at/2")));
  }

  @Test
  @Order(4)
  void shouldTellOfMassCancels() throws Exception {
    OrderRef open = place();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> run("kill", 0, scope("--dry-run")).get("total").asInt() >= 1);
    JsonNode done = run("kill", 0, scope("--yes"));
    assertThat(done.get("flat").asBoolean()).isTrue();
    assertThat(done.get("canceled").asInt()).as(open.key()).isPositive();
    String id = run("kill", 0, scope("--yes", "--keep")).get("massId").asText();
    assertThat(run("kill list", 0).get("massId").asText()).isEqualTo(id);
    assertThat(run("kill release", 0, id, "--reason", "over").get("releases").asText())
        .isEqualTo(id);
    assertThat(run("kill list", 0, "--released").get("on").asBoolean()).isFalse();
    assertThat(output(0, "kill", "list", "--json", "--config", config())).isEmpty();
    JsonNode refused = run("kill release", 2, Pipeline.id(), "--reason", "none");
    assertThat(refused.get("state").asText()).isEqualTo("REFUSED");
  }

  @Test
  @Order(5)
  void shouldTellOfDeadMansSwitches() throws IOException {
    String[] word = {"--id", "json", "--venue", VENUE, "--account", "Nobody", "--reason", "test"};
    JsonNode beat = run("heartbeat", 0, word);
    JsonNode listed = run("heartbeat list", 0);
    assertThat(listed.get("switchId").asText()).isEqualTo("json");
    assertThat(listed.get("state").asText()).isEqualTo("ARMED");
    assertThat(listed.get("scope").asText()).contains("Nobody");
    assertThat(listed.get("timeoutMillis")).isEqualTo(beat.get("timeoutMillis"));
    assertThat(listed.get("at")).isEqualTo(beat.get("at"));
    run("heartbeat", 0, "--id", "json", "--off");
  }

  @Test
  @Order(6)
  void shouldTellOfDeadLetters() throws Exception {
    // Given
    try (var producer =
        new KafkaProducer<>(
            stack.connection().producer("test"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>(Topics.INTENTS, bytes(VENUE + "/x/y"), bytes("no intent")))
          .get(30, TimeUnit.SECONDS);
    }
    // Then
    String place =
        Awaitility.await("its place among the dead letters")
            .atMost(Duration.ofSeconds(60))
            .until(this::placeOfAnIntent, found -> !found.isEmpty());
    JsonNode shown = run("dead-letters show", 0, place);
    assertThat(shown.get("value").binaryValue()).isEqualTo(bytes("no intent"));
    assertThat(shown.get("key").binaryValue()).isEqualTo(bytes(VENUE + "/x/y"));
    assertThat(shown.get("valueSize").asInt()).isEqualTo("no intent".length());
    JsonNode sent = run("dead-letters requeue", 0, place, "--why", "test");
    assertThat(sent.get("source")).isEqualTo(shown.get("source"));
    assertThat(
            Pipeline.read(stack.connection(), Topics.INTENTS).stream()
                .filter(each -> Arrays.equals(each.value(), bytes("no intent")))
                .map(each -> List.<Object>of(each.topic(), each.partition(), (int) each.offset())))
        .contains(place(sent.get("sentAs")));
  }

  /** Others may have left what is no intent. Empty: there is none. */
  private String placeOfAnIntent() throws IOException {
    if (output(0, "dead-letters", "list", "--json", "--config", config()).isEmpty()) {
      return "";
    }
    return lines("dead-letters list", 0).stream()
        .filter(each -> each.get("source").toString().contains(Topics.INTENTS))
        .map(each -> each.get("place").asText())
        .findFirst()
        .orElse("");
  }

  @Test
  @Order(7)
  void shouldTellOfAudits() throws Exception {
    String archive = data.resolve("archive").toString();
    JsonNode kept = run("archive", 0, "--out", archive);
    JsonNode audit =
        run("audit", 0, "--out", data.resolve("report").toString()); // all are too young
    assertThat(audit.get("intents").asLong()).isPositive();
    assertThat(audit.get("verdict").asText()).isEqualTo("HOLDS");
    assertThat(audit.get("archiveProven").isNull()).isTrue();
    JsonNode again = run("audit", 0, "--archive", archive, "--sha256", kept.get("sha256").asText());
    assertThat(again.get("archiveProven").asBoolean()).isTrue();
    assertThat(again.get("intents")).isEqualTo(audit.get("intents"));
  }

  @Test
  @Order(8)
  void shouldTellOfAVenueThatIsHandedOver() throws IOException {
    String[] step = {"announce", "--venue", VENUE, "--to", VENUE};
    assertThat(run("hand-over", 0, step).get("step").asText()).isEqualTo("ANNOUNCE");
  }

  @Test
  @Order(9)
  void shouldTellOfADrill() throws IOException {
    JsonNode report =
        JsonNames.check(
                "drill",
                output(
                    0,
                    "drill",
                    "--json",
                    "--orders=5",
                    "--venues=cadenza",
                    "--rates=lifted",
                    "--cold",
                    "--data=" + data.resolve("drill")))
            .getFirst();
    ran.add("drill");
    assertThat(report.get("flat").asBoolean()).isTrue();
  }

  @Test
  @Order(10)
  void shouldTellOfARoleThatStartsAnew() throws Exception {
    stack.stop("ledger");
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(() -> run("start-anew", 0, "ledger").get("role").asText().equals("LEDGER"));
  }

  @Test
  @Order(11)
  void shouldHaveRunAllThatThePageHas() {
    Set<String> promised = new HashSet<>(JsonNames.documented().keySet());
    promised.removeAll(NOT_HERE);
    assertThat(ran).isEqualTo(promised);
  }

  private String[] scope(String... more) {
    return Stream.concat(
            Stream.of("--venue", VENUE, "--account", ACCOUNT, "--reason", "test"), Stream.of(more))
        .toArray(String[]::new);
  }

  private static String[] of(OrderRef order, String... more) {
    return Stream.concat(
            Stream.of(
                "--venue", VENUE, "--account", order.account(), "--order-id", order.orderId()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private OrderRef place() {
    var placed = new OrderRef(VENUE, ACCOUNT, Pipeline.orderId(VENUE));
    stack.simulator().book().place(NewOrder.of(VENUE, ACCOUNT, placed.orderId(), "10"));
    return placed;
  }

  private String config() {
    return stack.configFile().toString();
  }

  /** The last of its lines. */
  private JsonNode run(String row, int exit, String... arguments) throws IOException {
    return lines(row, exit, arguments).getLast();
  }

  private List<JsonNode> lines(String row, int exit, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(row.replaceFirst(" --.*", "").split(" ")));
    all.addAll(List.of("--json", "--config", config()));
    all.addAll(List.of(arguments));
    String said = output(exit, all.toArray(String[]::new));
    for (Path secret : secrets()) {
      assertThat(said).as(row).doesNotContain(Files.readString(secret).strip());
    }
    ran.add(row);
    return JsonNames.check(row, said);
  }

  private List<Path> secrets() throws IOException {
    try (Stream<Path> files = Files.list(stack.configFile().resolveSibling("secrets"))) {
      List<Path> all = files.toList();
      assertThat(all).isNotEmpty();
      return all;
    }
  }

  /** All of standard output, whoever wrote it. */
  private String output(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    err.getBuffer().setLength(0);
    PrintStream real = System.out;
    var aside = new ByteArrayOutputStream();
    int code;
    try {
      System.setOut(new PrintStream(aside, true, StandardCharsets.UTF_8));
      CommandLine command = Countermand.commandLine();
      code =
          command
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(arguments);
    } finally {
      System.setOut(real);
    }
    assertThat(code).as("%s: %s %s", String.join(" ", arguments), out, err).isEqualTo(exit);
    return out + aside.toString(StandardCharsets.UTF_8);
  }

  private static List<Object> place(JsonNode at) {
    return List.of(at.get(0).asText(), at.get(1).asInt(), at.get(2).asInt());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
