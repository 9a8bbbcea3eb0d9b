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
      case CROSSTRADE, CROSSTRADE_WS -> new SimulatedCrossTrade(options, book, limiter);
      case CROSSTRADE_WEBHOOK -> new SimulatedCrossTradeWebhook(options, book, limiter);
      case CADENZA -> new SimulatedCadenza(options, book, limiter, clock);
      case NEURATRADE -> new SimulatedNeuraTrade(options, book, limiter, clock);
      case TRADOVATE -> new SimulatedTradovate(options, book, limiter, clock);
    };
  }
}
