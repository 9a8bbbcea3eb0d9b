package io.countermand.venues;

/**
 * What an adapter can do.
 *
 * @param canQuery answers {@link VenueAdapter#status}
 * @param canCancelByName takes an order's name and strategy instead of its id
 * @param confirmsInReply an order can be Canceled by the reply itself, not only Accepted
 * @param hasFeed gives an {@link OrderFeed}
 * @param penaltyTickets may answer with a continuation that the next attempt must carry
 */
public record Capabilities(
    boolean canQuery,
    boolean canCancelByName,
    boolean confirmsInReply,
    boolean hasFeed,
    boolean penaltyTickets) {}
