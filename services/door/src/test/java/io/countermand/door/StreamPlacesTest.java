package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class StreamPlacesTest {

  private static Caller caller(String key) {
    return new Caller(
        "same-name",
        key,
        Set.of(TokenVerb.READ),
        List.of(Caller.Account.parse("crosstrade/Sim101")));
  }

  private static void shouldRefuse(StreamPlaces places, Caller caller, int status, String code) {
    assertThatThrownBy(() -> places.take(caller))
        .asInstanceOf(InstanceOfAssertFactories.type(ProblemResponse.class))
        .satisfies(
            refused -> {
              assertThat(refused.status()).isEqualTo(status);
              assertThat(refused.code()).isEqualTo(code);
            });
  }

  @Test
  void shouldGiveOneCallerAQuarter() {
    // Given
    var places = new StreamPlaces(20);
    Caller greedy = caller("oidc greedy");
    for (int i = 0; i < 5; i++) {
      places.take(greedy);
    }
    // When, then
    shouldRefuse(places, greedy, 429, "TOO_MANY_STREAMS_OF_CALLER");
    for (int i = 0; i < 15; i++) {
      places.take(caller("oidc " + i));
    }
    shouldRefuse(places, caller("late"), 503, "TOO_MANY_STREAMS");
    places.giveBack(greedy);
    places.take(greedy);
    shouldRefuse(places, greedy, 503, "TOO_MANY_STREAMS");
  }

  @Test
  void shouldGiveOneAtLeastUnlessThereIsNone() {
    var few = new StreamPlaces(3);
    Caller caller = caller("risk-desk");
    few.take(caller);
    shouldRefuse(few, caller, 429, "TOO_MANY_STREAMS_OF_CALLER");
    few.giveBack(caller);
    few.take(caller);
    shouldRefuse(new StreamPlaces(0), caller, 503, "TOO_MANY_STREAMS");
  }
}
