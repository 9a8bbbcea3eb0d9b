package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.console.access.Shield;
import io.countermand.events.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How things are shown, and to whom. */
class DisplayTextTest {

  @Test
  void shouldShowWhatHides() {
    assertThat(DisplayText.text("a\u202Eb\u0000c\u200Bd\ne"))
        .isEqualTo("a\\u202Eb\\u0000c\\u200Bd\ne");
    assertThat(DisplayText.text("a\uDB40\uDC41b\uDB40\uDD00c\u3164d\uD800"))
        .isEqualTo("a\\u{E0041}b\\u{E0100}c\\u3164d\\uD800");
    assertThat(DisplayText.text("Ωμέγα שלום 😀")).isEqualTo("Ωμέγα שלום 😀");
  }

  @Test
  void shouldCutForATable() {
    assertThat(DisplayText.cell("x".repeat(65_536)))
        .isEqualTo("x".repeat(60) + "… (65,536 characters)");
    assertThat(DisplayText.cell("x".repeat(59) + "😀y")).startsWith("x".repeat(59) + "…");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void shouldHaveASentenceForEachReason(Reason reason) {
    assertThat(OutcomeMeanings.reason(reason)).endsWith(".").hasSizeBetween(10, 160);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
  void shouldNotListenWhereOthersReachIt(String host) {
    assertThatThrownBy(() -> Shield.of(host, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("console.host")
        .hasMessageContaining("sign in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
  void shouldListenOnThisMachine(String host) {
    assertThat(Shield.of(host, null).authority()).isNull();
  }
}
