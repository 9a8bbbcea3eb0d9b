package io.countermand.simulator.venue;

import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.options.InstanceOptions;
import java.time.InstantSource;

/** Makes the API of an instance. */
public final class VenueApis {

  private final OrderBook book;
  private final Limiter limiter;
  private final InstantSource clock;

  public VenueApis(OrderBook book, Limiter limiter, InstantSource clock) {
    this.book = book;
    this.limiter = limiter;
    this.clock = clock;
  }

  public VenueApi of(InstanceOptions options) {
    return switch (options.kind()) {
      case CROSSTRADE, CROSSTRADE_WS -> new CrossTrade(options, book, limiter);
      case CROSSTRADE_WEBHOOK -> new CrossTradeWebhook(options, book, limiter);
      case CADENZA -> new Cadenza(options, book, limiter, clock);
      case NEURATRADE -> new NeuraTrade(options, book, limiter, clock);
      case TRADOVATE -> new Tradovate(options, book, limiter, clock);
    };
  }
}
