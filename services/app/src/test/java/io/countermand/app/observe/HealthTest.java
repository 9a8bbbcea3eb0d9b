package io.countermand.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.app.role.Ops;
import io.countermand.desk.Desk;
import io.countermand.desk.settings.DeskSettings;
import io.countermand.kafka.OffsetsCheck;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import io.countermand.venues.limits.Limits;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a process says of its health, against real Kafka, registry and simulator. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class HealthTest {

  /** A venue of this test alone, whose credential the simulator does not know. */
  private static final String BARRED = "barred";

  private static final String WRONG = "wrong-token-53cr3t";
  private static final RoleInstance DESK = RoleInstance.of("desk");

  private final Pipeline pipeline;
  private final OpsClient client = new OpsClient();

  HealthTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void shouldBeReadyWithEveryRole() throws Exception {
    pipeline.stack().awaitReady();
    // When
    Set<String> roles = new TreeSet<>();
    for (int port : pipeline.stack().opsPorts()) {
      HttpResponse<String> ready = client.get(port, "/health/ready");
      assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
      json(ready).get("roles").properties().forEach(role -> roles.add(role.getKey()));
    }
    // Then
    assertThat(roles).contains("desk", "ledger", "feed tradovate");
  }

  @Test
  void shouldSayBeforeAnyCancelThatTheVenueRefusesTheCredential() throws Exception {
    // Given
    Config config = barred();
    Clock clock = Clock.systemUTC();
    try (OpsPort ops = Ops.open(config, DESK)) {
      HttpResponse<String> before = client.get(ops.port(), "/health/ready");
      DeskSettings only = Settings.desk(config, Set.of(BARRED), new Limits(clock), clock);
      // A group of its own, where others have long been at work.
      new OffsetsCheck(
              Settings.connection(config), "desk", Settings.deskGroup(config, Set.of(BARRED)))
          .startAnew(Desk.STARTS_ANEW);
      try (Desk desk = Desk.start(only, ops.meters())) {
        ops.add(DESK, Ops.of(desk));
        Awaitility.await("refused")
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(missing(client.get(ops.port(), "/health/ready")))
                        .singleElement()
                        .asString()
                        .startsWith("venue barred UNAUTHORIZED, no call before "));
        HttpResponse<String> after = client.get(ops.port(), "/health/ready");
        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(missing(before)).containsExactly("not started");
        assertThat(after.statusCode()).isEqualTo(503);
        assertThat(client.get(ops.port(), "/health/live").statusCode()).isEqualTo(200);
        String scrape = client.get(ops.port(), "/metrics").body();
        assertThat(after.body() + scrape).doesNotContain(WRONG);
        assertThat(
                Scrape.of(scrape)
                    .sum("countermand_desk_paused", "venue", BARRED, "cause", "unauthorized"))
            .isEqualTo(1);
        assertThat(Scrape.of(scrape).sum("countermand_ready", "role", "desk")).isZero();
      }
    }
  }

  private Config barred() {
    return Config.load(
        Optional.of(pipeline.stack().configFile()),
        Map.of(
            "COUNTERMAND_INSTANCE", "barred-test",
            "COUNTERMAND_HTTP_PORT", "0",
            "COUNTERMAND_TOPICS_PARTITIONS", "3",
            "COUNTERMAND_VENUES_BARRED_ADAPTER", "crosstrade",
            "COUNTERMAND_VENUES_BARRED_BASE_URL",
                pipeline.stack().simulator().venueUrl("crosstrade").toString(),
            "COUNTERMAND_VENUES_BARRED_USER", "somebody-else",
            "COUNTERMAND_VENUES_BARRED_CREDENTIALS_TOKEN", WRONG));
  }

  private static List<String> missing(HttpResponse<String> response) throws IOException {
    return json(response)
        .get("roles")
        .get(DESK.toString())
        .get("missing")
        .valueStream()
        .map(JsonNode::asText)
        .toList();
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
