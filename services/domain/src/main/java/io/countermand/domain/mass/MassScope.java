package io.countermand.domain.mass;

import io.countermand.domain.order.Facts;
import io.countermand.domain.order.OrderDetails;
import io.countermand.domain.order.OrderRef;
import io.countermand.domain.order.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which orders a mass cancel means: those that fit every field that is given.
 *
 * @param all every order; must be said, lest a forgotten field cancel everything
 */
public record MassScope(
    boolean all,
    @Nullable String venue,
    @Nullable String account,
    @Nullable String instrument,
    @Nullable Side side,
    @Nullable String trader,
    @Nullable String desk,
    @Nullable String algorithm,
    @Nullable String client) {

  public static final MassScope ALL =
      new MassScope(true, null, null, null, null, null, null, null, null);

  /** One venue's, or one account's. */
  public static MassScope of(@Nullable String venue, @Nullable String account) {
    return new MassScope(false, venue, account, null, null, null, null, null, null);
  }

  /** Whether an order is meant. */
  public enum Fit {
    IN,
    OUT,
    /** Fits as far as it is told; what the scope asks for besides, its events do not tell. */
    UNTOLD
  }

  /** What is wrong with it, in words; empty: nothing. */
  public List<String> problems() {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("venue", venue);
    given.put("account", account);
    given.put("instrument", instrument);
    given.put("side", side == null ? null : side.name());
    given.put("trader", trader);
    given.put("desk", desk);
    given.put("algorithm", algorithm);
    given.put("client", client);
    List<String> problems = new ArrayList<>();
    given.forEach(
        (name, value) -> {
          String wrong =
              value == null ? null : Facts.wrong("scope." + name, value, Facts.LONGEST_ID);
          if (wrong != null) {
            problems.add(wrong);
          }
        });
    boolean any = given.values().stream().anyMatch(Objects::nonNull);
    if (!all && !any) {
      problems.add("the scope is empty: name a venue, an account, ... or say all");
    }
    if (all && any) {
      problems.add("the scope says all and something else: which of the two?");
    }
    if (side == Side.UNKNOWN) {
      problems.add("scope.side is BUY or SELL");
    }
    return problems;
  }

  MassScope cut() {
    return new MassScope(
        all,
        Facts.cutNullable(venue),
        Facts.cutNullable(account),
        Facts.cutNullable(instrument),
        side,
        Facts.cutNullable(trader),
        Facts.cutNullable(desk),
        Facts.cutNullable(algorithm),
        Facts.cutNullable(client));
  }

  /** Whether orders of this venue can be meant. */
  public boolean reaches(String itsVenue) {
    return venue == null || venue.equals(itsVenue);
  }

  /** Whether orders of this account can be meant. */
  public boolean reaches(String itsVenue, String itsAccount) {
    return reaches(itsVenue) && (account == null || account.equals(itsAccount));
  }

  /**
   * @param details null: nothing told
   */
  public Fit fit(OrderRef order, @Nullable OrderDetails details) {
    if (!reaches(order.venue(), order.account())) {
      return Fit.OUT;
    }
    Fit fit = Fit.IN;
    if (details == null) {
      fit = detailed() ? Fit.UNTOLD : Fit.IN;
    } else {
      fit = and(fit, instrument, details.instrument());
      fit = and(fit, side, details.side());
      fit = and(fit, trader, details.trader());
      fit = and(fit, desk, details.desk());
      fit = and(fit, algorithm, details.algorithm());
      fit = and(fit, client, details.client());
    }
    return fit;
  }

  private boolean detailed() {
    return instrument != null
        || side != null
        || trader != null
        || desk != null
        || algorithm != null
        || client != null;
  }

  private static Fit and(Fit fit, @Nullable Object asked, @Nullable Object told) {
    if (asked == null || fit == Fit.OUT) {
      return fit;
    }
    return told == null ? Fit.UNTOLD : asked.equals(told) ? fit : Fit.OUT;
  }

  /** For people. */
  public String words() {
    if (all) {
      return "all orders";
    }
    List<String> parts = new ArrayList<>();
    word(parts, "venue", venue);
    word(parts, "account", account);
    word(parts, "instrument", instrument);
    word(parts, "side", side);
    word(parts, "trader", trader);
    word(parts, "desk", desk);
    word(parts, "algorithm", algorithm);
    word(parts, "client", client);
    return String.join(", ", parts);
  }

  private static void word(List<String> parts, String name, @Nullable Object value) {
    if (value != null) {
      parts.add(name + " " + value);
    }
  }
}
