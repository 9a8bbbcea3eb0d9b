package io.countermand.desk.pause;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PauseKeyTest {

  @Test
  void shouldTakeWhatAVenueSaidToACredentialForThatCredentialWhateverItsName() {
    var key = PauseKey.read(new PauseKey("rest", "crosstrade:ab12").bytes());

    assertThat(key).isEqualTo(new PauseKey("rest", "crosstrade:ab12"));
    assertThat(key.concerns("socket", "crosstrade:ab12")).isTrue();
    assertThat(key.concerns("rest", "crosstrade:cd34")).isFalse();
  }

  @Test
  void shouldTakeAnOperatorsWordForAVenueWhateverItsCredential() {
    var key = PauseKey.read(PauseKey.ofOperator("rest"));

    assertThat(key).isEqualTo(new PauseKey("rest", null));
    assertThat(key.concerns("rest", "crosstrade:cd34")).isTrue();
    assertThat(key.concerns("socket", "crosstrade:cd34")).isFalse();
  }

  @Test
  void shouldKnowAVenueWithoutCredentialByItsName() {
    var key = PauseKey.read(new PauseKey("rest", null).bytes());

    assertThat(key).isEqualTo(new PauseKey("rest", null));
    assertThat(new String(new PauseKey("rest", null).bytes(), StandardCharsets.UTF_8))
        .isNotEqualTo(new String(PauseKey.ofOperator("rest"), StandardCharsets.UTF_8));
  }
}
