package io.countermand.simulation;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Outcome;
import io.countermand.domain.Reply;
import io.countermand.domain.decision.CallRules;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.decision.DeskOrder;
import io.countermand.domain.decision.DeskRules;
import io.countermand.domain.decision.HandOver;
import io.countermand.domain.decision.MarkerPlaces;
import io.countermand.domain.decision.QueueView;
import io.countermand.domain.decision.Tenure;
import io.countermand.domain.lease.Lease;
import io.countermand.domain.lease.LeaseHold;
import io.countermand.domain.lease.Leases;
import io.countermand.domain.lifecycle.CancelTable;
import io.countermand.domain.lifecycle.Finding;
import io.countermand.domain.lifecycle.LedgerEvent;
import io.countermand.domain.lifecycle.ReadPositions;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.OrderFold;
import io.countermand.domain.order.OrderState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the parts behave: the real rules of the domain. A mutant overrides one method. */
public class Conduct {

  protected Conduct() {}

  /** As designed. */
  public static Conduct real() {
    return new Conduct();
  }

  protected DeskDecision decide(
      DeskRules rules, DeskOrder known, Cancel cancel, Instant now, QueueView queue) {
    return rules.decide(known, cancel, now, queue);
  }

  protected DeskOrder apply(
      DeskRules rules, DeskOrder known, Cancel cancel, DeskDecision decision) {
    return rules.apply(known, cancel, decision);
  }

  /** After an intent whose call was found in the store was decided. */
  protected DeskOrder applyFound(
      DeskRules rules, DeskOrder known, Cancel cancel, DeskDecision decision, Instant now) {
    return rules.applyFound(known, cancel, decision, now);
  }

  /** The desk heard an outcome. */
  protected DeskOrder settled(DeskOrder known, Outcome outcome, Duration slack) {
    return known.settled(outcome, slack);
  }

  protected OrderState fold(@Nullable OrderState old, OrderEvent event, Evidence at) {
    return OrderFold.fold(old, event, at);
  }

  /** What a group decides before any hand-over; {@code configured}: it is the one that begins. */
  protected Tenure first(boolean configured) {
    return configured ? Tenure.ALWAYS : Tenure.NONE;
  }

  /** A group of desks reads a hand-over. */
  protected Tenure after(Tenure tenure, HandOver record, long offset, String group) {
    return tenure.after(record, offset, group);
  }

  /** Whether the desk sends what it cannot use to dead letters. */
  protected boolean keepsDeadLetters() {
    return true;
  }

  /** Whether the desk's sends are durable before its offsets are committed. */
  protected boolean flushesBeforeCommit() {
    return true;
  }

  /** Whether a desk that lost a record writes nothing behind it, and reads again. */
  protected boolean endsAtALostRecord() {
    return true;
  }

  protected CancelTable table() {
    return CancelTable.RULES;
  }

  /** A record as the ledger understands it. */
  protected LedgerEvent understood(LedgerEvent event) {
    return event;
  }

  /** Whether the ledger remembers which cancels have their outcome. */
  protected boolean remembersSettled() {
    return true;
  }

  /** Whether the ledger read a record before, after its offsets were lost. */
  protected boolean wasRead(ReadPositions positions, Evidence at, Instant appended) {
    return positions.has(at, appended);
  }

  /** Up to which intent all is forgotten with a cancel that is settled now. */
  protected long coveredBy(ReadPositions positions, Evidence intent) {
    return positions.coveredBy(intent);
  }

  /** Whether a cancel that the ledger does not know may have had its outcome. */
  protected boolean mayHaveForgotten(ReadPositions positions, Cancel cancel) {
    return positions.mayHaveForgotten(cancel);
  }

  /** What the ledger knows of leases after one more record. */
  protected Leases after(Leases leases, World.Progress record, Instant appended) {
    return SimulatedLedger.after(leases, record, appended);
  }

  /** What the ledger knows of leases after it has given up a decision or a marker. */
  protected Leases unreadable(Leases leases, Lease.Place place, Instant appended) {
    return leases.unreadable(place, HistorySettings.VENUE, appended);
  }

  /** What the ledger knows of leases after it has read what a record says. */
  protected Leases known(Leases leases, World.Progress record) {
    return SimulatedLedger.known(leases, record);
  }

