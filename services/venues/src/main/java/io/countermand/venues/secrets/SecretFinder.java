package io.countermand.venues.secrets;

import io.countermand.venues.Secret;
import io.countermand.venues.secrets.Spellings.Spelling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Takes known secrets out of texts, however they are written there: in any case, percent-encoded,
 * escaped as in JSON, HTML or C and that up to {@value #LAYERS} times over, in hex, in base64 of
 * either alphabet by itself or inside something longer, broken over lines. {@link Spellings} says
 * what holds for short ones. Thread-safe.
 */
public final class SecretFinder {

  private static final int LAYERS = 4;

  /** An escaped character takes at most so many, as in {@code \\u0041}. */
  private static final int LONGEST_ESCAPE = 8;

  /** What was learned is forgotten again, but not at once: an old token may still be echoed. */
  private static final int LEARNED = 32;

  private record Known(Secret secret, Spellings spellings) {}

  private final List<Known> fixed;
  private final CopyOnWriteArrayList<Known> learned = new CopyOnWriteArrayList<>();

  public SecretFinder(Collection<Secret> secrets) {
    fixed =
        new CopyOnWriteArrayList<>(secrets.stream().distinct().map(SecretFinder::known).toList());
  }

  private static Known known(Secret secret) {
    return new Known(secret, Spellings.of(secret.reveal()));
  }

  /** One that took another's place; it is never forgotten. */
  public synchronized void keep(Secret secret) {
    if (fixed.stream().noneMatch(each -> each.secret().equals(secret))) {
      fixed.add(known(secret));
    }
  }

  /** One that was issued meanwhile; the last {@value #LEARNED} are known. */
  public synchronized void learn(Secret secret) {
    if (learned.stream().anyMatch(each -> each.secret().equals(secret))) {
      return;
    }
    learned.add(known(secret));
    if (learned.size() > LEARNED) {
      learned.removeFirst();
    }
  }

  /** Whether there is one in it. */
  public boolean in(String text) {
    return !found(text).isEmpty();
  }

  /** The text with {@code mark} in the place of each. */
  public String replace(String text, String mark) {
    return replaced(text, text.length(), mark);
  }

  /**
   * As {@link #replace}, but of a long text what begins in its first {@code 4 * most} characters
   * only. None of them is half a secret.
   */
  public String replace(String text, int most, String mark) {
    long begins = 4L * most;
    long seen = begins + reach();
    return text.length() <= seen
        ? replaced(text, text.length(), mark)
        : replaced(text.substring(0, (int) seen), (int) begins, mark);
  }

  /** No secret takes more characters, however it is written. */
  private int reach() {
    int longest = 0;
    for (List<Known> each : List.of(fixed, learned)) {
      for (Known known : each) {
        longest = Math.max(longest, known.spellings().length());
      }
    }
    return LONGEST_ESCAPE * longest + LONGEST_ESCAPE;
  }

  private String replaced(String text, int end, String mark) {
    BitSet found = found(text);
    if (found.isEmpty()) {
      return end == text.length() ? text : text.substring(0, end);
    }
    var out = new StringBuilder(end);
    int at = 0;
    while (at < end) {
      int next = found.nextSetBit(at);
      if (next < 0 || next >= end) {
        return out.append(text, at, end).toString();
      }
      out.append(text, at, next).append(mark);
      at = found.nextClearBit(next);
    }
    return out.toString();
  }

  private BitSet found(String text) {
    BitSet found = new BitSet();
    Set<String> seen = new HashSet<>();
    List<EscapeLayer> levels = List.of(EscapeLayer.of(text));
    for (int layer = 0; layer <= LAYERS && !levels.isEmpty(); layer++) {
      List<EscapeLayer> next = new ArrayList<>();
      for (EscapeLayer level : levels) {
        look(level, found);
        for (char mark : EscapeLayer.MARKS) {
          EscapeLayer one = layer == LAYERS ? null : level.without(mark);
          if (one != null && seen.add(one.text())) {
            next.add(one);
          }
        }
      }
      levels = next;
    }
    return found;
  }

  private void look(EscapeLayer level, BitSet found) {
    String folded = Spellings.fold(level.text());
    for (Known each : fixed) {
      look(each.spellings(), level, folded, found);
    }
    for (Known each : learned) {
      look(each.spellings(), level, folded, found);
    }
  }

  private static void look(Spellings spellings, EscapeLayer level, String folded, BitSet found) {
    for (Spelling spelling : spellings.all()) {
      String sought = spelling.text();
      int at = folded.indexOf(sought);
      while (at >= 0) {
        int end = at + sought.length();
        if (!spelling.alone() || alone(folded, at, end)) {
          mark(level, at, end, spelling, found);
        }
        at = folded.indexOf(sought, at + 1);
      }
    }
  }

  private static void mark(EscapeLayer level, int at, int end, Spelling spelling, BitSet found) {
    String text = level.text();
    int from = spelling.before() && at > 0 && isBase64(text.charAt(at - 1)) ? at - 1 : at;
    int to = spelling.after() && end < text.length() && isBase64(text.charAt(end)) ? end + 1 : end;
    while (spelling.after() && to < text.length() && text.charAt(to) == '=') {
      to++;
    }
    found.set(level.start(from), level.end(to - 1));
  }

  private static boolean alone(String text, int from, int to) {
    return (from == 0 || !Character.isLetterOrDigit(text.charAt(from - 1)))
        && (to == text.length() || !Character.isLetterOrDigit(text.charAt(to)));
  }

  private static boolean isBase64(char c) {
    return (c < 0x80 && Character.isLetterOrDigit(c)) || "+/-_".indexOf(c) >= 0;
  }
}
