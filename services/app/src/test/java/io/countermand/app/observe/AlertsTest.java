package io.countermand.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AlertsTest {

  @Test
  void shouldTellHowBadEachAlertIsAndWhatItSays() throws IOException {
    assertThat(Alerts.read().alerts())
        .hasSizeGreaterThan(8)
        .allSatisfy(
            alert -> {
              Map<?, ?> annotations = (Map<?, ?>) alert.get("annotations");
              assertThat(((Map<?, ?>) alert.get("labels")).get("severity"))
                  .isIn("critical", "warning");
              assertThat(annotations.keySet().stream().map(Object::toString))
                  .containsExactlyInAnyOrder("summary", "description", "runbook");
              assertThat(annotations.get("runbook"))
                  .isEqualTo(
                      "infra/runbook.md#" + alert.get("alert").toString().toLowerCase(Locale.ROOT));
            });
  }

  @Test
  void shouldHaveARunbookEntryForEachAlertAndNoOther() throws IOException {
    // Given
    String runbook = Files.readString(Alerts.INFRA.resolve("runbook.md"));
    // When
    Map<String, String> entries =
        Arrays.stream(runbook.split("(?m)^## "))
            .skip(1)
            .collect(
                Collectors.toMap(text -> text.lines().findFirst().orElseThrow(), text -> text));
    // Then
    assertThat(entries.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Alerts.read().alerts().stream().map(alert -> alert.get("alert").toString()).toList());
    assertThat(entries.values())
        .allSatisfy(
            text ->
                assertThat(text)
                    .contains(
                        "**Means**:", "**At stake**:", "**Look at**:", "**Do**:", "**Escalate**:"));
  }

  @Test
  void shouldHaveAPromtoolTestForEachAlertThatFiresAndOneThatDoesNot() throws IOException {
    // Given
    String tests = Files.readString(Alerts.INFRA.resolve("prometheus/alerts_test.yml"));
    // Then
    assertThat(Alerts.read().alerts())
        .allSatisfy(
            alert ->
                assertThat(tests)
                    .contains("alertname: " + alert.get("alert") + "\n")
                    .contains("alertname: " + alert.get("alert") + ", exp_alerts: []"));
  }

  @Test
  void shouldFindTheMetricsOfAnExpression() {
    // When
    List<Alerts.Selector> found =
        Alerts.selectors(
            "label_replace(absent(a_b{role=\"desk\", x!~\"y|z\"} == 1), \"role\", \"desk\", \"\", \"\")"
                + " or sum by (role, venue) (increase(c:d_total[5m])) > 0 unless on (venue) e offset 1m");
    // Then
    assertThat(found).extracting(Alerts.Selector::metric).containsExactly("a_b", "c:d_total", "e");
    Alerts.Selector first = found.getFirst();
    assertThat(first.matches(series("desk", "w"))).isTrue();
    assertThat(first.matches(series("desk", "y"))).isFalse();
    assertThat(first.matches(series("ledger", "w"))).isFalse();
  }

  private static Scrape.Series series(String role, String x) {
    return new Scrape.Series("a_b", Map.of("role", role, "x", x), 1);
  }
}
