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

  /**
   * @param accepted whom it lets in
   */
  public VenueApi of(InstanceOptions options, Accepted accepted) {
    return switch (options.kind()) {
      case CROSSTRADE, CROSSTRADE_WS -> new SimulatedCrossTrade(options, accepted, book, limiter);
      case CROSSTRADE_WEBHOOK -> new SimulatedCrossTradeWebhook(options, accepted, book, limiter);
      case CADENZA -> new SimulatedCadenza(options, accepted, book, limiter, clock);
      case NEURATRADE -> new SimulatedNeuraTrade(options, accepted, book, limiter, clock);
      case TRADOVATE -> new SimulatedTradovate(options, accepted, book, limiter, clock);
    };
  }
}
