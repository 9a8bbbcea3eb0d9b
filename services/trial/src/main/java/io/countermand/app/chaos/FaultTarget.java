package io.countermand.app.chaos;

import java.util.Locale;

/** A process that may be killed or paused. */
enum FaultTarget {
  BROKER,
  DESK_1,
  DESK_2,
  LEDGER,
  SIMULATOR;

  /** For people and file names. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
