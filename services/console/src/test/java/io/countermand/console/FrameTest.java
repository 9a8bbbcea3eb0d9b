package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.console.kept.KeptSwitches;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a page may keep quiet about kill switches. */
class FrameTest {

  private static final KeptSwitches.Standing NONE =
      new KeptSwitches.Standing(List.of(), List.of(), List.of(), 0, false);

  @ParameterizedTest
  @CsvSource({
    "NOT_YET, is being read",
    "NOT_NOW, cannot be read now",
  })
  void shouldNotSayThatNoneIsOnBeforeItIsKnown(Frame.Known known, String says) {
    // When
    var frame = Frame.of(List.of(), NONE, known);
    // Then
    assertThat(frame.calm()).isFalse();
    assertThat(frame.quiet().calm()).isFalse();
    assertThat(frame.doubt()).contains(says);
  }

  @Test
  void shouldNotSayThatNoneIsOnWhereOneMayBe() {
    assertThat(Frame.of(List.of(), NONE, Frame.Known.YES).calm()).isTrue();
    assertThat(
            Frame.of(
                    List.of(),
                    new KeptSwitches.Standing(List.of(), List.of(), List.of("odd"), 0, false),
                    Frame.Known.YES)
                .calm())
        .isFalse();
    assertThat(
            Frame.of(
                    List.of(),
                    new KeptSwitches.Standing(List.of(), List.of(), List.of(), 0, true),
                    Frame.Known.YES)
                .doubt())
        .contains("More were on");
  }
}
