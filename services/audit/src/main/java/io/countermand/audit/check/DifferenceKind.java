package io.countermand.audit.check;

/** What can be wrong with a recorded history; the name is stable, the words are for people. */
public enum DifferenceKind {
  INTENT_WITHOUT_OUTCOME(Promise.ONE_OUTCOME, "an intent has no outcome, past its time"),
  TWO_OUTCOMES(Promise.ONE_OUTCOME, "a cancelId has more than one outcome"),
  OUTCOME_LATE(Promise.ONE_OUTCOME, "an outcome came long after its deadline and grace"),
  OUTCOME_NOT_DERIVED(Promise.TRUTH, "the ledger's rules do not lead to the recorded outcome"),
  OUTCOME_SAYS_MORE(Promise.TRUTH, "an outcome says more than its attempts"),
  FINDING_NOT_DERIVED(
      Promise.TRUTH, "the ledger's rules do not lead to what was found after an outcome"),
  REPLY_MISREAD(Promise.TRUTH, "a venue's answer means something else than its record says"),
  REFUSAL_NOT_SUPPORTED(Promise.EARLY_REJECT, "the evidence does not support a refusal"),
  DECISION_NOT_SUPPORTED(Promise.EARLY_REJECT, "the desk's rules do not lead to its decision"),
  CALL_AFTER_REFUSAL(Promise.EARLY_REJECT, "a venue call after the desk's refusal"),
  TWO_LIVE_CANCELS(Promise.SINGLE_FLIGHT, "a second cancel was routed while one was live"),
  CALL_PAST_DEADLINE(Promise.MARKED_CALLS, "a venue call began at or after the deadline"),
  MARKER_PAST_DEADLINE(
      Promise.MARKED_CALLS, "a venue call whose marker stood in the log too late for one"),
  CALL_WITHOUT_MARKER(Promise.MARKED_CALLS, "an answer to a call that has no started marker"),
  CALL_WITHOUT_REQUEST(Promise.MARKED_CALLS, "a call that no decision or request asked for"),
  CALLED_TWICE(Promise.MARKED_CALLS, "a desk made two calls at once for one request"),
  DECIDED_BY_ANOTHER_GROUP(
      Promise.MARKED_CALLS, "a desk decided an intent of a venue that another group had"),
  POISON_LOST(Promise.POISON, "an unusable record is not in dead letters"),
  DEAD_LETTER_NOT_SUPPORTED(Promise.POISON, "a dead letter that its source does not support"),
  GIVEN_UP(Promise.POISON, "a record that can be used was given up: ours is the fault"),
  RECORD_NOT_MOVED(Promise.POISON, "a misplaced record was not published in its right place"),
  MASS_NOT_ANSWERED(
      Promise.MASS_CANCELS, "a mass cancel that was asked for has no last report, past its time"),
  MASS_NOT_ASKED_FOR(
      Promise.MASS_CANCELS, "a report, or a command, of a mass cancel that nobody asked for"),
  FIRE_NOT_DERIVED(
      Promise.MASS_CANCELS, "heartbeats and ticks do not lead to a dead-man's switch's fire"),
  FIRE_NOT_ASKED(
      Promise.MASS_CANCELS, "a dead-man's switch fired, and its scope's mass cancel is not there"),
  FIRE_MISSED(Promise.MASS_CANCELS, "a dead-man's switch was to fire, and did not"),
  MASS_NOT_EVERYWHERE(
      Promise.MASS_CANCELS, "a mass cancel, or a release, stands in some partitions only"),
  MASS_REPORT_DIFFERS(Promise.MASS_CANCELS, "a report is not what its parts sum up to"),
  MASS_OUTCOME_NOT_TOLD(
      Promise.MASS_CANCELS, "an outcome was not told to its mass cancel, or another was"),
  MASS_ORDER_WITHOUT_OUTCOME(
      Promise.MASS_CANCELS, "an order of the frozen scope has no outcome, past its time"),
  MASS_ORDER_MISSED(Promise.MASS_CANCELS, "an order was open in scope, and has no cancel"),
  MASS_OUT_OF_SCOPE(Promise.MASS_CANCELS, "an order outside the scope has a cancel"),
  SWITCH_ORDER_MISSED(
      Promise.MASS_CANCELS, "an order opened under a kill switch, and has no cancel"),
  SWITCH_AFTER_RELEASE(
      Promise.MASS_CANCELS, "an order opened after a kill switch's release, and has its cancel"),
  INTENT_WITHOUT_DECISION(Promise.AUDIT, "the desk said nothing of an intent record"),
  CANCEL_CHANGED(Promise.AUDIT, "a record carries another cancel than its intent"),
  EVIDENCE_MISSING(Promise.AUDIT, "a record that is named as evidence is not there"),
  EVIDENCE_DIFFERS(Promise.AUDIT, "a record that is named as evidence says something else"),
  ORDER_STATE_DIFFERS(Promise.AUDIT, "an order state is no fold of the order's events"),
  STEP_NOT_DERIVED(Promise.AUDIT, "the ledger's rules do not lead to a request or order event"),
  OUT_OF_ORDER(Promise.AUDIT, "records stand in an order in which they were not written"),
  DUPLICATE_RECORD(Promise.AUDIT, "the same record stands there twice"),
  WRONG_KEY(Promise.AUDIT, "a record stands under the key of another order"),
  UNREADABLE(Promise.AUDIT, "a record of our own cannot be read");

  /** The promises of the design, as the report counts them. */
  public enum Promise {
    ONE_OUTCOME("One outcome: every well-formed intent has exactly one, in time"),
    TRUTH("Truth: an outcome says no more than is known"),
    EARLY_REJECT(
        "Early reject: refusals rest on the order events, and nothing is called after one"),
    SINGLE_FLIGHT("Single flight: one live cancel per order"),
    MARKED_CALLS(
        "Calls: each asked for, marked before it began, marked and begun before the deadline"),
    MASS_CANCELS("Mass cancels add up: each order in scope has one cancel, and no other order"),
    POISON("Poison: each unusable record is in dead letters with its reason"),
    AUDIT("Audit: each record follows from the records before it");

    private final String words;

    Promise(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  private final Promise promise;
  private final String words;

  DifferenceKind(Promise promise, String words) {
    this.promise = promise;
    this.words = words;
  }

  public Promise promise() {
    return promise;
  }

  public String words() {
    return words;
  }
}
