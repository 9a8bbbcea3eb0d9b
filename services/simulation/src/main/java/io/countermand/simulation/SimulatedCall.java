package io.countermand.simulation;

import io.countermand.domain.RequestKind;
import io.countermand.simulation.call.DeskCall;

/** One call of a desk to the venue, as it truly went; times in virtual milliseconds. */
final class SimulatedCall {

  final TrueOrder book;
  final String cancelId;
  final RequestKind kind;
  final long start;

  /** The process that calls: desk and life. */
  final String caller;

  /** When its permits were taken. */
  final long begun;

  /** By which ownership, and for which record. */
  final String asked;

  /** When the venue answered or the desk gave up, whichever was first. */
  long end;

  /** The venue read it. */
  boolean reached;

  /** The venue dealt with it: neither put off nor turned away at the door. */
  boolean handled;

  /** The desk cannot know what it did. */
  boolean ambiguous;

  SimulatedCall(TrueOrder book, DeskCall call, SimulatedProcess desk, long begun, long start) {
    this.book = book;
    this.cancelId = call.request().cancel().cancelId();
    this.kind = call.request().kind();
    this.caller = desk.name + '/' + desk.life();
    this.begun = begun;
    this.asked = caller + '/' + call.generation() + "/" + call.at();
    this.start = start;
  }

  boolean isCancel() {
    return kind == RequestKind.CANCEL;
  }
}
