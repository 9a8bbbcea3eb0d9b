package io.countermand.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Objects;

/** The documents' example bodies, copied byte for byte into the test resources. */
public final class Seeds {

  private Seeds() {}

  /** Without the line break that ends the file. */
  public static String block(String name) throws IOException {
    try (var in = Seeds.class.getResourceAsStream("/seeds/" + name + ".json")) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8).stripTrailing();
    }
  }
}
