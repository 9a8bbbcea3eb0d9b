// Over 300 lines: all that leads to one mass cancel; each step looks at what the one before left.
package io.countermand.console;

import io.countermand.client.EventRecord;
import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.console.actions.Actions;
import io.countermand.console.actions.Counters;
import io.countermand.console.actions.KillProposals;
import io.countermand.console.actions.RecordedActions;
import io.countermand.console.kept.KeptSwitches;
import io.countermand.console.kept.MassReports;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.MassAccount;
import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.MassState;
import io.countermand.events.Side;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mass cancels and releases of kill switches, for killers: first a scope is counted, then its
 * number is typed, and only what was counted for him who types is cancelled; where it is
 * configured, only after another person has typed it, too. Thread-safe.
 */
public final class KillActions {

  private static final String COUNT = "count-";

  /** As the command line has it. */
  private static final Duration COUNTED_WITHIN = Duration.ofSeconds(15);

  private static final int MOST_SECONDS = 3_600;

  /** Of a mass cancel's asker, in bytes; the ledger takes no longer one. */
  private static final int LONGEST_BY = 256;

  private final Actions actions;
  private final RecordedActions deeds;
  private final Counters counters = new Counters();
  private final MassReports reports;
  private final KeptSwitches switches;
  private final KillProposals proposals;
  private final PageWriter writer;

  KillActions(
      Actions actions,
      MassReports reports,
      KeptSwitches switches,
      KillProposals proposals,
      PageWriter writer) {
    this.actions = actions;
    this.deeds = new RecordedActions(actions);
    this.reports = reports;
    this.switches = switches;
    this.proposals = proposals;
    this.writer = writer;
  }

  /**
   * What was counted, for who is asked to confirm it.
   *
   * @param id of the count
   * @param report null: none has come yet
   * @param counted whether it may be confirmed
   * @param scope in words
   * @param word that is to be typed
   * @param expected in words, from the venues' rates; empty: no venue's rate is known here
   * @param second whether another person must confirm it, too
   * @param again the id of what another proposed, if it was counted again; empty: it was not
   * @param proposal null: none was counted again, or it waits no more
   */
  public record Count(
      String id,
      @Nullable MassReport report,
      boolean counted,
      String scope,
      String word,
      String expected,
      boolean second,
      String again,
      KillProposals.@Nullable Proposal proposal) {}

  void build(Context request) {
    var _ = SignedInUser.with(UserRole.KILLER, request);
    writer.page(request, "killBuild.jte", Map.of("venues", List.copyOf(actions.venues())));
  }

  void count(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    String reason = RecordedActions.given(request, "reason");
    String id = COUNT + UUID.randomUUID();
    MassCancel mass = mass(id, scope(request), by(who), reason, COUNTED_WITHIN);
    mass.setDryRun(true);
    mass.setIncludingPositionClose(request.formParam("positions") != null);
    counters.add(id, who);
    ask(who, ConsoleActionKind.COUNT_SCOPE, mass, Scopes.words(mass.getScope()));
    request.redirect("/kill/confirm?id=" + id, HttpStatus.SEE_OTHER);
  }

  void confirm(Context request) {
    var _ = SignedInUser.with(UserRole.KILLER, request);
    writer.page(request, "killConfirm.jte", Map.of("count", look(request.queryParam("id"))));
  }

  /** Of an open page, again and again until it is counted. */
  void confirmPart(Context request) {
    var _ = SignedInUser.with(UserRole.KILLER, request);
    writer.page(request, "killConfirmPart.jte", Map.of("count", look(request.queryParam("id"))));
  }

  private Count look(@Nullable String asked) {
    String id = asked == null ? "" : asked;
    MassReport report =
        reports
            .find(id)
            .map(EventRecord::value)
            .filter(each -> each.getMass().getDryRun())
            .orElse(null);
    if (report == null) {
      return new Count(id, null, false, "", "", "", false, "", null);
    }
    String again = counters.again(id);
    return new Count(
        id,
        report,
        report.getState() == MassState.DONE || report.getState() == MassState.INCOMPLETE,
        Scopes.words(report.getMass().getScope()),
        "kill "
            + report.getTotal()
            + (report.getMass().getIncludingPositionClose() ? " and close positions" : ""),
        expected(report),
        actions.secondPersonWithin() != null,
        again,
        again.isEmpty() ? null : proposals.find(again).orElse(null));
  }

