package io.countermand.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.events.OrderKey;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The key that clients make is the one that desk and ledger make. */
class OrderKeyTest {

  @Test
  void shouldBeTheKeyOfTheDesk() {
    var random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      String[] parts = new String[5];
      for (int part = 0; part < parts.length; part++) {
        parts[part] = "x" + text(random);
      }
      String name = random.nextBoolean() ? parts[3] : null;
      String strategy = random.nextBoolean() ? parts[4] : null;
      assertThat(new OrderKey(parts[0], parts[1], parts[2], name, strategy).key())
          .isEqualTo(new OrderRef(parts[0], parts[1], parts[2], name, strategy).key());
    }
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(8), 1, 0x1_F700)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
