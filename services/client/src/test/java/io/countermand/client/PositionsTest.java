package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

  @Test
  void shouldBeStoredAsText() {
    var positions = new Positions(Map.of(1, 0L, 0, 17L, 11, 9_007_199_254_740_993L));
    assertThat(positions.toString()).isEqualTo("0:17,1:0,11:9007199254740993");
    assertThat(Positions.parse(positions.toString())).isEqualTo(positions);
    assertThat(Positions.parse("")).isEqualTo(new Positions(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "'0:17,1:4', '0:17,1:4', true",
    "'0:18,1:4,2:0', '0:17,1:4', true",
    "'0:16,1:4', '0:17,1:4', false",
    "'0:17', '0:17,1:4', false",
    "'0:17', '0:17,1:0', true",
  })
  void shouldKnowWhetherAllBeforeAnEndWasRead(String read, String end, boolean all) {
    assertThat(Positions.parse(read).reach(Positions.parse(end))).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "1:", ":1", "1:2,", "1:-2", "1:2;3:4"})
  void shouldRefuseOtherText(String text) {
    assertThatThrownBy(() -> Positions.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
