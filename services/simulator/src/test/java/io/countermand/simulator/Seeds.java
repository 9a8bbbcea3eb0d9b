package io.countermand.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Objects;

/** The documents' example bodies, copied byte for byte into the test resources. */
final class Seeds {

  private Seeds() {}

  /** Without the line break that ends the file. */
  static String block(String name) throws IOException {
    return text(name + ".json").stripTrailing();
  }

  static String text(String file) throws IOException {
    try (var in = Seeds.class.getResourceAsStream("/seeds/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
    }
  }
}
