package io.countermand.venues;

import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A venue's words for order states. Case, blanks, hyphens and underscores make no difference; an
 * unknown word is {@link OrdStatus#UNKNOWN}, which is never terminal. Immutable.
 */
public final class StatusWords {

  private static final Pattern FILLING = Pattern.compile("[ _-]");

  private final Map<String, OrdStatus> words;

  private StatusWords(Map<String, OrdStatus> words) {
    this.words = words;
  }

  public static StatusWords of(Map<String, OrdStatus> table) {
    Map<String, OrdStatus> words = new HashMap<>();
    table.forEach((word, status) -> words.put(plain(word), status));
    return new StatusWords(Map.copyOf(words));
  }

  public OrdStatus status(String word) {
    return words.getOrDefault(plain(word), OrdStatus.UNKNOWN);
  }

  /** What a status answer says; the raw word is kept whatever it is. */
  public ReplyDetails told(
      @Nullable String code,
      String word,
      @Nullable BigDecimal executedQty,
      @Nullable Instant venueTime) {
    return new ReplyDetails(code, null, status(word), word, executedQty, venueTime);
  }

  private static String plain(String word) {
    return FILLING.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("");
  }
}
