package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CancelIdsTest {

  @Test
  void shouldMakeUuidsOfVersion7() {
    UUID id = CancelIds.next(0x0123_4567_89abL, new Random(1));
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.toString()).startsWith("01234567-89ab-7");
  }

  @Test
  void shouldSortByTime() {
    var random = new Random(2);
    assertThat(CancelIds.next(1_000, random).toString())
        .isLessThan(CancelIds.next(1_001, random).toString());
  }
}
