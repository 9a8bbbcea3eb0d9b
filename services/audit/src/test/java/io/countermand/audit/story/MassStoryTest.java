package io.countermand.audit.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Reason;
import io.countermand.domain.mass.AccountSeen;
import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassIntents;
import io.countermand.domain.mass.MassPart;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.mass.MassTally;
import io.countermand.domain.order.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MassStoryTest {

  private static final Instant NOW = Instant.parse("2026-11-28T08:00:00Z");
  private static final MassCancel FIRED =
      new MassCancel(
          "m",
          MassScope.of(null, "a"),
          "alice",
          "rogue\nalgorithm",
          NOW.plusSeconds(300),
          false,
          false,
          NOW,
          true,
          null);

  private final MassStory story = new MassStory("m");
  private final MassTally tally = new MassTally(FIRED, NOW.plusSeconds(300), 1, Set.of("v"));

  @Test
  void shouldTellWhatIsNotCancelledAfterTheFiveLines() {
    // Given: of the scope one is cancelled and two are not; of two that open later, one is not
    story.command(FIRED, at("commands", 1));
    part(
        new MassPart.Frozen(
            0,
            Set.of("v"),
            List.of("v/a/1", "v/a/2", "v/a/3"),
            true,
            List.of(new AccountSeen("v", "a", 3, 0, 1, NOW)),
            List.of(),
            false),
        2);
    part(settled("v/a/1", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE), 3);
    part(settled("v/a/2", CancelResult.REJECTED, Reason.RATE_LIMITED), 4);
    story.report(tally.report(1, NOW), at("reports", 5));
    part(settled("v/a/4", CancelResult.CANCELED, Reason.CONFIRMED_BY_VENUE), 6);
    part(settled("v/a/5", CancelResult.UNRESOLVED, Reason.NO_ANSWER), 7);
    story.shown(new KillSwitch(FIRED, NOW, null), at("switches", 8));
    // When
    List<StoryLine> lines = story.tell();
    // Then
    assertThat(lines)
        .extracting(StoryLine::what)
        .containsExactly(
            "asked",
            "taken",
            "scope",
            "report",
            "not covered",
            "on",
            "not cancelled",
            "not cancelled",
            "not cancelled");
    assertThat(lines.getFirst().details()).containsEntry("why", "rogue algorithm");
    assertThat(lines.get(2).details()).containsEntry("orders", "3");
    assertThat(lines.get(5).details())
        .containsEntry("laterOrders", "2")
        .containsEntry("canceled", "1");
    assertThat(lines.subList(6, 9))
        .extracting(line -> line.details().get("order") + " " + line.details().get("result"))
        .containsExactly("v/a/2 REJECTED", "v/a/3 no outcome yet", "v/a/5 UNRESOLVED");
    assertThat(lines.get(6).cancelId()).isEqualTo(MassIntents.cancelId("m", "v/a/2"));
    assertThat(lines.get(6).record()).isEqualTo(at("progress", 4).at());
  }

  @Test
  void shouldTellOfCallsForManyAndOfThoseThatWereNotMade() {
    // Given: one that was made, one whose answer is lost, and one that was not made after all
    story.command(FIRED, at("commands", 1));
    part(new MassPart.Bulk("c", "v", "a", 2, List.of(), false), 2);
    part(new MassPart.Bulk("c", "v", "a", 2, List.of("v/a/9"), true), 3);
    part(new MassPart.Bulk("d", "v", "b", 2, List.of(), false), 4);
    part(new MassPart.Bulk("e", "v", "c", 0, List.of(), true), 5);
    story.report(tally.report(1, NOW), at("reports", 6));
    // When, Then
    assertThat(story.tell())
        .filteredOn(line -> line.what().contains("call for many"))
        .extracting(line -> line.what() + " " + line.details().get("beyond"))
        .containsExactly(
            "one call for many not known yet",
            "one call for many [v/a/9]",
            "one call for many not known yet",
            "no call for many after all []");
    assertThat(story.tell())
        .filteredOn(line -> line.what().equals("hit beyond the scope"))
        .extracting(line -> line.details().get("order"))
        .containsExactly("v/a/9");
    assertThat(story.tell())
        .filteredOn(line -> line.what().equals("not known what was hit beyond the scope"))
        .extracting(line -> line.details().get("account"))
        .containsExactly("v/b");
  }

  @Test
  void shouldTellWhyOneWasRefused() {
    // Given
    story.report(MassReport.refused(FIRED, "the id was used", NOW), at("reports", 1));
    // When, Then
    assertThat(story.tell()).extracting(StoryLine::what).containsExactly("asked", "report");
    assertThat(story.tell().getLast().details())
        .containsEntry("state", "REFUSED")
        .containsEntry("text", "the id was used");
  }

  private void part(MassPart part, int offset) {
    tally.heard(part);
    story.part("m", part, at("progress", offset));
    story.part("other", part, at("progress", offset));
  }

  private static MassPart settled(String order, CancelResult result, Reason reason) {
    return new MassPart.Settled(
        order, MassIntents.cancelId("m", order), result, reason, at("intents", 0).at());
  }

  private static MassStory.At at(String topic, int offset) {
    return new MassStory.At(new Evidence(topic, 0, offset), NOW.plusSeconds(offset));
  }
}
