package io.countermand.venues;

/**
 * What an adapter can do.
 *
 * @param canQuery answers {@link VenueAdapter#status}
 * @param canCancelByName takes an order's name and strategy instead of its id
 * @param confirmsInReply an order can be Canceled by the reply itself, not only Accepted
 * @param hasFeed gives an {@link OrderFeed}
 * @param penaltyTickets may answer with a continuation that the next attempt must carry
 * @param canceled what this venue's good answer to a cancel proves, for people: one line, no more
 *     than its documents or code say
 */
public record Capabilities(
    boolean canQuery,
    boolean canCancelByName,
    boolean confirmsInReply,
    boolean hasFeed,
    boolean penaltyTickets,
    String canceled) {

  public Capabilities {
    if (canceled.isBlank()) {
      throw new IllegalArgumentException("say what a good answer to a cancel proves");
    }
  }
}
