package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRecord;
import io.countermand.events.Attempt;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.Requester;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which cancels are looked at, as it stands in the address. Immutable.
 *
 * @param venue empty: any; so are the others
 * @param result a result's name, or OPEN
 * @param text a part of an id, a name or a word of the records, in any case
 */
public record Filter(String venue, String account, String result, String reason, String text) {

  private static final int LONGEST = 300;

  interface Query {
    @Nullable String get(String name);
  }

  static Filter of(Query query) {
    return new Filter(
        part(query.get("venue")),
        part(query.get("account")),
        part(query.get("result")),
        part(query.get("reason")),
        part(query.get("q")));
  }

  private static String part(@Nullable String text) {
    String part = text == null ? "" : text.strip();
    return part.length() > LONGEST ? part.substring(0, LONGEST) : part;
  }

  public boolean none() {
    return query().isEmpty();
  }

  /** With its question mark; empty: it wants all. */
  public String query() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("venue", venue);
    parts.put("account", account);
    parts.put("result", result);
    parts.put("reason", reason);
    parts.put("q", text);
    var query = new StringBuilder();
    parts.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
            query.append(DisplayText.encoded(value));
          }
        });
    return query.toString();
  }

  boolean wants(CancelLife life) {
    return (venue.isEmpty() || venue.equals(life.venue()))
        && (account.isEmpty() || account.equals(life.account()))
        && (result.isEmpty() || result.equals(life.result()))
        && (reason.isEmpty()
            || (life.outcome() != null && reason.equals(life.outcome().getReason().name())))
        && (text.isEmpty() || says(life));
  }

  private boolean says(CancelLife life) {
    String wanted = text.toLowerCase(Locale.ROOT);
    for (String each : words(life)) {
      if (each != null && each.toLowerCase(Locale.ROOT).contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static List<@Nullable String> words(CancelLife life) {
    List<@Nullable String> words = new ArrayList<>();
    words.add(life.cancelId());
    words.add(life.orderId());
    words.add(life.order());
    words.add(life.account());
    for (CancelRecord step : life.steps()) {
      words.add(step.trace());
      if (step.what() instanceof CancelIntent intent) {
        words.add(intent.getClOrdId());
        words.add(intent.getMassId());
        add(words, intent.getRequester());
      }
    }
    CancelOutcome outcome = life.outcome();
    if (outcome != null) {
      words.add(outcome.getText());
      words.add(outcome.getCancel().getClOrdId());
      words.add(outcome.getCancel().getMassId());
      add(words, outcome.getCancel().getRequester());
      for (Attempt attempt : outcome.getAttempts()) {
        words.add(attempt.getVenueCode());
        words.add(attempt.getVenueMessage());
      }
    }
    return words;
  }

  private static void add(List<@Nullable String> words, @Nullable Requester requester) {
    if (requester != null) {
      words.add(requester.getAlgorithm());
      words.add(requester.getTrader());
      words.add(requester.getDesk());
      words.add(requester.getClient());
      words.add(requester.getReason());
    }
  }
}
