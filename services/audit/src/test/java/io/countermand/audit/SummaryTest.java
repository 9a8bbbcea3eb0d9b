package io.countermand.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Everything;
import io.countermand.audit.check.Findings;
import io.countermand.audit.check.Findings.Count;
import io.countermand.audit.report.AuditResult;
import io.countermand.domain.order.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** "All holds" of nothing, or of what nobody looked at, must not sound like more. */
class SummaryTest {

  private final Findings findings = new Findings(new Everything(Instant.EPOCH));

  @Test
  void shouldSayBesideTheVerdictOfHowManyItIs() {
    // Given
    findings.counted(Count.INTENTS, 40);
    findings.counted(Count.JUDGED, 12);
    // Then
    assertThat(lines().getLast()).startsWith("all holds: 12 of 40 intents judged, the others");
    // Given
    findings.counted(Count.JUDGED, 28);
    // Then
    assertThat(lines().getLast()).isEqualTo("all holds: 40 intents judged");
  }

  @Test
  void shouldSayItBesideEachVerdict() {
    // Given
    findings.counted(Count.INTENTS, 2);
    findings.gap("gone");
    assertThat(lines().getLast())
        .endsWith(
            "not all could be checked: 0 of 2 intents judged, the"
                + " others are too young (deadline, grace and 60 s were not over)");
    // When
    findings.add(DifferenceKind.UNREADABLE, null, null, "odd", List.of());
    // Then
    assertThat(lines().getLast()).startsWith("1 differences: 0 of 2 intents judged");
  }

  @Test
  void shouldNotCountWhatIsNotThereToBeLookedAt() {
    // Then
    assertThat(lines())
        .filteredOn(line -> line.contains("fires"))
        .singleElement()
        .asString()
        .contains("not looked at")
        .doesNotContain("0 fires");
    // Given
    findings.counted(Count.FIRES, 0);
    // Then
    assertThat(lines()).anyMatch(line -> line.endsWith(" 0 fires of dead-man's switches judged"));
  }

  @Test
  void shouldSayTheSameToPrograms() throws Exception {
    // Given
    findings.counted(Count.INTENTS, 2);
    findings.gap("gone");
    var at = new Evidence("cancel-outcomes", 3, 17);
    findings.add(DifferenceKind.UNREADABLE, "a/b/c", "id", "odd", List.of(at));
    // When
    JsonNode said = new ObjectMapper().readTree(SummaryJson.text(result(), null, false, null));
    // Then
    assertThat(said.get("verdict").asText()).isEqualTo("DIFFERS");
    assertThat(said.get("archiveProven").asBoolean()).isFalse();
    assertThat(said.get("intents").asLong()).isEqualTo(2);
    assertThat(said.get("masses").isNull()).as("not looked at").isTrue();
    assertThat(said.get("gaps")).hasToString("[{\"text\":\"gone\",\"count\":1}]");
    assertThat(said.get("differenceCount").asLong()).isEqualTo(1);
    assertThat(said.get("kinds")).hasToString("{\"UNREADABLE\":1}");
    assertThat(said.get("differences"))
        .hasToString(
            "[{\"kind\":\"UNREADABLE\",\"promise\":\""
                + DifferenceKind.UNREADABLE.promise()
                + "\",\"order\":\"a/b/c\",\"cancelId\":\"id\",\"text\":\"odd\","
                + "\"evidence\":[[\"cancel-outcomes\",3,17]]}]");
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    Summary.print(result(), null, lines::add);
    return lines;
  }

  private AuditResult result() {
    return new AuditResult(
        "memory",
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(1),
        Instant.EPOCH,
        Duration.ofSeconds(1),
        0,
        0,
        0,
        findings);
  }
}
