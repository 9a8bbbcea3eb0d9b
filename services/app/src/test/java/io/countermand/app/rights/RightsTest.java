package io.countermand.app.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.Countermand;
import io.countermand.app.config.Config;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.console.Console;
import io.countermand.desk.Desk;
import io.countermand.platform.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what, on paper; and what a broker says that asks nobody. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class RightsTest {

  @TempDir private Path directory;

  private final Pipeline pipeline;

  RightsTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldLetTheLedgerAloneWriteOutcomes() {
    assertThat(roles(Topics.OUTCOMES, AclOperation.WRITE)).containsExactly(Role.LEDGER);
    assertThat(roles(Topics.FINDINGS, AclOperation.WRITE)).containsExactly(Role.LEDGER);
    assertThat(roles(Topics.RETRIES, AclOperation.WRITE)).containsExactly(Role.LEDGER);
    assertThat(roles(Topics.ORDER_STATES, AclOperation.WRITE)).containsExactly(Role.DESK);
    assertThat(roles(Topics.PROGRESS, AclOperation.WRITE)).containsExactly(Role.DESK, Role.LEDGER);
    assertThat(roles(Topics.MASS_CANCELS, AclOperation.WRITE))
        .containsExactly(Role.LEDGER, Role.DOOR, Role.CONSOLE, Role.OPERATOR);
    assertThat(roles(Topics.HEARTBEATS, AclOperation.WRITE))
        .containsExactly(Role.LEDGER, Role.GUARDED, Role.OPERATOR);
    assertThat(roles(Topics.MASS_REPORTS, AclOperation.WRITE)).containsExactly(Role.LEDGER);
    assertThat(roles(Topics.KILL_SWITCHES, AclOperation.WRITE)).containsExactly(Role.LEDGER);
    assertThat(roles(Topics.INTENTS, AclOperation.WRITE))
        .containsExactly(
            Role.PRODUCER, Role.DESK, Role.DOOR, Role.CONSOLE, Role.OPERATOR, Role.ADMIN);
  }

  @Test
  void shouldLetAReaderReadAllThatAConsoleShowsAndWriteNothing() {
    // When
    Set<Right> reader = rights().of(Role.READER);
    // Then
    assertThat(Console.READS)
        .contains(Topics.KILL_SWITCHES, Topics.PAUSES)
        .allSatisfy(each -> assertThat(reader).contains(Right.topic(each, AclOperation.READ)));
    assertThat(reader).noneMatch(each -> each.operation() == AclOperation.WRITE);
  }

  @Test
  void shouldLetAConsoleWriteWhatItsActionsNeedAndNothingElse() {
    // When
    Set<Right> console = rights().of(Role.CONSOLE);
    // Then
    assertThat(Console.READS)
        .contains(Topics.CONSOLE_ACTIONS)
        .allSatisfy(each -> assertThat(console).contains(Right.topic(each, AclOperation.READ)));
    assertThat(console)
        .filteredOn(each -> each.operation() != AclOperation.READ)
        .containsExactlyInAnyOrder(
            Right.topic(Topics.CONSOLE_ACTIONS, AclOperation.WRITE),
            Right.topic(Topics.PAUSES, AclOperation.WRITE),
            Right.topic(Topics.MASS_CANCELS, AclOperation.WRITE),
            Right.topic(Topics.INTENTS, AclOperation.WRITE),
            Right.topic(Topics.ORDER_EVENTS, AclOperation.WRITE));
    assertThat(roles(Topics.CONSOLE_ACTIONS, AclOperation.WRITE)).containsExactly(Role.CONSOLE);
  }

  @Test
  void shouldLetNobodyAlterTopicsAndTheLedgerAloneHaveTransactions() {
    for (Role role : Role.values()) {
      assertThat(rights().of(role))
          .as(role.label())
          .noneMatch(
              each ->
                  each.type() == ResourceType.TOPIC
                      && Set.of(AclOperation.ALTER, AclOperation.ALTER_CONFIGS, AclOperation.ALL)
                          .contains(each.operation()))
          .noneMatch(each -> each.type() == ResourceType.CLUSTER && role != Role.ADMIN)
          .noneMatch(each -> each.type() == ResourceType.TRANSACTIONAL_ID && role != Role.LEDGER);
    }
  }

  @Test
  void shouldGiveADeskOfSomeVenuesTheInternalTopicsOfItsOwnGroupOnly() {
    // When
    Set<Right> own = rights().desk(Set.of("cadenza", "crosstrade"));
    // Then
    assertThat(own)
        .filteredOn(each -> each.name().endsWith("-changelog"))
        .hasSize(3 * Desk.STORES.size())
        .allMatch(each -> each.name().startsWith("countermand-desk-cadenza-crosstrade-"))
        .noneMatch(Right::prefix);
    assertThat(own)
        .contains(Right.group("countermand-desk-cadenza-crosstrade", false, AclOperation.READ));
  }

  @Test
  void shouldTakeNamesFromAFile() throws IOException {
    // Given
    Path file =
        file(
            """
            producer: [User:oms-a, "User:CN=oms-b,O=Firm"]
            oms: []
            desk: User:d
            desks:
              "crosstrade, cadenza": User:worker
            """);
    // When
    Principals read = Principals.read(file);
    // Then
    assertThat(read.of().get(Role.PRODUCER)).containsExactly("User:oms-a", "User:CN=oms-b,O=Firm");
    assertThat(read.of().get(Role.OMS)).isEmpty();
    assertThat(read.of().get(Role.LEDGER)).containsExactly("User:countermand-ledger");
    assertThat(read.desks())
        .isEqualTo(Map.of(Set.of("cadenza", "crosstrade"), Set.of("User:worker")));
  }

  @Test
  void shouldSayAllThatIsWrongWithAFile() throws IOException {
    Path file = file("desc: User:d\nledger: someone\nrisk: \"User:*\"\n");
    assertThatThrownBy(() -> Principals.read(file))
        .hasMessageContaining("no role 'desc'")
        .hasMessageContaining("'someone' is no principal")
        .hasMessageContaining("User:* is everybody");
  }

  @Test
  void shouldListOneRoleAndAskNoBroker() {
    // When
    var out = new StringWriter();
    int code = run(out, "acls", "list", "--role", "oms");
    // Then
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString().lines())
        .containsExactly("oms       User:countermand-oms may WRITE topic order-events");
    assertThat(run(new StringWriter(), "acls", "list", "--role", "omz")).isEqualTo(2);
  }

  @Test
  void shouldSayThatABrokerAsksNobody() {
    // When
    var out = new StringWriter();
    int code = run(out, "acls", "check", "--config", pipeline.stack().configFile().toString());
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("no authorizer", "authorizer.class.name");
  }

  @Test
  void shouldSayThatNoBrokerAnswers() throws IOException {
    // Given: nobody listens there
    Path config =
        file(
            """
            kafka:
              bootstrap-servers: 127.0.0.1:1
              properties:
                default.api.timeout.ms: 500
                request.timeout.ms: 500
            """);
    // When
    var out = new StringWriter();
    int code = run(out, "acls", "apply", "--config", config.toString());
    // Then
    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("the brokers do not answer");
  }

  private static int run(StringWriter out, String... arguments) {
    return Countermand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute(arguments);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("file.yaml"), text);
  }

  private Rights rights() {
    return new Rights(Config.load(Optional.of(pipeline.stack().configFile()), Map.of()));
  }

  private List<Role> roles(String topic, AclOperation operation) {
    List<Role> roles = new ArrayList<>(Arrays.asList(Role.values()));
    roles.removeIf(each -> !rights().of(each).contains(Right.topic(topic, operation)));
    return roles;
  }
}
