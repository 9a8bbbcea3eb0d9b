// Over 300 lines: one rule after the other on the same records; apart, each would need all of them.
package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.DifferenceKind;
import io.countermand.audit.check.Findings;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.MassTally;
import io.countermand.domain.mass.OrderKeys;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What is checked of one mass cancel, once all of it is read. */
final class MassChecks {

  /** Whatever is due is missed so much later; and so long a desk may read behind. */
  static final Duration DUE = Duration.ofSeconds(60);

  private final AuditScope scope;
  private final Set<String> venues;
  private final Set<String> closing;
  private final Duration forget;
  private final int partitions;
  private final Findings findings;
  private final Predicate<String> only;

  /**
   * @param venues all that are configured
   * @param closing those where a cancel closes the position, too
   * @param forget the desks may have forgotten an order so long after its last event
   * @param only keys of orders that are reported
   */
  MassChecks(
      AuditScope scope,
      Set<String> venues,
      Set<String> closing,
      Duration forget,
      int partitions,
      Findings findings,
      Predicate<String> only) {
    this.scope = scope;
    this.venues = venues;
    this.closing = closing;
    this.forget = forget;
    this.partitions = partitions;
    this.findings = findings;
    this.only = only;
  }

  /**
   * @param whole whether all intents, outcomes and parts of the range are there
   */
  void check(MassRecords one, boolean whole) {
    findings.counted(Findings.Count.MASSES, 1);
    everywhere(one, one.commands, "the command");
    everywhere(one, one.releases, "the release");
    shown(one);
    inScope(one);
    released(one);
    if (whole) {
      boolean began = scope.judged(one.taken());
      missed(one, began);
      if (began) {
        report(one);
        outcomes(one);
        frozen(one);
      }
    }
  }

  private void add(
      DifferenceKind kind, MassRecords one, String order, String text, List<Evidence> evidence) {
    if (!order.isEmpty() && !only.test(order)) {
      return;
    }
    findings.add(
        kind,
        order.isEmpty() ? null : order,
        order.isEmpty() ? null : MassIntents.cancelId(one.mass.massId(), order),
        one.mass.massId() + ": " + text,
        evidence);
  }

