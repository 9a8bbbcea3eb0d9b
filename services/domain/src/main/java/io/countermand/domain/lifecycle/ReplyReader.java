package io.countermand.domain.lifecycle;

import io.countermand.domain.Reply;

/**
 * Reads a venue's answer again from its record, as the adapter read it when it came. Pure, and can
 * call nobody: found by {@code ServiceLoader}, so that who audits needs no adapter. Thread-safe.
 */
public interface ReplyReader {

  /** The adapter's name in the configuration, such as {@code crosstrade}. */
  String adapter();

  /**
   * Whether the answer means what its record says.
   *
   * @param answer as {@code AttemptReplied.response} keeps it
   */
  Rereading again(LedgerEvent.Replied replied, String answer);

  /** What came of it. */
  sealed interface Rereading {

    /** The record says what the answer means. */
    record Same() implements Rereading {}

    /**
     * The record says something else.
     *
     * @param reply what the answer means
     */
    record Other(Reply reply) implements Rereading {}

    /**
     * The record does not keep all that the adapter saw.
     *
     * @param why in words for a count, such as "cut in the record"
     */
    record Untold(String why) implements Rereading {}
  }
}