  /**
   * By which leases a record is judged that is read late; {@code there}: as it stands in the log.
   */
  protected Leases there(Leases there, Leases now) {
    return there.seenFrom(now);
  }

  /** Leases under which a cancel may have been called, as the ledger knows. */
  protected List<Long> mayHaveCalled(Leases leases, Cancel cancel) {
    return leases.mayHaveCalled(cancel.order().venue(), cancel.intent().offset());
  }

  /** Whether the ledger looks again at what leases held back, when it hears of one. */
  protected boolean looksAgain() {
    return true;
  }

  /** A lease's record as it is written. */
  protected Lease written(Lease lease) {
    return lease;
  }

  /** Whether a lease counts before it is acknowledged. */
  protected boolean leaseBeforeAcknowledged() {
    return false;
  }

  /** Whether a call may begin under a lease. */
  protected boolean valid(LeaseHold.Ticket ticket, long nanos, Instant now) {
    return ticket.valid(nanos, now);
  }

  /** When the group knew a desk last; {@code committed}: it said so then. */
  protected long proved(long committed, long now) {
    return committed;
  }

  /** How often the ledger writes a finding. */
  protected int tellings(Finding finding) {
    return 1;
  }

  /** Whether timers act only when read back from the log. */
  protected boolean timersThroughLog() {
    return true;
  }

  /** Whether the ledger's outputs, state and offsets are one transaction. */
  protected boolean exactlyOnce() {
    return true;
  }

  protected Reply.@Nullable NotSent lateBeforeMarker(
      CallRules rules, CancelRequest request, Instant now) {
    return rules.late(request, now);
  }

  protected Reply.@Nullable NotSent lateBeforeCall(
      CallRules rules, CancelRequest request, Instant now) {
    return rules.late(request, now);
  }

  /** Whether a marker is durable before its call starts. */
  protected boolean markerBeforeCall() {
    return true;
  }

  /** When a marker counts as written: by the broker's clock. */
  protected Instant marked(Instant appended, Instant now) {
    return appended;
  }

  /** Whether permits are taken before the marker is written. */
  protected boolean permitBeforeMark() {
    return true;
  }

  /** Whether a waiting call stays in the store until its marker or reply is durable. */
  protected boolean keptUntilMarked() {
    return true;
  }

  /** Whether a restart, or another owner, takes over the calls that wait. */
  protected boolean restoresWaiting() {
    return true;
  }

  /** Whether a record that is read again asks for no second call beside the one it restored. */
  protected boolean knowsWhatItRestored(CancelRequest request) {
    return true;
  }

  /** Whether it keeps what the ledger asks for though another call for the same cancel waits. */
  protected boolean asksBesideWhatWaits() {
    return false;
  }

  /**
   * Whether a marker of this process stands for what the ledger asks: behind the record that the
   * request follows from.
   */
  protected boolean markedSince(MarkerPlaces markers, CancelRequest asked) {
    return markers.behind(asked);
  }

  /** Whether it keeps what the ledger asks for after a call that was answered as not sent. */
  protected boolean asksAfterNotSent() {
    return true;
  }

  /** Whether only what waits unbegun stands for what the ledger asks. */
  protected boolean onlyWhatWaitsStandsIn() {
    return true;
  }

  /** Whether an outcome takes the first attempt out of the queue, too. */
  protected boolean settledWithdrawsTheFirst() {
    return true;
  }

  /** Whether a process remembers what it marked while it had no task of the partition. */
  protected boolean remembersHanded() {
    return true;
  }

  /** Whether a desk that takes over offers what it finds before its task has begun. */
  protected boolean offersBeforeItHasBegun() {
    return false;
  }

  /** Whether what was found in the store is put into it once more when its record is read again. */
  protected boolean logsWhatItReadsAgain() {
    return true;
  }

  /** An intent whose call was found in the store. */
  protected DeskDecision decideFound(DeskRules rules, DeskOrder known, Cancel cancel, Instant now) {
    return rules.decideFound(known, cancel, now);
  }

  /** An attempt's id; {@code number}: of all attempts of the history. */
  protected String attemptId(CancelRequest request, int number) {
    return "a" + number;
  }
}
