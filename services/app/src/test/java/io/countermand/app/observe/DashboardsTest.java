package io.countermand.app.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The dashboards in {@code infra/grafana}, against what a running stack shows. Not in Grafana. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class DashboardsTest {

  @TempDir private Path directory;

  @Test
  void shouldAskForNothingThatARunningStackDoesNotShow(Pipeline pipeline) throws IOException {
    // Given: some traffic
    pipeline.stack().awaitReady();
    pipeline.cancel(Pipeline.intent(pipeline.place("cadenza")));
    List<Dashboards.Query> queries = Dashboards.read().queries();
    assertThat(queries).hasSizeGreaterThan(30);
    // Then
    Awaitility.await("the binders look for new metrics every 10 s")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Scrape scrape;
              try (var client = new OpsClient()) {
                scrape = client.scrape(pipeline.stack().opsPorts());
              }
              assertThat(queries).allSatisfy(query -> assertShown(scrape, query));
              assertThat(Dashboards.read().offered())
                  .hasSize(2)
                  .allSatisfy(
                      offered ->
                          assertThat(scrape.series())
                              .anyMatch(
                                  each ->
                                      each.name().equals(offered.getFirst())
                                          && (offered.get(1).equals("instance")
                                              || each.labels().containsKey(offered.get(1)))));
            });
  }

  private static void assertShown(Scrape scrape, Dashboards.Query query) {
    assertThat(query.selectors()).as("%s", query).isNotEmpty();
    for (Alerts.Selector selector : query.selectors()) {
      assertThat(scrape.series())
          .as("%s of %s", selector, query)
          .anyMatch(
              each ->
                  selector.matches(each) && each.labels().keySet().containsAll(query.grouping()));
    }
  }

  @Test
  void shouldLetTheDatasourceBeChosen() throws IOException {
    assertThat(Dashboards.read().all())
        .hasSize(2)
        .allSatisfy(
            dashboard -> {
              assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
              assertThat(dashboard.findValues("uid").stream().map(JsonNode::asText))
                  .filteredOn(uid -> !uid.startsWith("countermand-"))
                  .containsOnly("${datasource}");
              Set<Integer> ids = new HashSet<>();
              assertThat(dashboard.get("panels"))
                  .allMatch(panel -> ids.add(panel.get("id").asInt()));
            });
  }

  /** {@code .ci/run alerts} installs promtool. */
  @Test
  void shouldHaveQueriesThatPrometheusUnderstands() throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "promtool"))),
        "promtool is not here");
    // Given: each as a recording rule
    List<String> lines = new ArrayList<>(List.of("groups:", "  - name: dashboards", "    rules:"));
    List<Dashboards.Query> queries = Dashboards.read().queries();
    for (int i = 0; i < queries.size(); i++) {
      lines.add("      - record: query_" + i);
      lines.add("        expr: '" + queries.get(i).sent() + "'");
    }
    Path file = Files.write(directory.resolve("queries.yml"), lines);
    // When
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // Then
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).contains(queries.size() + " rules found");
  }
}
