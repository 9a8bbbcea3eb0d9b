package io.countermand.app.chaos;

import java.util.Locale;

/** A process that may be killed or paused. */
enum Victim {
  BROKER,
  GATE,
  LEDGER,
  WORKER_1,
  WORKER_2,
  SIMULATOR;

  /** For people and file names. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