  /** Each venue works by itself, so the slowest tells. */
  private String expected(MassReport report) {
    Map<String, Integer> orders =
        report.getAccounts().stream()
            .collect(
                Collectors.groupingBy(
                    MassAccount::getVenue, Collectors.summingInt(MassAccount::getTotal)));
    Map<String, Duration> times = new HashMap<>();
    orders.forEach(
        (venue, count) -> actions.atLeast(venue, count).ifPresent(time -> times.put(venue, time)));
    return times.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .filter(slowest -> !slowest.getValue().isZero())
        .map(
            slowest ->
                "at least "
                    + DisplayText.age(slowest.getValue())
                    + ", by the rate of "
                    + slowest.getKey())
        .orElse("");
  }

  void fire(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    Count count = look(RecordedActions.given(request, "id"));
    MassReport report = own(count, who);
    if (!RecordedActions.optional(request, "word").equals(count.word())) {
      throw new BadRequestResponse(
          "Nothing was done: what you typed is not '" + count.word() + "'.");
    }
    boolean keep = request.formParam("keep") != null;
    // The same form sent twice asks for the same; one that is to stay on is another.
    String id = count.id().substring(COUNT.length()) + (keep ? "-keep" : "");
    if (reports.find(id).isPresent() && !keep) {
      request.redirect("/mass-cancel?id=" + DisplayText.encoded(id), HttpStatus.SEE_OTHER);
      return;
    }
    if (reports.find(id).isPresent()) { // whether its switch is on still, that report does not tell
      throw new BadRequestResponse(
          "This count was confirmed before, and its mass cancel has a report ("
              + id
              + "); nothing more was done. Count the scope anew.");
    }
    MassCancel mass =
        mass(
            id,
            report.getMass().getScope(),
            by(who),
            report.getMass().getReason(),
            Duration.ofSeconds(seconds(request)));
    mass.setIncludingPositionClose(report.getMass().getIncludingPositionClose());
    mass.setKeep(keep);
    Duration within = actions.secondPersonWithin();
    if (within != null) {
      propose(who, count, report, mass, seconds(request), within);
      request.redirect("/kill?done=proposed", HttpStatus.SEE_OTHER);
      return;
    }
    ask(who, ConsoleActionKind.MASS_CANCEL, mass, Scopes.words(mass.getScope()));
    request.redirect("/mass-cancel?asked=1&id=" + DisplayText.encoded(id), HttpStatus.SEE_OTHER);
  }

  /**
   * What one counted himself a short time ago.
   *
   * @throws BadRequestResponse if it is not so
   */
  private MassReport own(Count count, SignedInUser who) {
    MassReport report = count.report();
    if (report == null
        || !count.counted()
        || !count.id().startsWith(COUNT)
        || !counters.counted(count.id(), who)
        || !report.getMass().getBy().equals(by(who))
        || report.getMass().getCreatedAt().isBefore(Instant.now().minus(Counters.HOLDS))) {
      throw new BadRequestResponse(
          "No count of yours of the last five minutes is known under that id; nothing was done."
              + " Count the scope anew.");
    }
    return report;
  }

  private void propose(
      SignedInUser who,
      Count count,
      MassReport counted,
      MassCancel mass,
      int seconds,
      Duration within)
      throws InterruptedException {
    if (proposals.find(mass.getMassId()).isPresent()) { // the same form once more
      return;
    }
    shouldMakeSense(mass);
    // What becomes of it may not be known yet: it is confirmed just now, or was withdrawn.
    if (!counters.use(count.id())) {
      throw new BadRequestResponse(
          "This count was proposed before; nothing more was done. Kill switches shows whether it"
              + " waits, Mass cancels what was confirmed. Count the scope anew.");
    }
    var proposal =
        new KillProposals.Proposal(
            mass,
            seconds,
            counted,
            count.scope(),
            count.word(),
            Instant.now(),
            who.name(),
            who.person(),
            Instant.now().plus(within),
            false);
    var added = new AtomicBoolean();
    try {
      if (!proposals.reserve(mass.getMassId(), who.person())) {
        throw new BadRequestResponse(
            "Too many wait for a second person already, in all or of yours; nothing was done."
                + " Withdraw some.");
      }
      deeds.run(
          who,
          RecordedActions.What.of( // its mass cancel has a record of its own, under the massId
              ConsoleActionKind.PROPOSE_MASS_CANCEL,
              count.scope(),
              "mass cancel " + mass.getMassId() + (more(mass).isEmpty() ? "" : ", " + more(mass))),
          mass.getReason(),
          () -> {
            proposals.add(proposal);
            added.set(true);
            return true;
          });
    } finally {
      if (!added.get()) {
        proposals.giveUp(mass.getMassId());
        counters.giveBack(count.id());
      }
    }
  }

