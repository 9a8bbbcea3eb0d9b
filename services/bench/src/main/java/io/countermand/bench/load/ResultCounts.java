package io.countermand.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the results say, counted after the load. */
public final class ResultCounts {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultCounts() {}

  public static SortedMap<String, Integer> of(
      Variant variant, byte[][] values, EventDecoder<CancelOutcome> decoder) throws IOException {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (byte[] value : values) {
      if (value != null) {
        counts.merge(variant.ours() ? outcome(value, decoder) : reply(value), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static String outcome(byte[] value, EventDecoder<CancelOutcome> decoder) {
    return switch (decoder.decode("outcomes", value)) {
      case Decoded.Ok<CancelOutcome>(CancelOutcome outcome) ->
          outcome.getResult() + " " + outcome.getReason();
      case Decoded.Poison<CancelOutcome>(var kind, String text) -> kind + " " + text;
    };
  }

  private static String reply(byte[] value) throws IOException {
    return JSON.readTree(value).path("reply").asText();
  }
}
