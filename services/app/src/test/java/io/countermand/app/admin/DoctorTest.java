package io.countermand.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.oidc.TestIssuer;
import io.countermand.platform.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code countermand doctor} beside the real broker and registry: well, and with things wrong. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class DoctorTest {

  private static final String TIMESTAMPS = "message.timestamp.type";

  @TempDir private Path directory;

  private final Pipeline pipeline;
  private final StringWriter out = new StringWriter();

  DoctorTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldFindNothingWrongWhereNothingIs() throws Exception {
    assertThat(wrong(with(text -> text), InstantSource.system(), "--probe-venues")).isEmpty();
    assertThat(out.toString()).contains("\"well\":true", "\"kafka.features\"", "venues.cadenza");
    Map<String, String> credentials = new TreeMap<>();
    for (JsonNode finding : new ObjectMapper().readTree(out.toString()).get("findings")) {
      if (finding.has("credential")) {
        credentials.put(finding.get("check").asText(), finding.get("credential").asText());
      }
    }
    assertThat(credentials)
        .containsEntry("venues.crosstrade", "good")
        .containsEntry("venues.crosstrade-webhook", "not tried")
        .containsEntry("venues.cadenza", "not tried")
        .containsEntry("venues.tradovate", "not tried")
        .hasSize(6);
    assertThat(out.toString()).contains("--log-in tries it; that takes one of five logins");
  }

  @Test
  void shouldSayItForPeople() throws Exception {
    int code = run(with(text -> text), InstantSource.system());
    assertThat(code).isZero();
    assertThat(out.toString()).contains("OK    topics", "all is well").doesNotContain("WRONG");
  }

  @Test
  void shouldFindATopicThatHasAnotherSetting() throws Exception {
    // Given
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.INTENTS);
    alter(topic, "CreateTime");
    try {
      // When, then
      assertThat(wrong(with(text -> text), InstantSource.system()))
          .containsExactly("topics cancel-intents");
      assertThat(out.toString()).contains("message.timestamp.type=CreateTime");
    } finally {
      alter(topic, "LogAppendTime");
    }
  }

  @Test
  void shouldFindTopicsOfAnotherPartitionCount() throws Exception {
    assertThat(
            wrong(
                with(text -> text.replace("partitions: 3", "partitions: 5")),
                InstantSource.system()))
        .contains("topics cancel-intents", "topics order-events");
  }

  @Test
  void shouldFindARegistryThatIsAway() throws Exception {
    String url = "http://127.0.0.1:1"; // where nobody listens
    assertThat(
            wrong(
                with(
                    text ->
                        text.replaceAll("url: \"http[^\"]*ccompat/v7\"", "url: \"" + url + "\"")),
                InstantSource.system()))
        .containsExactly("registry.reachable " + url);
  }

  @Test
  @Tag("long") // it has ten seconds to answer
  void shouldFindABrokerThatIsAwayAndLookAtTheRestAllTheSame() throws Exception {
    String at = "127.0.0.1:1";
    assertThat(
            wrong(
                with(
                    text ->
                        text.replaceAll(
                            "bootstrap-servers: \"[^\"]*\"", "bootstrap-servers: \"" + at + "\"")),
                InstantSource.system()))
        .containsExactly("kafka.reachable " + at);
    assertThat(out.toString()).contains("\"schemas\"");
  }

  @Test
  void shouldAskTheIssuerForItsKeys() throws Exception {
    try (var issuer = TestIssuer.open()) {
      Path file =
          with(
              text ->
                  text
                      + "\ndoor: {oidc: {issuer: \"%s\", audience: door}}\n"
                          .formatted(issuer.name()));
      assertThat(wrong(file, InstantSource.system())).isEmpty();
      assertThat(out.toString()).contains(issuer.name() + " shows 1 keys");
      issuer.away();
      assertThat(wrong(file, InstantSource.system())).containsExactly("door.oidc " + issuer.name());
    }
  }

  @Test
  void shouldFindAVenueThatIsConfiguredWrongly() throws Exception {
    assertThat(
            wrong(
                with(text -> text.replace("adapter: tradovate", "adapter: tradovat")),
                InstantSource.system()))
        .first()
        .asString()
        .startsWith("config venues.tradovate");
  }

  @Test
  void shouldFindAVenueThatDoesNotAnswerOnlyIfAsked() throws Exception {
    Path file =
        with(text -> text.replaceAll("(cadenza:\n.*\n +base-url: \"http://127.0.0.1:)\\d+", "$11"));
    assertThat(wrong(file, InstantSource.system())).isEmpty();
    assertThat(wrong(file, InstantSource.system(), "--probe-venues"))
        .first()
        .asString()
        .startsWith("venues.cadenza");
  }

  @Test
  void shouldFindAClockThatIsWrong() throws Exception {
    InstantSource late = () -> Instant.now().minus(Duration.ofSeconds(5));
    assertThat(wrong(with(text -> text), late)).singleElement().asString().startsWith("clock ");
    assertThat(out.toString()).contains("ahead of this machine");
  }

  @Test
  void shouldWantVenuesToLogInAt() throws Exception {
    assertThat(run(with(text -> text), InstantSource.system(), "--log-in"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  /** Cadenza's logins end nobody's session; Tradovate's would end those of other tests. */
  @Test
  void shouldTryALoginWhereAskedTo() throws Exception {
    String cadenza = "(?s)venues:\n.*?(  cadenza:\n(?:    [^\n]*\n)+).*";
    Path file = with(text -> text.replaceFirst(cadenza, "venues:\n$1"));
    assertThat(wrong(file, InstantSource.system(), "--probe-venues", "--log-in")).isEmpty();
    assertThat(out.toString()).contains("\"credential\":\"good\"").doesNotContain("not tried");
  }

  @Test
  void shouldCallAWrongOptionAWrongCall() {
    assertThat(Countermand.commandLine().setErr(new PrintWriter(out)).execute("doctor", "--jsn"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private Path with(UnaryOperator<String> change) throws Exception {
    String text =
        Files.readString(pipeline.stack().configFile()).replace("partitions: 4", "partitions: 3");
    return Files.writeString(directory.resolve("c.yaml"), change.apply(text));
  }

  private int run(Path config, InstantSource clock, String... more) {
    List<String> args = new ArrayList<>(List.of("--config", config.toString()));
    args.addAll(List.of(more));
    out.getBuffer().setLength(0);
    return new CommandLine(new DoctorCommand(clock))
        .setOut(new PrintWriter(out, true))
        .execute(args.toArray(String[]::new));
  }

  /** Name and place of each thing that is wrong; checks that the exit code fits. */
  private List<String> wrong(Path config, InstantSource clock, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of(more));
    args.add("--json");
    int code = run(config, clock, args.toArray(String[]::new));
    List<String> wrong = new ArrayList<>();
    for (JsonNode finding : new ObjectMapper().readTree(out.toString()).get("findings")) {
      if (finding.get("status").asText().equals("wrong")) {
        wrong.add(finding.get("check").asText() + " " + finding.get("where").asText());
        assertThat(finding.get("what").asText() + finding.get("todo").asText()).isNotBlank();
      }
    }
    assertThat(code).isEqualTo(wrong.isEmpty() ? 0 : 1);
    return wrong;
  }

  private void alter(ConfigResource topic, String timestamps) throws Exception {
    try (Admin admin = Admin.create(pipeline.stack().connection().admin("test"))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  topic,
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(TIMESTAMPS, timestamps), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      Awaitility.await("the broker hears of it from its controller")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  admin
                      .describeConfigs(List.of(topic))
                      .all()
                      .get()
                      .get(topic)
                      .get(TIMESTAMPS)
                      .value()
                      .equals(timestamps));
    }
  }
}
