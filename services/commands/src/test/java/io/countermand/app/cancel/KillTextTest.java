package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.cli.ExitCodes;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.MassTally;
import io.countermand.kafka.client.SwitchReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Who reads this at three in the morning must not take "cannot be read" for "none is on". */
class KillTextTest {

  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @Test
  void shouldSayThatNoneIsOnOnlyIfAllWereRead() {
    assertThat(lines(List.of(), List.of())).containsExactly("no kill switch is on");
    assertThat(lines(List.of(), List.of("kill-switches-0@7 cannot be read: odd")))
        .hasSize(2)
        .first()
        .isEqualTo("kill-switches-0@7 cannot be read: odd");
    assertThat(lines(List.of(one("off", true)), List.of("x")))
        .doesNotContain("no kill switch is on");
  }

  @Test
  void shouldShowThoseThatAreOffOnlyIfAsked() {
    var found = new SwitchReader.Found(List.of(one("on", false), one("off", true)), List.of());
    assertThat(KillText.lines(found, false)).singleElement().asString().startsWith("on (");
    assertThat(KillText.lines(found, true)).hasSize(2);
  }

  @Test
  void shouldShowAnIdThatCanBeCopiedAndNoNanoseconds() {
    // Given: as the ledger's clock says it, before the topic has made microseconds of it
    Instant clock = NOW.plusNanos(123_456_789);
    var release = new KillSwitch.Release("r", "ops", "over", clock);
    var off = new KillSwitch(one("id-1", false).mass(), clock, release);
    // Then
    assertThat(off.words())
        .isEqualTo(
            "id-1 (venue v, account a), on since 2026-11-29T12:00:00.123Z by ops: drill;"
                + " off since 2026-11-29T12:00:00.123Z by ops: over");
  }

  @Test
  void shouldNotCallWhatIsDurableNotAskedForIfSomethingGoesWrongLater() {
    // Given
    var err = new StringWriter();
    var command =
        new CommandLine(CommandLine.Model.CommandSpec.create()).setErr(new PrintWriter(err, true));
    // When
    int code =
        KillCommand.asked(
            command,
            "mass cancel m-1",
            () -> {
              throw new TimeoutException("nobody there");
            });
    // Then
    assertThat(code).isEqualTo(ExitCodes.NO_REPORT);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("mass cancel m-1 is asked for", "Kafka does not answer: nobody there");
  }

  @Test
  void shouldSayWhatACallForManyHitAndWhereNobodyKnows() {
    // Given
    var tally = new MassTally(one("m", false).mass(), NOW, 1, Set.of("v"));
    tally.heard(new MassPart.Bulk("c", "v", "a", 2, List.of("v/a/9"), true));
    tally.heard(new MassPart.Bulk("d", "v", "b", 2, List.of(), false));
    // When, Then
    assertThat(KillText.lines(tally.report(1, NOW)))
        .contains("  HIT BEYOND THE SCOPE, by a call for all of the account: v/a/9")
        .contains(
            "  NOT KNOWN what was hit beyond the scope, by a call for all of the account: v/b");
  }

  private static List<String> lines(List<KillSwitch> switches, List<String> unreadable) {
    return KillText.lines(new SwitchReader.Found(switches, unreadable), false);
  }

  private static KillSwitch one(String id, boolean off) {
    var mass =
        new MassCancel(
            id,
            MassScope.of("v", "a"),
            "ops",
            "drill",
            NOW.plusSeconds(300),
            false,
            false,
            NOW,
            true,
            null);
    return new KillSwitch(mass, NOW, off ? new KillSwitch.Release("r", "ops", "over", NOW) : null);
  }
}
