package io.countermand.simulation;

import io.countermand.domain.CancelResult;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.lifecycle.CancelTable.Next;
import io.countermand.domain.lifecycle.OpenCancel.Belief;
import io.countermand.simulation.engine.FaultChances;
import java.util.Map;

/** Deliberate faults; each must break a promise within 50,000 histories. */
enum Mutant {
  NOT_OPEN_AFTER_UNKNOWN_IS_REJECTED(
      TableMutants.with(TableMutants.reply(ReplyKind.NOT_OPEN, Belief.UNKNOWN, Next.REJECTED))),
  ACCEPTED_IS_CANCELED(
      TableMutants.with(TableMutants.reply(ReplyKind.ACCEPTED, Belief.UNSENT, Next.CANCELED))),
  REFUSED_IS_RETRIED(
      TableMutants.with(TableMutants.reply(ReplyKind.REFUSED, Belief.UNSENT, Next.RETRY))),
  FINAL_ANSWER_FORGOTTEN(TableMutants.with(TableMutants.forgetfulOfAnswers())),
  NO_BARRIER(TableMutants.with(TableMutants.withoutBarrier())),
  UNKNOWN_AT_DEADLINE_IS_NEVER_SENT(
      TableMutants.with(TableMutants.deadline(Belief.UNKNOWN, Next.NEVER_SENT))),
  UNKNOWN_AT_DEADLINE_IS_PENDING(
      TableMutants.with(TableMutants.deadline(Belief.UNKNOWN, Next.PENDING))),
  JOINED_INHERIT_UNRESOLVED(TableMutants.with(TableMutants.joinedInherit(CancelResult.UNRESOLVED))),
  LEDGER_DEDUPE_OFF(LedgerMutants.withoutDedupe()),
  READ_AGAIN_IS_DECIDED_AGAIN(LedgerMutants.readingWhatItReadBefore()),
  FORGOTTEN_IS_OPENED_ANEW(LedgerMutants.openingWhatItMayHaveForgotten()),
  DUPLICATES_NOT_FORGOTTEN_WITH_THE_FIRST(LedgerMutants.forgettingDuplicatesLess()),
  LEDGER_NOT_TRANSACTIONAL(LedgerMutants.withoutTransactions()),
  TIMERS_OUTSIDE_THE_LOG(LedgerMutants.withTimersOutsideTheLog()),
  AMBIGUOUS_COUNTS_AS_NOT_SENT(LedgerMutants.ambiguousAsNotSent()),
  RETRY_LATER_COUNTS_AS_REACHED(LedgerMutants.retryLaterAsReached()),
  FINDINGS_NEVER_TOLD(LedgerMutants.tellingFindings(0)),
  FINDINGS_TOLD_TWICE(LedgerMutants.tellingFindings(2)),
  CALL_BEFORE_MARKER(CallMutants.callingBeforeTheMarkerIsDurable()),
  MARKERS_APPEND_TIME_IGNORED(CallMutants.notLookingWhenTheMarkerWasAppended()),
  PERMIT_AFTER_MARK(CallMutants.takingThePermitAfterTheMark()),
  FORGOTTEN_BEFORE_MARKER(
      CallMutants.forgettingAWaitingCallBeforeItIsMarked(),
      // a kill must fall between call and marker: with slow sends there is time for one
      new FaultChances(60, 15, 300, 450, 150, 990, 300, 100, 8, 0, 0, true, false, false, false),
      80_000), // rare: about one history in 100,000
  RESTORED_IS_CALLED_ONCE_MORE(CallMutants.callingWhatItRestoredOnceMore(true)),
  RESTORED_REQUEST_IS_CALLED_ONCE_MORE(CallMutants.callingWhatItRestoredOnceMore(false)),
  ASKED_BESIDE_WHAT_WAITS(
      TakeoverMutants.keepingWhatIsAskedBesideWhatWaits(), FaultChances.ALL.stopping()),
  DROPPED_THOUGH_NOTHING_WAITS(
      TakeoverMutants.droppingWhatIsAskedThoughNothingWaits(), FaultChances.ALL.stopping()),
  DROPPED_AFTER_NOT_SENT(TakeoverMutants.droppingWhatIsAskedAfterNotSent()),
  MADE_THOUGH_MARKED_SINCE(
      TakeoverMutants.callingThoughItHasMarkedSince(), FaultChances.ALL.stopping()),
  DROPPED_BEHIND_A_MARKER(TakeoverMutants.droppingWhatIsAskedBehindAMarker()),
  OFFERED_BEFORE_IT_HAD_BEGUN(
      TakeoverMutants.offeringBeforeItHasBegun(), FaultChances.ALL.failingTakeovers()),
  SETTLED_LEAVES_THE_FIRST(TakeoverMutants.leavingTheFirst(), FaultChances.ALL.stopping()),
  HANDED_DIES_WITH_ITS_TASK(TakeoverMutants.forgettingWhatItMarked(), FaultChances.ALL.stopping()),
  FOUND_IS_JOINED(TakeoverMutants.joiningWhatWasFound(), FaultChances.ALL.stopping()),
  RESTORED_NOT_LOGGED_AGAIN(
      TakeoverMutants.trustingItsDisk(),
      // a record must be lost, and a kill follow
      new FaultChances(60, 15, 20, 450, 150, 990, 300, 0, 60, 300, 0, true, false, false, false)),
  QUEUE_LOST_AT_RESTART(CallMutants.losingWhatWaitsAtARestart()),
  QUEUE_FULL_IS_FINAL_AT_ONCE(TableMutants.with(TableMutants.settlingAFullQueueAtOnce())),
  NO_CLOCK_BEFORE_CALL(CallMutants.notLookingAtTheClockBeforeTheCall()),
  ATTEMPT_ID_USED_TWICE(CallMutants.usingAnAttemptIdTwice()),
  SINGLE_FLIGHT_OFF(DecisionMutants.withoutSingleFlight()),
  EARLY_REJECT_OFF(DecisionMutants.withoutEarlyReject()),
  REPEAT_TAKEN_FOR_DUPLICATE(DecisionMutants.takingARepeatForADuplicate()),
  REPEAT_ROUTED_THOUGH_ENDED(DecisionMutants.routingARepeatOfAnEndedOrder()),
  JOINED_FORGOTTEN(DecisionMutants.forgettingWhoJoined()),
  REFUSED_FORGOTTEN(DecisionMutants.forgettingWhatItRefused()),
  SUCCESSOR_IGNORED(DecisionMutants.deafToSuccessors()),
  COMMIT_BEFORE_DECISION_IS_DURABLE(DecisionMutants.committingBeforeItsSendsAreDurable()),
  GOES_ON_BEHIND_A_LOST_RECORD(DecisionMutants.goingOnBehindALostRecord()),
  LEASES_UNKNOWN_TO_THE_LEDGER(LeaseMutants.withoutALedgerThatKnows()),
  STALE_LEASE(LeaseMutants.callingUnderAStaleLease()),
  LEASE_BEFORE_IT_IS_ACKNOWLEDGED(LeaseMutants.notWaitingForTheAcknowledgement()),
  GAP_NOT_NOTICED(LeaseMutants.notNoticingAGap()),
  SUCCESSOR_CLEARS_A_LEASE(
      LeaseMutants.clearedByASuccessor(),
      // a kill must fall between a call and its decision, and a lease before the next one
      new FaultChances(60, 15, 300, 450, 150, 990, 300, 100, 8, 0, 0, true, false, false, false),
      40_000),
  RENEWED_WITHOUT_THE_GROUP(
      LeaseMutants.renewingWithoutTheGroup(),
      // an expelled desk must still have intents to read that it fetched before
      new FaultChances(5, 90, 300, 450, 150, 990, 300, 100, 8, 0, 0, true, false, false, false)),
  LEASE_REACHES_LESS_THAN_IT_IS_USED(LeaseMutants.endingWhatIsNotProved()),
  DEAD_LETTER_PROVES(
      LeaseMutants.provedByWhatNobodyRead(),
      // many decisions must be unreadable, and a kill fall between a call and its answer
      new FaultChances(60, 15, 300, 450, 150, 990, 300, 100, 8, 0, 300, true, false, false, false)),
  HELD_BACK_UNTIL_THE_DEADLINE(
      LeaseMutants.waitingForTheDeadline(),
      // a killed desk's last decisions must come late
      new FaultChances(60, 15, 300, 450, 150, 990, 700, 100, 8, 0, 0, true, false, false, false)),
  OLD_GROUP_GOES_ON(HandOverMutants.goingOn()),
  NEXT_GROUP_BEGINS_AT_ONCE(HandOverMutants.beginningAtOnce()),
  NEXT_GROUP_NEVER_BEGINS(HandOverMutants.neverBeginning()),
  POISON_DROPPED(DecisionMutants.droppingWhatItCannotUse()),
  FOLD_NOT_MONOTONE(DecisionMutants.foldingWhateverComesLast());

