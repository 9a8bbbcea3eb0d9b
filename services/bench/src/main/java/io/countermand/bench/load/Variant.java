package io.countermand.bench.load;

import io.countermand.platform.Topics;
import java.util.Locale;

/** What the same intents go through. */
public enum Variant {
  /** Consumer, virtual thread, call, producer: the least that any such program does. */
  FLOOR,
  /** Confluent Parallel Consumer, in order by key. */
  PARALLEL_CONSUMER,
  /** A share group, batch by batch. */
  SHARE_CONSUMER,
  /** A Streams app that calls the venue inside its processor. */
  STREAMS_SYNC,
  /** Desk and ledger in one process. */
  COUNTERMAND,
  /** Desk and ledger, a process each. */
  COUNTERMAND_APART;

  /** As on the command line, such as {@code parallel-consumer}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  static Variant of(String label) {
    for (Variant variant : values()) {
      if (variant.label().equals(label)) {
        return variant;
      }
    }
    throw new IllegalArgumentException("no variant '" + label + "'");
  }

  public boolean ours() {
    return this == COUNTERMAND || this == COUNTERMAND_APART;
  }

  /** Each peer has topics of its own, so nobody reads another's intents. */
  public String intents() {
    return ours() ? Topics.INTENTS : "bench-" + label() + "-intents";
  }

  public String results() {
    return ours() ? Topics.OUTCOMES : "bench-" + label() + "-results";
  }
}
