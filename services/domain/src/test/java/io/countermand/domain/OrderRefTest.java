package io.countermand.domain;

import static org.assertj.core.api.Assertions.assertThat;

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
}
