package io.countermand.console.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What somebody who signed in may do; to look at the pages of the pipeline, any of them is enough.
 */
public enum UserRole {
  /** Looks. */
  VIEWER,
  /** Pauses and resumes venues, sends dead letters once more, marks cancels as checked. */
  OPERATOR,
  /** Cancels all of a scope, and releases kill switches. */
  KILLER,
  /** Sees who did what in the console. */
  AUDITOR;

  /** As in the file and on pages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is no role is not shown: it may be a password in the wrong place. */
  static UserRole of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a role is one of " + labels()));
  }

  private static String labels() {
    return Arrays.stream(values()).map(UserRole::label).collect(Collectors.joining(", "));
  }
}
