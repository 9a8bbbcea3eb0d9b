package io.countermand.simulator;

import java.time.InstantSource;

/** Makes the API of an instance. */
final class VenueApis {

  private final OrderBook book;
  private final Limiter limiter;
  private final InstantSource clock;

  VenueApis(OrderBook book, Limiter limiter, InstantSource clock) {
    this.book = book;
    this.limiter = limiter;
    this.clock = clock;
  }

  VenueApi of(InstanceOptions options, Doubts doubts) {
    return switch (options.kind()) {
      case CROSSTRADE, CROSSTRADE_WS -> new CrossTrade(options, doubts, book, limiter);
      case CROSSTRADE_WEBHOOK -> new CrossTradeWebhook(options, doubts, book, limiter);
      case CADENZA -> new Cadenza(options, doubts, book, limiter, clock);
      case NEURATRADE -> new NeuraTrade(options, doubts, book, limiter, clock);
      case TRADOVATE -> new Tradovate(options, doubts, book, limiter, clock);
    };
  }
}
