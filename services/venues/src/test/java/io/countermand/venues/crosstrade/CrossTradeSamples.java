package io.countermand.venues.crosstrade;

import io.countermand.venues.testing.ResponseFuzz.Sample;
import java.util.List;

/** CrossTrade's answers, documented and observed. */
final class CrossTradeSamples {

  static final String ID = "ce0a8e5002ea463e856eb6384f5cee7e";

  static final List<Sample> ALL =
      List.of(
          new Sample(200, "{\"orderId\":\"" + ID + "\",\"success\":true}", false),
          new Sample(200, "{\"status\":\"Filled\",\"success\":true}", false),
          new Sample(
              200,
              "{\"account\":\"Sim101\",\"orderId\":\""
                  + ID
                  + "\",\"orderState\":\"CancelPending\",\"quantity\":1,\"averageFillPrice\":0.0,\"filled\":0}",
              false),
          new Sample(
              400,
              "{\"error\":\"Order linked to '" + ID + "' not found or already terminal.\"}",
              true),
          new Sample(400, "{\"error\":\"Invalid request\"}", true),
          new Sample(
              400,
              "{\"success\":false,\"error\":\"invalid_account\",\"detail\":\"Account Sim999 not"
                  + " found\"}",
              true),
          new Sample(408, "{\"success\":false,\"error\":\"timeout\"}", true),
          new Sample(429, "{\"error\":\"Rate limit exceeded\",\"retry_after\":3}", true));

  private CrossTradeSamples() {}
}