  final Conduct conduct;
  final FaultChances faults;

  /** Of the first history. */
  final long seed;

  /**
   * Where to begin to look: near a history that shows it, for one that is rare. So the test takes
   * seconds, and where the rules change it looks through as many as ever.
   */
  long begin() {
    return NEAR.getOrDefault(this, seed);
  }

  private static final Map<Mutant, Long> NEAR =
      Map.ofEntries(
          Map.entry(FINAL_ANSWER_FORGOTTEN, 2_300L),
          Map.entry(NO_BARRIER, 4_200L),
          Map.entry(DUPLICATES_NOT_FORGOTTEN_WITH_THE_FIRST, 3_700L),
          Map.entry(CALL_BEFORE_MARKER, 800L),
          Map.entry(FORGOTTEN_BEFORE_MARKER, 87_900L),
          Map.entry(QUEUE_LOST_AT_RESTART, 2_700L),
          Map.entry(QUEUE_FULL_IS_FINAL_AT_ONCE, 7_300L),
          Map.entry(DROPPED_THOUGH_NOTHING_WAITS, 24_600L),
          Map.entry(FOUND_IS_JOINED, 162_900L),
          Map.entry(REPEAT_TAKEN_FOR_DUPLICATE, 2_300L),
          Map.entry(JOINED_FORGOTTEN, 1_800L),
          Map.entry(REFUSED_FORGOTTEN, 700L),
          Map.entry(SUCCESSOR_IGNORED, 20_500L),
          Map.entry(COMMIT_BEFORE_DECISION_IS_DURABLE, 3_100L),
          Map.entry(LEASES_UNKNOWN_TO_THE_LEDGER, 26_600L),
          Map.entry(LEASE_BEFORE_IT_IS_ACKNOWLEDGED, 6_400L),
          Map.entry(SUCCESSOR_CLEARS_A_LEASE, 42_800L),
          Map.entry(DEAD_LETTER_PROVES, 3_800L),
          Map.entry(HELD_BACK_UNTIL_THE_DEADLINE, 89_700L),
          Map.entry(RENEWED_WITHOUT_THE_GROUP, 14_000L),
          Map.entry(LEASE_REACHES_LESS_THAN_IT_IS_USED, 26_600L));

  Mutant(Conduct conduct) {
    this(conduct, FaultChances.ALL);
  }

  Mutant(Conduct conduct, FaultChances faults) {
    this(conduct, faults, 1);
  }

  Mutant(Conduct conduct, FaultChances faults, long seed) {
    this.conduct = conduct;
    this.faults = faults;
    this.seed = seed;
  }
}