  /** Counts anew what another person proposed, for who may confirm it. */
  void again(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    KillProposals.Proposal waiting = proposedByAnother(RecordedActions.given(request, "id"), who);
    MassCancel mass =
        mass(
            COUNT + UUID.randomUUID(),
            waiting.mass().getScope(),
            by(who),
            waiting.mass().getReason(),
            COUNTED_WITHIN);
    mass.setDryRun(true);
    mass.setIncludingPositionClose(waiting.mass().getIncludingPositionClose());
    counters.add(mass.getMassId(), who, waiting.id());
    shouldMakeSense(mass);
    deeds.run(
        who,
        new RecordedActions.What(
            mass.getMassId(),
            ConsoleActionKind.COUNT_SCOPE,
            waiting.scope(),
            "again: mass cancel " + waiting.id() + ", proposed by " + waiting.by()),
        "", // the reason is another's
        () -> actions.ask(mass));
    request.redirect("/kill/confirm?id=" + mass.getMassId(), HttpStatus.SEE_OTHER);
  }

  private KillProposals.Proposal proposedByAnother(String id, SignedInUser who) {
    KillProposals.Proposal waiting = proposals.find(id).orElseThrow(KillActions::gone);
    if (waiting.of(who)) {
      throw new ForbiddenResponse(
          "It was proposed by you, or under your name: another person must confirm it; nothing was"
              + " done.");
    }
    return waiting;
  }

  /** That is to be typed: of the number that stands there, or of one that he counted again. */
  private String word(KillProposals.Proposal waiting, Context request, SignedInUser who) {
    String id = RecordedActions.optional(request, "count");
    if (id.isEmpty() && waiting.stale(proposals.now())) {
      throw new BadRequestResponse(
          "Nothing was done: it was counted more than five minutes ago. Count it again, at Kill"
              + " switches.");
    }
    if (id.isEmpty()) {
      return waiting.word();
    }
    Count count = look(id);
    var _ = own(count, who);
    if (!count.again().equals(waiting.id())) {
      throw new BadRequestResponse("Nothing was done: that is no count of what was proposed.");
    }
    return count.word();
  }

  /** What another person proposed, as he proposed it; by whoever confirms it and him. */
  void second(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    String id = RecordedActions.given(request, "id");
    KillProposals.Proposal waiting = proposedByAnother(id, who);
    String word = word(waiting, request, who);
    if (!RecordedActions.optional(request, "word").equals(word)) {
      throw new BadRequestResponse("Nothing was done: what you typed is not '" + word + "'.");
    }
    String reason = RecordedActions.given(request, "reason");
    KillProposals.Proposal taken = proposals.take(id).orElseThrow(KillActions::gone);
    if (reports.find(id).isPresent()) { // in doubt, and it was asked for after all
      throw gone();
    }
    String by = taken.mass().getBy(); // if in doubt both, as the ledger may have it
    MassCancel mass =
        mass(
            id,
            taken.mass().getScope(),
            taken.doubted() ? by : both(by, by(who)),
            taken.mass().getReason(),
            Duration.ofSeconds(taken.seconds()));
    mass.setIncludingPositionClose(taken.mass().getIncludingPositionClose());
    mass.setKeep(taken.mass().getKeep());
    var tried = new AtomicBoolean();
    boolean asked = false;
    try {
      shouldMakeSense(mass);
      deeds.run(
          who,
          new RecordedActions.What(
              id,
              ConsoleActionKind.MASS_CANCEL,
              taken.scope(),
              "proposed by " + taken.by() + (more(mass).isEmpty() ? "" : ", " + more(mass))),
          reason,
          () -> {
            tried.set(true);
            return actions.ask(mass);
          });
      asked = true;
    } finally {
      if (!asked && tried.get()) { // whoever's word once more is the same mass cancel
        proposals.doubt(taken, mass);
      } else if (!asked) {
        proposals.putBack(taken);
      }
    }
    request.redirect("/mass-cancel?asked=1&id=" + DisplayText.encoded(id), HttpStatus.SEE_OTHER);
  }

  /** Where both do not fit, who confirms it; the record of his action names the other, too. */
  private static String both(String proposer, String confirmer) {
    String both = proposer + " and " + confirmer;
    return both.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BY ? both : confirmer;
  }

