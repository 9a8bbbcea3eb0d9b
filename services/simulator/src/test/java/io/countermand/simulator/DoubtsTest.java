package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DoubtsTest {

  @Test
  void shouldDrawTheSameForTheSameSeed() {
    assertThat(Doubts.draw(7, "v")).isEqualTo(Doubts.draw(7, "v"));
  }

  /** Three seeds are what the contract suite runs with; a venue alone sees both ways in some. */
  @Test
  void shouldDrawEachWayInFewRuns() {
    List<Function<Doubts, Object>> doubts =
        List.of(
            Doubts::errorInData,
            Doubts::bare401,
            Doubts::emptyListIs404,
            Doubts::negativeErrno,
            Doubts::canceledAtWithOneL,
            Doubts::tokenInData,
            Doubts::positionsAtTop,
            Doubts::hookStatus,
            Doubts::reasonAlways);

    for (var kind : VenueKind.values()) {
      for (var doubt : doubts) {
        var seen =
            LongStream.rangeClosed(1, 20)
                .mapToObj(seed -> doubt.apply(Doubts.draw(seed, kind.adapter())))
                .distinct();
        assertThat(seen).hasSize(2);
      }
    }
  }

  @Test
  void shouldAnswerAsDrawn() throws Exception {
    var hook = SimulatorOptions.of(VenueKind.CROSSTRADE_WEBHOOK);
    for (long seed = 1; seed <= 4; seed++) {
      try (var simulator = Simulator.start(hook.withSeed(seed))) {
        // When
        var response =
            new Client(simulator.venueUrl("crosstrade-webhook"), null)
                .post("", "key=sim-key;command=CANCEL;order_id=none;");

        // Then
        assertThat(response.statusCode())
            .isEqualTo(Doubts.draw(seed, "crosstrade-webhook").hookStatus());
      }
    }
  }
}
