package io.countermand.console;

import io.countermand.events.MassScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mass cancel's scope in words, the same as `countermand kill` says. */
final class Scopes {

  private Scopes() {}

  static String words(MassScope scope) {
    if (scope.getAll()) {
      return "all orders";
    }
    List<String> parts = new ArrayList<>();
    add(parts, "venue", scope.getVenue());
    add(parts, "account", scope.getAccount());
    add(parts, "instrument", scope.getInstrument());
    add(parts, "side", scope.getSide());
    add(parts, "trader", scope.getTrader());
    add(parts, "desk", scope.getDesk());
    add(parts, "algorithm", scope.getAlgorithm());
    add(parts, "client", scope.getClient());
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String name, @Nullable Object value) {
    if (value != null) {
      parts.add(name + " " + value);
    }
  }
}
