package io.countermand.app.venues;

import java.util.Map;

/**
 * CrossTrade's burst and ten seconds of its rate; of Tradovate's rate fifteen, since a desk that
 * has just started has none of its burst.
 */
class VenueDefaultRatesTest extends DefaultRatesScenario {

  VenueDefaultRatesTest() {
    super(Map.of("crosstrade", 49, "tradovate", 20));
  }
}
