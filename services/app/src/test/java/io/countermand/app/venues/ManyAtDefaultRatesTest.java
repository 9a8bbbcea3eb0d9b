package io.countermand.app.venues;

import java.util.Map;
import org.junit.jupiter.api.Tag;

/** A minute and a half of both venues' rates. */
@Tag("long")
class ManyAtDefaultRatesTest extends DefaultRatesScenario {

  ManyAtDefaultRatesTest() {
    super(Map.of("crosstrade", 300, "tradovate", 120));
  }
}
