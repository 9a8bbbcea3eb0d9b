package io.countermand.venues;

/**
 * What an adapter can do, and what its success is worth.
 *
 * @param canQuery answers {@link VenueAdapter#status}
 * @param canCancelByName takes an order's name and strategy instead of its id
 * @param confirmsInReply an order can be Canceled by the reply itself, not only Accepted
 * @param hasFeed gives an {@link OrderFeed}
 * @param penaltyTickets may answer with a continuation that the next attempt must carry
 * @param canList answers {@link VenueAdapter#openOrders}
 * @param tellsAccounts answers {@link VenueAdapter#accounts}
 * @param cancelsAll answers {@link VenueAdapter#cancelAll}
 * @param success for people: what the venue's success on a cancel proves
 */
public record Capabilities(
    boolean canQuery,
    boolean canCancelByName,
    boolean confirmsInReply,
    boolean hasFeed,
    boolean penaltyTickets,
    boolean canList,
    boolean tellsAccounts,
    boolean cancelsAll,
    String success) {

  /** Without a call that cancels all. */
  public Capabilities(
      boolean canQuery,
      boolean canCancelByName,
      boolean confirmsInReply,
      boolean hasFeed,
      boolean penaltyTickets,
      boolean canList,
      boolean tellsAccounts,
      String success) {
    this(
        canQuery,
        canCancelByName,
        confirmsInReply,
        hasFeed,
        penaltyTickets,
        canList,
        tellsAccounts,
        false,
        success);
  }

  /** Without a list of accounts. */
  public Capabilities(
      boolean canQuery,
      boolean canCancelByName,
      boolean confirmsInReply,
      boolean hasFeed,
      boolean penaltyTickets,
      boolean canList,
      String success) {
    this(
        canQuery,
        canCancelByName,
        confirmsInReply,
        hasFeed,
        penaltyTickets,
        canList,
        false,
        success);
  }

  /** Without a list, and without more to say of a success than whether it confirms. */
  public Capabilities(
      boolean canQuery,
      boolean canCancelByName,
      boolean confirmsInReply,
      boolean hasFeed,
      boolean penaltyTickets) {
    this(
        canQuery,
        canCancelByName,
        confirmsInReply,
        hasFeed,
        penaltyTickets,
        false,
        confirmsInReply ? "the order is cancelled" : "the cancel was taken");
  }
}
