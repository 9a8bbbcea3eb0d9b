package io.countermand.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant. */
public final class NearestName {

  private NearestName() {}

  /** The known key that is most like this one, if any is like it. */
  public static Optional<String> of(String key, Collection<String> known) {
    return known.stream()
        .filter(each -> distance(key, each) <= Math.max(2, key.length() / 3) || sameEnd(key, each))
        .min(
            Comparator.comparingInt((String each) -> distance(key, each))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean sameEnd(String key, String known) {
    return known.endsWith("." + key.substring(key.lastIndexOf('.') + 1));
  }

  /** Levenshtein's. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
