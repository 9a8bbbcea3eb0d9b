package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Findings;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassCheck;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassTally;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Each record of {@code mass-cancels} has an answer, and each answer was asked for. An answer may
 * stand before the request: who asks again under the same id is told what was said before. Not
 * thread-safe.
 */
final class AskedChecks {

  /**
   * An answer that is due is missed so much later, and only if the ledger was there: it has written
   * something since. One of several ledgers may be away, and its work be taken over.
   */
  static final Duration SETTLED = DeadManChecks.LOST;

  /** A clock of the ledger, and one of the brokers. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private record Asked(@Nullable MassCancel mass, MassRecords.At at) {}

  /** What was said of a mass cancel, or done. */
  private static final class Answers {

    private final MassCancel mass;

    /** The first record in the range that is judged; null: none. */
    private MassRecords.@Nullable At judged;

    private MassRecords.@Nullable Said report;

    /** The newest report behind which none is to come. */
    private MassRecords.@Nullable Said last;

    Answers(MassCancel mass) {
      this.mass = mass;
    }
  }

  private final AuditScope scope;
  private final MassCheck rules;
  private final Findings findings;
  private final List<Asked> all = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Answers> answers = new HashMap<>();
  private final Set<String> switches = new HashSet<>();
  private Instant ledgerUntil;
  private boolean unreadable;
  private boolean unreadableSwitch;

  AskedChecks(AuditScope scope, MassCheck rules, Findings findings) {
    this.scope = scope;
    this.rules = rules;
    this.findings = findings;
    this.ledgerUntil = scope.ledgerUntil();
  }

  /**
   * @param mass null: it cannot be read
   */
  void asked(@Nullable MassCancel mass, MassRecords.At at) {
    all.add(new Asked(mass, at));
    if (mass != null) {
      ids.add(mass.massId());
    } else if (scope.deadLetter(at.at()) == null) {
      unreadable = true; // the ledger may have read it
    }
  }

  void reported(MassReport report, MassRecords.At at) {
    var said = new MassRecords.Said(report, at);
    Answers its = answers(report.mass(), at);
    its.report = said;
    its.last = report.last() ? said : its.last;
    ledgerUntil = at.time().isAfter(ledgerUntil) ? at.time() : ledgerUntil;
  }

  /** Taken: a command of one, or of a release, in any partition. */
  void commanded(MassCancel mass, MassRecords.At at) {
    answers(mass, at);
  }

  private Answers answers(MassCancel mass, MassRecords.At at) {
    Answers its = answers.computeIfAbsent(mass.massId(), _ -> new Answers(mass));
    if (its.judged == null && scope.judged(at.time())) {
      its.judged = at;
    }
    return its;
  }

  void knownSwitch(String massId) {
    switches.add(massId);
  }

  void unreadableSwitch() {
    unreadableSwitch = true;
  }

  /** Once all is read. */
  void finish() {
    all.stream().filter(one -> scope.judged(one.at().time())).forEach(this::answered);
    answers.values().forEach(this::wasAsked);
  }

  private boolean due(Instant since) {
    Instant due = since.plus(SETTLED);
    return due.isBefore(scope.horizon()) && due.isBefore(ledgerUntil);
  }

  private void answered(Asked one) {
    Instant time = one.at().time();
    if (scope.deadLetter(one.at().at()) != null || !due(time)) {
      return;
    }
    MassCheck.Checked checked = one.mass() == null ? null : rules.check(one.mass(), time);
    if (checked == null || checked instanceof MassCheck.Unanswerable) {
      findings.add(
          DifferenceKind.POISON_LOST,
          null,
          null,
          "an unusable mass cancel is not in dead letters",
          List.of(one.at().at()));
      return;
    }
    MassCancel mass = one.mass();
    Answers its = mass == null ? null : answers.get(mass.massId());
    MassRecords.Said last = its == null ? null : its.last;
    if (mass == null || last != null) {
      released(mass, last);
    } else if (scope.took(Topics.MASS_REPORTS, time)) {
      findings.gap("mass cancels whose reports retention took");
    } else if (its == null || its.report == null || overdue(checked, mass, its.report.report())) {
      findings.add(
          DifferenceKind.MASS_NOT_ANSWERED,
          null,
          null,
          mass.massId()
              + (its == null || its.report == null
                  ? ": it has no report"
                  : ": its reports end with " + its.report.report().state()),
          List.of(one.at().at()));
    }
  }

  /** Whether not only an answer, but its last one is due. */
  private boolean overdue(MassCheck.Checked checked, MassCancel mass, MassReport told) {
    return mass.releases() != null
        || !(checked instanceof MassCheck.Taken taken)
        || due(later(taken.deadline(), told.mass().deadline()).plus(MassTally.GRACE));
  }

  /** The ledger keeps the deadline of the first that was asked for under an id. */
  private static Instant later(Instant its, @Nullable Instant first) {
    return first == null || first.isBefore(its) ? its : first;
  }

  /** A switch of which a release says that it is off is one. */
  private void released(@Nullable MassCancel mass, MassRecords.@Nullable Said said) {
    String id = mass == null ? null : mass.releases();
    if (id == null
        || said == null
        || said.report().state() != MassReport.State.DONE
        || !id.equals(said.report().mass().releases())
        || switches.contains(id)
        || !scope.has(Topics.KILL_SWITCHES)) {
      return;
    }
    if (unreadableSwitch) {
      findings.gap("kill switches that cannot be read");
    } else {
      findings.add(
          DifferenceKind.MASS_NOT_EVERYWHERE,
          null,
          null,
          id + ": a release says that it is off, kill-switches does not know it",
          List.of(said.at().at()));
    }
  }

  private void wasAsked(Answers one) {
    MassRecords.At first = one.judged;
    if (first == null
        || ids.contains(one.mass.massId())
        || !first.time().plus(MassChecks.DUE).isBefore(scope.horizon())) {
      return; // or asked for after we looked where mass-cancels end
    }
    Instant deadline = one.mass.deadline();
    Instant asked = (deadline == null ? first.time() : deadline).minus(rules.longestDeadline());
    if (unreadable) {
      findings.gap("mass cancels that cannot be read");
    } else if (scope.took(Topics.MASS_CANCELS, asked.minus(SKEW))) {
      findings.gap("mass cancels that retention took");
    } else {
      findings.add(
          DifferenceKind.MASS_NOT_ASKED_FOR,
          null,
          null,
          one.mass.massId() + ": nobody asked for it",
          List.of(first.at()));
    }
  }
}