  private void everywhere(MassRecords one, Map<Integer, MassRecords.At> there, String what) {
    if (there.values().stream().noneMatch(at -> due(at.time()))) {
      return; // none, or one that was being written when the ends were looked at
    }
    List<Integer> lacking = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      if (!there.containsKey(partition)) {
        if (scope.expired(new Evidence(Topics.MASS_COMMANDS, partition, 0))) {
          findings.gap("commands of mass cancels that retention took");
        } else {
          lacking.add(partition);
        }
      }
    }
    if (!lacking.isEmpty()) {
      add(
          DifferenceKind.MASS_NOT_EVERYWHERE,
          one,
          "",
          what + " does not stand in partitions " + lacking,
          there.values().stream().map(MassRecords.At::at).toList());
    }
  }

  /** What an OMS reads before it places an order. */
  private void shown(MassRecords one) {
    if (!one.mass.keep() || !scope.has(Topics.KILL_SWITCHES)) {
      return;
    }
    MassRecords.Shown shown = one.shown;
    boolean on = one.releases.isEmpty();
    if (!due((on ? one.commands : one.releases).values().iterator().next().time())) {
      return;
    }
    if (shown == null || shown.one().on() != on) {
      List<Evidence> evidence = new ArrayList<>();
      (on ? one.commands : one.releases).values().forEach(each -> evidence.add(each.at()));
      if (shown != null) {
        evidence.addFirst(shown.at().at());
      }
      add(
          DifferenceKind.MASS_NOT_EVERYWHERE,
          one,
          "",
          "the commands say that it is "
              + (on ? "on" : "off")
              + ", kill-switches "
              + (shown == null ? "does not know it" : "says " + (on ? "off" : "on")),
          evidence);
    }
  }

  private boolean due(Instant since) {
    return since.plus(DUE).isBefore(scope.horizon());
  }

  private void report(MassRecords one) {
    MassRecords.Said said = one.report;
    if (said == null) {
      if (due(one.taken())) {
        add(
            DifferenceKind.MASS_REPORT_DIFFERS,
            one,
            "",
            "there is no report",
            List.of(one.commands.values().iterator().next().at()));
      }
      return;
    }
    var tally =
        new MassTally(one.mass, Objects.requireNonNull(one.mass.deadline()), partitions, venues);
    Instant last = one.taken();
    for (MassRecords.Heard heard : one.parts) {
      tally.heard(heard.part());
      last = heard.at().time().isAfter(last) ? heard.at().time() : last;
    }
    MassReport is = said.report();
    MassReport sums = tally.report(is.number(), is.at());
    if (due(last) && !sums.saysTheSame(is)) {
      add(
          DifferenceKind.MASS_REPORT_DIFFERS,
          one,
          "",
          "its last report says " + sums(is) + ", its parts " + sums(sums),
          List.of(said.at().at()));
    }
  }

  private static String sums(MassReport report) {
    int rejected = report.rejected().values().stream().mapToInt(Integer::intValue).sum();
    return "%s, total %d = canceled %d + pending %d + unresolved %d + waiting %d + rejected %d, may be open %d, left %s, not covered %s, beyond %s, not known beyond %s"
        .formatted(
            report.state(),
            report.total(),
            report.canceled(),
            report.pending(),
            report.unresolved(),
            report.waiting(),
            rejected,
            report.mayBeOpen(),
            report.left().stream().map(MassReport.Left::order).limit(5).toList(),
            report.notCovered().stream().limit(5).toList(),
            report.beyond().stream().limit(5).toList(),
            report.beyondUnknown().stream().limit(5).toList());
  }

  /** What the ledger told its mass cancel of each outcome. */
  private void outcomes(MassRecords one) {
    Map<String, MassRecords.Heard> told = new HashMap<>();
    for (MassRecords.Heard heard : one.parts) {
      if (heard.part() instanceof MassPart.Settled settled) {
        told.put(settled.order(), heard);
        if (due(heard.at().time())
            && one.outcomes.getOrDefault(settled.order(), List.of()).stream()
                .noneMatch(answered -> same(settled, answered))) {
          List<Evidence> evidence = new ArrayList<>(List.of(heard.at().at()));
          one.outcomes
              .getOrDefault(settled.order(), List.of())
              .forEach(answered -> evidence.add(answered.at().at()));
          add(
              DifferenceKind.MASS_OUTCOME_NOT_TOLD,
              one,
              settled.order(),
              "told "
                  + settled.result()
                  + " "
                  + settled.reason()
                  + ", of which there is no outcome",
              evidence);
        }
      }
    }
    one.outcomes.forEach(
        (order, all) -> {
          MassRecords.At first = all.getFirst().at();
          if (!told.containsKey(order) && due(first.time())) {
            add(
                DifferenceKind.MASS_OUTCOME_NOT_TOLD,
                one,
                order,
                "its outcome was not told",
                List.of(first.at()));
          }
        });
  }

  private static boolean same(MassPart.Settled settled, MassRecords.Answered outcome) {
    return settled.result() == outcome.result()
        && settled.reason() == outcome.reason()
        && settled.cancelId().equals(outcome.cancelId());
  }

  /** Each order of the frozen list has its outcome. */
  private void frozen(MassRecords one) {
    Instant deadline = Objects.requireNonNull(one.mass.deadline());
    if (one.mass.dryRun() || !due(deadline.plus(MassTally.GRACE))) {
      return;
    }
    for (String order : new TreeSet<>(one.frozen(null))) {
      if (!one.outcomes.containsKey(order)) {
        List<Evidence> evidence = new ArrayList<>();
        one.intents.getOrDefault(order, List.of()).forEach(at -> evidence.add(at.at()));
        boolean asked = !evidence.isEmpty();
        evidence.addAll(told(one, order));
        add(
            DifferenceKind.MASS_ORDER_WITHOUT_OUTCOME,
            one,
            order,
            asked ? "it has no outcome" : "it has no intent, and no outcome",
            evidence);
      }
    }
  }

  /** Where it was told that the order is in scope. */
  private static List<Evidence> told(MassRecords one, String order) {
    return one.parts.stream()
        .filter(
            heard ->
                heard.part() instanceof MassPart.Frozen scope && scope.orders().contains(order))
        .map(heard -> heard.at().at())
        .limit(2)
        .toList();
  }

  private void inScope(MassRecords one) {
    Set<String> orders = one.frozen(null);
    orders.addAll(one.intents.keySet());
    for (String order : new TreeSet<>(orders)) {
      OrderRef ref = OrderKeys.parse(order);
      MassRecords.Seen seen = one.orders.get(order);
      MassScope.Fit fit =
          seen != null ? seen.fit() : ref == null ? null : one.mass.scope().fit(ref, null);
      boolean left = ref != null && leftOut(one, ref);
      if (fit == MassScope.Fit.UNTOLD && seen == null) {
        findings.gap("orders of a mass cancel of which no order event is left");
      } else if (fit != MassScope.Fit.IN || left) {
        List<Evidence> evidence = new ArrayList<>(told(one, order));
        one.intents.getOrDefault(order, List.of()).forEach(at -> evidence.add(at.at()));
        if (seen != null) {
          evidence.add(seen.first().at());
        }
        add(
            DifferenceKind.MASS_OUT_OF_SCOPE,
            one,
            order,
            left
                ? "a cancel at this venue closes the position, which was not asked for"
                : "it is not in scope: " + one.mass.scope().words(),
            evidence);
      }
    }
  }

  private void missed(MassRecords one, boolean began) {
    if (one.mass.dryRun()) {
      return;
    }
    Set<String> all = one.frozen(null);
    for (Map.Entry<String, MassRecords.Seen> each : one.orders.entrySet()) {
      String order = each.getKey();
      OrderRef ref = OrderKeys.parse(order);
      MassRecords.Seen seen = each.getValue();
      boolean has = all.contains(order) || one.intents.containsKey(order);
      if (has || ref == null || leftOut(one, ref) || !venues.contains(ref.venue())) {
        continue;
      }
      MassRecords.At at = seen.atCommand();
      MassRecords.At under = seen.under();
      boolean known = at != null && at.time().plus(forget).isAfter(one.taken());
      if (began && at != null && known && whole(one, at.at().partition(), ref.venue())) {
        add(
            DifferenceKind.MASS_ORDER_MISSED,
            one,
            order,
            "open in scope when the command came, and left",
            evidence(at, one.commands));
      } else if (under != null) {
        add(
            DifferenceKind.SWITCH_ORDER_MISSED,
            one,
            order,
            "open in scope while it was on, and left",
            evidence(under, one.commands));
      }
    }
  }

  private boolean leftOut(MassRecords one, OrderRef order) {
    return !one.mass.includingPositionClose() && closing.contains(order.venue());
  }

  /** Whether the partition's scope was told, and in time. */
  private static boolean whole(MassRecords one, int partition, String venue) {
    List<MassPart.Frozen> scopes =
        one.scopes(partition).stream()
            .filter(scope -> scope.last() && scope.venues().contains(venue))
            .toList();
    return !scopes.isEmpty() && scopes.stream().noneMatch(MassPart.Frozen::late);
  }

  private static List<Evidence> evidence(
      MassRecords.At event, Map<Integer, MassRecords.At> commands) {
    MassRecords.At command = commands.get(event.at().partition());
    return command == null ? List.of(event.at()) : Arrays.asList(event.at(), command.at());
  }

  private void released(MassRecords one) {
    for (Map.Entry<String, List<MassRecords.At>> each : one.intents.entrySet()) {
      MassRecords.Seen seen = one.orders.get(each.getKey());
      for (MassRecords.At intent : each.getValue()) {
        MassRecords.At release = one.releases.get(intent.at().partition());
        if (release != null
            && seen != null
            && seen.first().time().isAfter(release.time().plus(ScopeReader.SKEW))
            && intent.time().isAfter(release.time().plus(DUE))) {
          add(
              DifferenceKind.SWITCH_AFTER_RELEASE,
              one,
              each.getKey(),
              "the order opened after the release, and has a cancel",
              List.of(intent.at(), release.at(), seen.first().at()));
        }
      }
    }
  }
}