  void withdraw(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    String id = RecordedActions.given(request, "id");
    String reason = RecordedActions.given(request, "reason");
    KillProposals.Proposal taken = proposals.take(id).orElseThrow(KillActions::gone);
    boolean done = false;
    try {
      if (taken.doubted()) {
        throw new BadRequestResponse(
            "It was confirmed, and nobody knows whether it was asked for, so it cannot be"
                + " withdrawn: confirm it once more, or look for it at Mass cancels; nothing was"
                + " done.");
      }
      if (reports.find(id).isPresent()) {
        throw new BadRequestResponse(
            "Its mass cancel has a report, so it cannot be withdrawn: look for it at Mass cancels;"
                + " nothing was done.");
      }
      deeds.run(
          who,
          RecordedActions.What.of(
              ConsoleActionKind.WITHDRAW_PROPOSAL,
              taken.scope(),
              "proposed by " + taken.by() + ", mass cancel " + id),
          reason,
          () -> true);
      done = true;
    } finally {
      if (!done) { // nothing that is not on record
        proposals.putBack(taken);
      }
    }
    proposals.withdraw(id);
    request.redirect("/kill?done=withdrawn&id=" + DisplayText.encoded(id), HttpStatus.SEE_OTHER);
  }

  private static BadRequestResponse gone() {
    return new BadRequestResponse(
        "No such proposal waits: it was confirmed, withdrawn, or is too old, whoever proposed it is"
            + " no killer any more, or somebody confirms or withdraws it just now; nothing was"
            + " done.");
  }

  void release(Context request) throws InterruptedException {
    SignedInUser who = SignedInUser.with(UserRole.KILLER, request);
    String id = RecordedActions.given(request, "id");
    String reason = RecordedActions.given(request, "reason");
    if (switches.find(id).filter(each -> each.getReleased() == null).isEmpty()) {
      throw new BadRequestResponse("No such kill switch is on, as far as is known here.");
    }
    MassCancel mass = mass(UUID.randomUUID().toString(), new MassScope(), by(who), reason, null);
    mass.setReleases(id);
    ask(who, ConsoleActionKind.RELEASE_SWITCH, mass, id);
    request.redirect("/kill?done=release", HttpStatus.SEE_OTHER);
  }

  private void ask(SignedInUser who, ConsoleActionKind kind, MassCancel mass, String subject)
      throws InterruptedException {
    shouldMakeSense(mass);
    deeds.run(
        who,
        new RecordedActions.What(mass.getMassId(), kind, subject, more(mass)),
        mass.getReason(),
        () -> actions.ask(mass));
  }

  private void shouldMakeSense(MassCancel mass) {
    String problem = actions.problem(mass, Instant.now());
    if (problem != null) {
      throw new BadRequestResponse(problem + "; nothing was done.");
    }
  }

  private static String more(MassCancel mass) {
    return (mass.getKeep() ? "stays on until it is released" : "")
        + (mass.getKeep() && mass.getIncludingPositionClose() ? ", " : "")
        + (mass.getIncludingPositionClose() ? "also where a cancel closes the position" : "");
  }

  /**
   * @param within null: the ledger's own
   */
  private static MassCancel mass(
      String id, MassScope scope, String by, String reason, @Nullable Duration within) {
    Instant now = Instant.now();
    var mass = new MassCancel();
    mass.setMassId(id);
    mass.setScope(scope);
    mass.setBy(by);
    mass.setReason(reason);
    mass.setCreatedAt(now);
    mass.setDeadline(within == null ? null : now.plus(within));
    return mass;
  }

  private static MassScope scope(Context request) {
    var scope = new MassScope();
    scope.setAll(request.formParam("all") != null);
    given(request, "venue", scope::setVenue);
    given(request, "account", scope::setAccount);
    given(request, "instrument", scope::setInstrument);
    given(request, "side", text -> scope.setSide(side(text)));
    given(request, "trader", scope::setTrader);
    given(request, "desk", scope::setDesk);
    given(request, "algorithm", scope::setAlgorithm);
    given(request, "client", scope::setClient);
    return scope;
  }

  private static void given(Context request, String name, Consumer<String> to) {
    String value = RecordedActions.optional(request, name);
    if (!value.isEmpty()) {
      to.accept(value);
    }
  }

  private static Side side(String text) {
    return switch (text) {
      case "BUY" -> Side.BUY;
      case "SELL" -> Side.SELL;
      default -> throw new BadRequestResponse("side must be BUY or SELL; nothing was done.");
    };
  }

  private static int seconds(Context request) {
    try {
      int seconds = Integer.parseInt(RecordedActions.given(request, "within"));
      if (seconds >= 1 && seconds <= MOST_SECONDS) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new BadRequestResponse(
        "The seconds must be 1 to " + MOST_SECONDS + "; nothing was done.");
  }

  private static String by(SignedInUser who) {
    return VenueActions.by(who);
  }
}
