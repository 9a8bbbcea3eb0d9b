package io.countermand.app.rights;

import java.util.Locale;

/** Who joins a pipeline, each with a right of its own. */
public enum Role {
  /** Programs that ask for cancels and hear of their outcomes. */
  PRODUCER,
  /** Who tells of orders: an OMS, an execution gateway. */
  OMS,
  /** {@code countermand feed}: a venue's own stream of orders. */
  FEED,
  /** {@code countermand desk}: all venues, or with {@code --venues} some. */
  DESK,
  LEDGER,
  /** {@code countermand door}: cancels and mass cancels by HTTP. */
  DOOR,
  /**
   * Who guards himself by a dead-man's switch, as {@code heartbeat}: his silence cancels whatever
   * scope he names, so it is a right of its own.
   */
  GUARDED,
  /** {@code countermand console} with {@code console.actions}; without, it is a reader. */
  CONSOLE,
  /** Who looks: {@code order}, {@code watch}, {@code story}, {@code dead-letters list}. */
  READER,
  /** Risk systems, which read outcomes and findings. */
  RISK,
  AUDITOR,
  /** {@code kill}, {@code venues pause}, {@code dead-letters requeue}. */
  OPERATOR,
  /** {@code topics}, {@code acls}, {@code doctor}, {@code hand-over}, {@code start-anew}. */
  ADMIN;

  /** As in files and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its user in Kafka and at the registry, where nothing else is said. */
  public String user() {
    return "countermand-" + label();
  }
}
