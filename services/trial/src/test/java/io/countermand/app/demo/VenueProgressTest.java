package io.countermand.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VenueProgressTest {

  @Test
  void shouldShowEachVenueAndAllInOneLine() {
    // Given
    var picture = new VenueProgress();
    picture.sent("tradovate");
    picture.sent("crosstrade");
    picture.sent("crosstrade");
    // When
    List<String> lines = picture.draw(1000, Instant.now());
    // Then
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst())
        .isEqualTo(
            "3 of 1,000 intents sent, 0 answered, 0 refused early; to the venue, last 5 s: -");
    assertThat(lines.get(2)).startsWith("crosstrade ").contains(" 2 ");
    assertThat(lines.get(3)).startsWith("tradovate ").contains(" 1 ");
  }
}
