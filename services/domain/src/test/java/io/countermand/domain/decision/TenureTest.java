package io.countermand.domain.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TenureTest {

  private static final HandOver EFFECTIVE = new HandOver("v", "old", "new");
  private static final HandOver BACK = new HandOver("v", "new", "old");

  @Test
  void shouldDecideEverythingWithoutAHandOver() {
    assertThat(Tenure.ALWAYS.has(0)).isTrue();
    assertThat(Tenure.ALWAYS.decides()).isTrue();
  }

  @Test
  void shouldLeaveEachIntentToOneOfTwoGroups() {
    // When
    Tenure left = Tenure.ALWAYS.after(EFFECTIVE, 9, "old");
    Tenure come = Tenure.NONE.after(EFFECTIVE, 9, "new");
    // Then
    for (long offset = 0; offset < 20; offset++) {
      assertThat(left.has(offset)).as("at %d", offset).isNotEqualTo(come.has(offset));
    }
    assertThat(left.has(8)).isTrue();
    assertThat(come.has(10)).isTrue();
  }

  @Test
  void shouldDecideNothingBeforeAHandOver() {
    assertThat(Tenure.NONE.decides()).isFalse();
    assertThat(Tenure.NONE.began()).isFalse();
    assertThat(Tenure.NONE.has(6)).isFalse();
  }

  @Test
  void shouldGiveBack() {
    // When
    Tenure first = Tenure.ALWAYS.after(EFFECTIVE, 9, "old").after(BACK, 20, "old");
    Tenure second = Tenure.NONE.after(EFFECTIVE, 9, "new");
    second = second.after(BACK, 20, "new");
    // Then
    for (long offset = 0; offset < 30; offset++) {
      assertThat(first.has(offset)).as("at %d", offset).isNotEqualTo(second.has(offset));
    }
    assertThat(first.has(3)).isTrue();
    assertThat(first.has(25)).isTrue();
  }

  @Test
  void shouldPassOverWhatItReadBefore() {
    // Given
    Tenure tenure = Tenure.ALWAYS.after(EFFECTIVE, 9, "old").after(BACK, 20, "old");
    // When
    Tenure again = tenure.after(EFFECTIVE, 9, "old").after(BACK, 20, "old");
    // Then
    assertThat(again).isEqualTo(tenure);
  }

  @Test
  void shouldTakeTheSameWordTwiceOnce() {
    // When
    Tenure tenure = Tenure.ALWAYS.after(EFFECTIVE, 9, "old").after(EFFECTIVE, 11, "old");
    // Then
    assertThat(tenure.spans()).isEqualTo(List.of(new Tenure.Span(0, 9)));
  }

  @Test
  void shouldTakeNoNoticeOfOthers() {
    assertThat(Tenure.ALWAYS.after(EFFECTIVE, 9, "third")).isEqualTo(Tenure.ALWAYS);
  }

  @Test
  void shouldIgnoreAHandOverToOneself() {
    // Given
    var same = new HandOver("v", "old", "old");
    // When, Then
    assertThat(Tenure.ALWAYS.after(same, 9, "old")).isEqualTo(Tenure.ALWAYS);
  }
}
