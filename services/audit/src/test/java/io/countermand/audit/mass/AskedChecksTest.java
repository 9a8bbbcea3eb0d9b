package io.countermand.audit.mass;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Everything;
import io.countermand.audit.check.Findings;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassCheck;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Evidence;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests and answers as they happened, and the same with one of them missing or added. */
class AskedChecksTest {

  private static final Instant START = Instant.parse("2026-11-28T08:00:00Z");
  private static final int DAY = 86_400;

  private final Set<Evidence> letters = new HashSet<>();
  private final Set<String> taken = new HashSet<>();
  private Instant ledgerUntil = at(DAY);
  private final Findings findings = new Findings(new Scope());
  private @Nullable AskedChecks checks;
  private int offset;

  @Test
  void shouldFindNothingInWhatWasAskedAndAnswered() {
    ask("m", 10, null);
    say("m", 10, MassReport.State.FREEZING, null);
    say("m", 20, MassReport.State.DONE, null);
    ask("late", 30, null);
    say("late", 400, MassReport.State.INCOMPLETE, null);
    ask("refused", 40, null);
    say("refused", 41, MassReport.State.REFUSED, null);
    checks().commanded(mass("m", 10, null), place(Topics.MASS_COMMANDS, 11));
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindARequestWithoutAnswer() {
    MassRecords.At at = ask("m", 10, null);
    assertThat(found()).containsExactly(DifferenceKind.MASS_NOT_ANSWERED);
    assertThat(findings.differences.getFirst().evidence()).containsExactly(at.at());
    assertThat(findings.differences.getFirst().text()).contains("m: it has no report");
  }

  @Test
  void shouldFindOneWhoseReportsEndInTheMiddle() {
    ask("m", 10, null);
    say("m", 20, MassReport.State.RUNNING, null);
    assertThat(found()).containsExactly(DifferenceKind.MASS_NOT_ANSWERED);
    assertThat(findings.differences.getFirst().text()).contains("end with RUNNING");
  }

  @Test
  void shouldAskForNoAnswerThatIsNotDue() {
    ledgerUntil = at(10 + 300 + 30 + 1_200); // deadline, grace, settled
    ask("m", 10, null);
    say("m", 20, MassReport.State.RUNNING, null);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldAskALedgerThatIsAwayForNothing() {
    ledgerUntil = at(5);
    ask("m", 10, null);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldTakeADeadLetterForAnAnswer() {
    letters.add(ask("m", 10, null).at());
    letters.add(ask("", 11, null).at());
    checks().asked(null, dead(12));
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldTakeAnAnswerThatIsSaidAgain() {
    ask("m", 10, null);
    say("m", 20, MassReport.State.DONE, null);
    ask("m", 1000, null);
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindOnesThatNobodyCanUseAndThatAreInNoDeadLetter() {
    ask("", 10, null);
    checks().asked(null, place(Topics.MASS_CANCELS, 11));
    assertThat(found()).containsExactly(DifferenceKind.POISON_LOST);
    assertThat(findings.differences).hasSize(2);
  }

  @Test
  void shouldFindAReportAndACommandThatNobodyAskedFor() {
    say("m", 20, MassReport.State.DONE, null);
    say("m", 21, MassReport.State.DONE, null);
    checks().commanded(mass("n", 10, null), place(Topics.MASS_COMMANDS, 11));
    assertThat(found()).containsExactly(DifferenceKind.MASS_NOT_ASKED_FOR);
    assertThat(findings.differences).hasSize(2);
  }

  @Test
  void shouldNotCallUnaskedWhatMayHaveBeenAskedSinceItLooked() {
    say("m", DAY - 60, MassReport.State.FREEZING, null);
    checks().commanded(mass("n", DAY - 60, null), place(Topics.MASS_COMMANDS, DAY - 60));
    assertThat(found()).isEmpty();
  }

  @Test
  void shouldFindAReleaseOfASwitchThatIsNoneAndNoOther() {
    checks().knownSwitch("s");
    ask("good", 10, "s");
    say("good", 11, MassReport.State.DONE, "s");
    ask("unknown", 20, "t");
    say("unknown", 21, MassReport.State.REFUSED, "t");
    assertThat(found()).isEmpty();
    ask("bad", 30, "t");
    say("bad", 31, MassReport.State.DONE, "t");
    assertThat(found()).containsExactly(DifferenceKind.MASS_NOT_EVERYWHERE);
  }

  @Test
  void shouldSayWhatCannotBeCheckedSinceRetentionTookIt() {
    taken.addAll(Set.of(Topics.MASS_REPORTS, Topics.MASS_CANCELS));
    ask("m", 10, null);
    say("n", 20, MassReport.State.DONE, null);
    assertThat(found()).isEmpty();
    assertThat(findings.gaps)
        .containsOnlyKeys(
            "mass cancels whose reports retention took", "mass cancels that retention took");
  }

  @Test
  void shouldCallNothingForgedThatMayBeWhatItCannotRead() {
    checks().asked(null, place(Topics.MASS_CANCELS, DAY - 1));
    say("n", 20, MassReport.State.DONE, null);
    assertThat(found()).isEmpty();
    assertThat(findings.gaps).containsOnlyKeys("mass cancels that cannot be read");
  }

  private Set<DifferenceKind> found() {
    checks().finish();
    return findings.kinds.keySet();
  }

  private AskedChecks checks() {
    AskedChecks its = checks;
    if (its == null) {
      its = new AskedChecks(new Scope(), new MassCheck(Duration.ofHours(1)), findings);
      checks = its;
    }
    return its;
  }

  private MassRecords.At ask(String id, int second, @Nullable String releases) {
    MassRecords.At at = place(Topics.MASS_CANCELS, second);
    checks().asked(mass(id, second, releases), at);
    return at;
  }

  private void say(String id, int second, MassReport.State state, @Nullable String releases) {
    MassCancel mass = mass(id, second, releases);
    checks()
        .reported(
            MassReport.answer(mass, state, "", at(second)), place(Topics.MASS_REPORTS, second));
  }

  private static MassCancel mass(String id, int second, @Nullable String releases) {
    return new MassCancel(
        id,
        MassScope.of("v", "a"),
        "ops",
        "drill",
        null,
        false,
        false,
        at(second),
        false,
        releases);
  }

  private MassRecords.At place(String topic, int second) {
    return new MassRecords.At(new Evidence(topic, 0, offset++), at(second));
  }

  private MassRecords.At dead(int second) {
    MassRecords.At at = place(Topics.MASS_CANCELS, second);
    letters.add(at.at());
    return at;
  }

  private static Instant at(int second) {
    return START.plusSeconds(second);
  }

  private final class Scope extends Everything {

    Scope() {
      super(at(DAY));
    }

    @Override
    public Instant ledgerUntil() {
      return ledgerUntil;
    }

    @Override
    public boolean took(String topic, Instant written) {
      return taken.contains(topic);
    }

    @Override
    public @Nullable String deadLetter(Evidence at) {
      return letters.contains(at) ? "OTHER" : null;
    }
  }
}
