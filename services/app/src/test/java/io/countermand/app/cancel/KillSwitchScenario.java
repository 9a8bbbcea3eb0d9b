// Over 300 lines: one scenario for all that a kill switch may meet.
package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.Countermand;
import io.countermand.app.cli.ExitCodes;
import io.countermand.app.json.JsonNames;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.audit.story.Story;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.MassCancels;
import io.countermand.kafka.client.SwitchReader;
import io.countermand.platform.Topics;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Kill switches, each over an account of its own. Tests of {@code MassStackTest}. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class KillSwitchScenario {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Path data;
  private InVmStack stack;
  private MassCancels masses;
  private final List<MassReport> reports = new ArrayList<>();

  /** Which is there before the tests, and its own. */
  protected abstract InVmStack stack();

  @BeforeAll
  void connect(@TempDir Path dir) {
    data = dir;
    stack = stack();
    masses = new MassCancels(stack.connection());
  }

  @AfterAll
  void disconnect() {
    masses.close();
  }

  @Test
  void shouldCancelWhatOpensLaterUntilItIsReleased() throws Exception {
    // Given
    List<OrderRef> in = place("Switch1", 3);
    List<OrderRef> out = place("SwitchStay1", 3);
    awaitKnown("Switch1", 3);
    MassCancel fire = fire("Switch1");
    // When: it fires, orders open, and the desk goes and comes again
    masses.ask(fire);
    MassReport last = report(fire);
    in.addAll(place("Switch1", 10));
    out.addAll(place("SwitchStay1", 10));
    awaitCalled(in);
    stack.stop("desk");
    in.addAll(place("Switch1", 10));
    out.addAll(place("SwitchStay1", 3));
    stack.start("desk");
    stack.awaitReady();
    in.addAll(place("Switch1", 5));
    awaitCalled(in);
    // Then
    assertThat(last.total()).as("open when it fired").isEqualTo(3);
    assertThat(last.flat()).as(last.toString()).isTrue();
    assertThat(in).allMatch(order -> calls(order) == 1);
    assertThat(out).allMatch(order -> calls(order) == 0);
    // When: it is released
    MassCancel release =
        MassCancel.release(UUID.randomUUID().toString(), fire.massId(), "ops", "over", now());
    masses.ask(release);
    MassReport released = report(release);
    awaitRead("Switch1");
    List<OrderRef> free = place("Switch1", 5);
    awaitKnown("Switch1", 5);
    // Then
    assertThat(released.state()).isEqualTo(MassReport.State.DONE);
    assertThat(free).allMatch(order -> calls(order) == 0);
    // What a desk had written for them would stand there before the count that knew them.
    assertThat(asked())
        .containsAll(keys(in))
        .doesNotContainAnyElementsOf(keys(free))
        .doesNotContainAnyElementsOf(keys(out));
    assertThat(in).as("none twice").allMatch(order -> calls(order) == 1);
    assertThat(audit()).isZero();
    // And its story tells of all of them
    Awaitility.await("all have their outcome")
        .atMost(PATIENCE)
        .until(
            () -> String.join(" ", story(fire.massId())).contains("laterOrders=25  canceled=25"));
    assertThat(story(fire.massId()))
        .hasSize(5)
        .satisfiesExactly(
            asked ->
                assertThat(asked).contains("asked", "scope=account Switch1", "by=test", "keep"),
            taken ->
                assertThat(taken)
                    .contains("partitions=" + MassCancelScenario.PARTITIONS, Topics.MASS_COMMANDS),
            scope -> assertThat(scope).contains("orders=3", Topics.MASS_PROGRESS),
            sums -> assertThat(sums).contains("state=DONE", "total=3", Topics.MASS_REPORTS),
            off -> assertThat(off).contains("released", "by=ops", "why=over"));
    assertThatThrownBy(() -> story("nobody")).hasMessageContaining("nothing is recorded");
    // When its id is used for another scope, after the audit: that leaves a dead letter
    var elsewhere = new StringWriter();
    int other =
        run(
            elsewhere,
            "kill",
            "--account",
            "SwitchStay1",
            "--reason",
            "another",
            "--keep",
            "--yes",
            "--mass-id",
            fire.massId());
    // Then who asked hears at once that it is not theirs
    assertThat(other).isEqualTo(2);
    assertThat(elsewhere.toString()).contains("NOTHING was done").doesNotContain("in scope");
  }

  private List<String> story(String massId) throws IOException {
    List<String> lines = new ArrayList<>();
    int code = Story.tell(stack.connection(), massId, null, null, null, false, lines::add);
    assertThat(code).isZero();
    return lines;
  }

  @Test
  void shouldBeFiredListedAndReleasedFromTheCommandLine() throws Exception {
    // Given
    List<OrderRef> in = place("Switch2", 1);
    awaitKnown("Switch2", 1);
    var shown = new StringWriter();
    var after = new StringWriter();
    var unknown = new StringWriter();
    var again = new StringWriter();
    String id = "cli-" + UUID.randomUUID();
    // When
    int fired =
        run(
            new StringWriter(),
            "kill",
            "--account",
            "Switch2",
            "--reason",
            "rogue algorithm",
            "--by",
            "alice",
            "--keep",
            "--yes",
            "--mass-id",
            id);
    in.addAll(place("Switch2", 2));
    awaitCalled(in);
    int listed = run(shown, "kill", "list");
    int released = run(new StringWriter(), "kill", "release", id, "--reason", "fixed");
    int twice = run(again, "kill", "release", id, "--reason", "fixed");
    int nobody = run(unknown, "kill", "release", "no-such", "--reason", "fixed");
    int refused = run(new StringWriter(), "kill", "release", id);
    run(after, "kill", "list");
    // Then
    assertThat(fired).isZero();
    assertThat(listed).isZero();
    assertThat(shown.toString()).contains(id, "account Switch2", "alice", "rogue algorithm");
    assertThat(released).isZero();
    assertThat(twice).isZero();
    assertThat(again.toString()).contains("off since", "fixed");
    assertThat(nobody).isEqualTo(2);
    assertThat(unknown.toString()).contains("no kill switch 'no-such' was ever on");
    assertThat(refused).as("no reason").isEqualTo(2);
    assertThat(after.toString()).doesNotContain(id);
    assertThat(SwitchReader.read(stack.connection()).switches())
        .filteredOn(one -> one.mass().massId().equals(id))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.on()).isFalse();
              assertThat(one.mass().by()).isEqualTo("alice");
              assertThat(one.released().reason()).isEqualTo("fixed");
            });
  }

  @Test
  void shouldNotSayHowItEndsWhereNoLedgerAnswers() throws Exception {
    // Given
    var kill = new StringWriter();
    var release = new StringWriter();
    var asJson = new StringWriter();
    String account = "Kill-" + UUID.randomUUID();
    stack.stop("ledger");
    try {
      // When
      int killed =
          run(
              new CommandLine(new KillCommand(Duration.ofMillis(500))),
              kill,
              "--account",
              account,
              "--reason",
              "drill",
              "--within",
              "1s",
              "--yes");
      int released =
          run(
              new CommandLine(new KillReleaseCommand(Duration.ofSeconds(1))),
              release,
              "no-such",
              "--reason",
              "over");
      int releasedAsJson =
          new CommandLine(new KillReleaseCommand(Duration.ofSeconds(1)))
              .setOut(new PrintWriter(asJson, true))
              .setErr(new PrintWriter(new StringWriter(), true))
              .execute(
                  "no-such",
                  "--reason",
                  "over",
                  "--json",
                  "--config",
                  stack.configFile().toString());
      // Then
      assertThat(killed).as(kill.toString()).isEqualTo(ExitCodes.NO_REPORT);
      assertThat(kill.toString()).contains("mass cancel ", "NOT KNOWN");
      assertThat(released).as(release.toString()).isEqualTo(ExitCodes.NO_REPORT);
      assertThat(release.toString()).contains("NOT KNOWN");
      assertThat(releasedAsJson).as(asJson.toString()).isEqualTo(ExitCodes.NO_REPORT);
      JsonNode said = new ObjectMapper().readTree(asJson.toString());
      assertThat(said.get("state").isNull()).as("what was asked for, and no report").isTrue();
      assertThat(said.get("releases").asText()).isEqualTo("no-such");
      assertThat(JsonNames.documented().get("kill release"))
          .containsAll(said.propertyStream().map(Map.Entry::getKey).toList());
    } finally {
      stack.start("ledger");
      stack.awaitReady();
    }
  }

  private int run(StringWriter out, String... arguments) {
    return run(Countermand.commandLine(), out, arguments);
  }

  private int run(CommandLine command, StringWriter out, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", stack.configFile().toString()));
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute(all.toArray(String[]::new));
  }

  private int audit() {
    return run(new StringWriter(), "audit", "--out", data.resolve("audit").toString());
  }

  private List<OrderRef> place(String account, int count) {
    List<OrderRef> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var order = new OrderRef("cadenza", account, Pipeline.orderId("cadenza"));
      stack.simulator().book().place(NewOrder.of("cadenza", account, order.orderId(), "10"));
      orders.add(order);
    }
    return orders;
  }

  /** Until a dry run finds them: the table has read their events. */
  private void awaitKnown(String account, int orders) throws Exception {
    Instant end = now().plus(PATIENCE);
    while (now().isBefore(end)) {
      if (count(account).total() == orders) {
        return;
      }
    }
    throw new AssertionError(orders + " orders of " + account + " are not known");
  }

  /** Until each partition has read all commands before this: a count comes behind them. */
  private void awaitRead(String account) throws Exception {
    assertThat(count(account).state()).isEqualTo(MassReport.State.DONE);
  }

  private MassReport count(String account) throws Exception {
    var dry =
        new MassCancel(
            UUID.randomUUID().toString(),
            MassScope.of(null, account),
            "test",
            "count",
            null,
            true,
            false,
            now());
    masses.ask(dry);
    return report(dry);
  }

  private static MassCancel fire(String account) {
    return new MassCancel(
        UUID.randomUUID().toString(),
        MassScope.of(null, account),
        "test",
        "drill",
        null,
        false,
        false,
        now(),
        true,
        null);
  }

  /** The last one. */
  private MassReport report(MassCancel mass) {
    Awaitility.await(mass.massId())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              reports.addAll(masses.poll(Duration.ofMillis(50)));
              return reports.stream().anyMatch(one -> isLast(one, mass));
            });
    return reports.stream().filter(one -> isLast(one, mass)).findFirst().orElseThrow();
  }

  private static boolean isLast(MassReport one, MassCancel mass) {
    return one.mass().massId().equals(mass.massId()) && one.last();
  }

  private void awaitCalled(List<OrderRef> orders) {
    Awaitility.await("called")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> orders.stream().allMatch(order -> calls(order) > 0));
  }

  private static List<String> keys(List<OrderRef> orders) {
    return orders.stream().map(OrderRef::key).toList();
  }

  /** Keys of the orders that have an intent in the log now. */
  private Set<String> asked() {
    return Pipeline.read(stack.connection(), Topics.INTENTS).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .collect(Collectors.toSet());
  }

  private long calls(OrderRef order) {
    return stack.simulator().journal().calls(order).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }

  private static Instant now() {
    return Instant.now();
  }
}
