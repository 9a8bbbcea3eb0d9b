package io.countermand.simulator.options;

import io.countermand.domain.order.OrdStatus;

/** A venue's API, by the name of the adapter that speaks it. */
public enum VenueKind {
  CROSSTRADE("crosstrade"),
  CROSSTRADE_WS("crosstrade-ws"),
  CROSSTRADE_WEBHOOK("crosstrade-webhook"),
  CADENZA("cadenza"),
  NEURATRADE("neuratrade"),
  TRADOVATE("tradovate");

  private final String adapter;

  VenueKind(String adapter) {
    this.adapter = adapter;
  }

  public String adapter() {
    return adapter;
  }

  /**
   * @throws IllegalArgumentException for a name that is none
   */
  public static VenueKind of(String adapter) {
    for (var kind : values()) {
      if (kind.adapter.equals(adapter)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no such venue adapter: " + adapter);
  }

  /** The venue's own word for a status, as its look-ups and feeds say it. */
  public String word(OrdStatus status) {
    return switch (this) {
      case CROSSTRADE, CROSSTRADE_WS, CROSSTRADE_WEBHOOK -> Words.ninjaTrader(status);
      case CADENZA -> Words.cadenza(status);
      case NEURATRADE -> Words.neuraTrade(status);
      case TRADOVATE -> Words.tradovate(status);
    };
  }
}
