package io.countermand.domain.order;

import org.jspecify.annotations.Nullable;

/**
 * Whose order it is, and of what. All as order events tell it; null: not told.
 *
 * @param desk desk or book
 */
public record OrderDetails(
    @Nullable String instrument,
    @Nullable Side side,
    @Nullable String trader,
    @Nullable String desk,
    @Nullable String algorithm,
    @Nullable String client) {

  private static final OrderDetails NOTHING = new OrderDetails(null, null, null, null, null, null);

  /** Null where nothing is told: most orders of most feeds. */
  public static @Nullable OrderDetails of(
      @Nullable String instrument,
      @Nullable Side side,
      @Nullable String trader,
      @Nullable String desk,
      @Nullable String algorithm,
      @Nullable String client) {
    var told =
        new OrderDetails(
            instrument, side == Side.UNKNOWN ? null : side, trader, desk, algorithm, client);
    return told.equals(NOTHING) ? null : told;
  }

  /**
   * What is known after {@code told}: a venue's feed says no trader, an OMS no more than once, so
   * what is not told again stays.
   */
  static @Nullable OrderDetails after(@Nullable OrderDetails known, @Nullable OrderDetails told) {
    if (known == null || told == null) {
      return known == null ? told : known;
    }
    return new OrderDetails(
        told.instrument != null ? told.instrument : known.instrument,
        told.side != null ? told.side : known.side,
        told.trader != null ? told.trader : known.trader,
        told.desk != null ? told.desk : known.desk,
        told.algorithm != null ? told.algorithm : known.algorithm,
        told.client != null ? told.client : known.client);
  }

  /** The same, no part longer than anything of an order may be. */
  static @Nullable OrderDetails cut(@Nullable OrderDetails told) {
    return told == null
        ? null
        : of(
            Facts.cutNullable(told.instrument),
            told.side,
            Facts.cutNullable(told.trader),
            Facts.cutNullable(told.desk),
            Facts.cutNullable(told.algorithm),
            Facts.cutNullable(told.client));
  }
}
