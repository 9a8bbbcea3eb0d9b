package io.countermand.domain.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.Intent;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderRefTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "abcXYZ019-._~ | abcXYZ019-._~",
        "a b           | a%20b",
        "a/b           | a%2Fb",
        "100%          | 100%25",
        "%2F           | %252F",
        "a+b&c=d       | a%2Bb%26c%3Dd",
        "é             | %C3%A9",
        "日本           | %E6%97%A5%E6%9C%AC",
        "x😀y          | x%F0%9F%98%80y",
        "``            | ``",
      })
  void shouldEncodeAsRfc3986Says(String part, String encoded) {
    assertThat(OrderRef.encode(part)).isEqualTo(encoded);
  }

  @Test
  void shouldJoinTheEncodedParts() {
    assertThat(new OrderRef("cross trade", "Sim/101", "ü1").key())
        .isEqualTo("cross%20trade/Sim%2F101/%C3%BC1");
  }

  @Test
  void shouldKeepOrdersApartWhosePartsDifferOnlyInWhereTheSlashStands() {
    assertThat(new OrderRef("a/b", "c", "d").key())
        .isNotEqualTo(new OrderRef("a", "b/c", "d").key());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        // venue, account, orderId, orderName, strategyId | key
        "hook | Sim101 | 42     | -      | -    | hook/Sim101/42",
        "hook | Sim101 | 42     | -      | s-1  | hook/Sim101/42",
        "hook | Sim101 | ENTRY1 | ENTRY1 | A    | hook/Sim101/ENTRY1/A/ENTRY1",
        "hook | Sim101 | ENTRY1 | ENTRY1 | B    | hook/Sim101/ENTRY1/B/ENTRY1",
        "hook | Sim101 | x      | STOP2  | A    | hook/Sim101/x/A/STOP2",
        "hook | Sim101 | x      | STOP2  | -    | hook/Sim101/x//STOP2",
        "hook | Sim101 | x      | a/b    | 5% ü | hook/Sim101/x/5%25%20%C3%BC/a%2Fb",
        "hook | Sim101 | `x/A`  | STOP2  | -    | hook/Sim101/x%2FA//STOP2",
        "hook | Sim101 | `it's (1)!*` | - | -  | hook/Sim101/it%27s%20%281%29%21%2A",
        "hook | Sim101 | `\"'{}` | -     | -    | hook/Sim101/%22%27%7B%7D",
        "hook | Sim101 | 9007199254740993 | - | - | hook/Sim101/9007199254740993",
      })
  void shouldKeyAnIntentByItsOrder(
      String venue, String account, String id, String name, String strategy, String key) {
    var intent =
        new Intent(
            "c",
            new OrderRef(venue, account, id),
            name,
            strategy,
            null,
            null,
            false,
            false,
            null,
            Map.of(),
            Instant.EPOCH);
    assertThat(intent.order().key()).isEqualTo(key);
    assertThat(intent.answeredAs()).isEqualTo(intent.order());
  }
}
