package io.countermand.console;

import io.countermand.console.access.SignedInUser;
import io.countermand.console.access.UserRole;
import io.countermand.console.kept.KeptSwitches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands on every page.
 *
 * @param standing the kill switches; a page that shows them all shows these, and no other look
 * @param reading topics that are not read up yet, or cannot be read
 * @param on the newest kill switches that are on, a few
 * @param others so many more are on
 * @param doubt why another may be on that is not among them; empty: none is
 * @param visitor who reads; null: nobody has to sign in here
 * @param acts whether somebody who may can do something here
 * @param reports whether reports of audits are shown here
 */
public record Frame(
    KeptSwitches.Standing standing,
    List<String> reading,
    List<SwitchView> on,
    int others,
    String doubt,
    @Nullable SignedInUser visitor,
    boolean acts,
    boolean reports) {

  /** A banner is read at once, or it is in the way. */
  private static final int MOST = 2;

  /** How well the kill switches are known. */
  enum Known {
    /** They are read for the first time. */
    NOT_YET,
    /** They were read, and nobody knows what came since. */
    NOT_NOW,
    YES
  }

  static Frame of(List<String> reading, KeptSwitches.Standing standing, Known known) {
    return new Frame(
        standing,
        List.copyOf(reading),
        standing.on().stream().limit(MOST).map(each -> SwitchView.of(each, false)).toList(),
        Math.max(0, standing.on().size() - MOST),
        doubt(standing, known),
        null,
        false,
        false);
  }

  /** For a page that tells by itself what is not read yet. */
  public Frame quiet() {
    return new Frame(standing, List.of(), on, others, doubt, visitor, acts, reports);
  }

  Frame to(@Nullable SignedInUser reader, boolean actions, boolean audits) {
    return new Frame(standing, reading, on, others, doubt, reader, actions, audits);
  }

  /** Whether who reads may do that here. */
  public boolean may(String role) {
    return acts && visitor != null && visitor.may(UserRole.valueOf(role));
  }

  /** Whether who reads sees who did what. */
  public boolean audits() {
    return visitor != null && visitor.may(UserRole.AUDITOR);
  }

  /** What each form carries. */
  public String csrf() {
    return visitor == null ? "" : visitor.csrf();
  }

  /** Whether there is nothing to say of kill switches. */
  public boolean calm() {
    return on.isEmpty() && doubt.isEmpty();
  }

  private static String doubt(KeptSwitches.Standing standing, Known known) {
    return switch (known) {
      case NOT_YET -> "kill-switches is being read: whether one is on is not known yet.";
      case NOT_NOW ->
          "kill-switches cannot be read now: what changed since it was read is not known.";
      case YES -> {
        if (!standing.unreadable().isEmpty()) {
          yield "A record of kill-switches cannot be read: a kill switch may be on that is not"
              + " shown.";
        }
        yield standing.onGone() ? "More were on than are kept here." : "";
      }
    };
  }
}
