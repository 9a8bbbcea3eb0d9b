package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import io.countermand.events.OrderKey;
import io.countermand.events.Reason;
import io.countermand.platform.Topics;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do in a console: from the form to the record of who asked, and to its effect. */
@Tag("long")
class ActingTest extends ActingScenario {

  private static final List<String> TEXTS = HostileTexts.all();

  /** So many on one page. */
  private static final int BATCH = 50;

  ActingTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  private HttpResponse<String> pause(String who, String reason) throws Exception {
    return visitors
        .get(who)
        .post("/venues/pause", Map.of("venue", VENUE, "until", "resumed", "reason", reason));
  }

  private HttpResponse<String> resume(String who, String reason) throws Exception {
    return visitors.get(who).post("/venues/resume", Map.of("venue", VENUE, "reason", reason));
  }

  private CancelOutcome tried() throws Exception {
    OrderKey order = place(VENUE, ACCOUNT);
    return client.cancel(order).within(Duration.ofSeconds(5)).send().get(60, TimeUnit.SECONDS);
  }

  @Test
  void shouldPauseAVenueUntilItIsResumedWithWhoAndWhyOnRecord() throws Exception {
    // Given
    String why = "maintenance of ours " + UUID.randomUUID();
    String over = "over " + UUID.randomUUID();
    try {
      // When
      HttpResponse<String> answer = pause("olivia", why);
      // Then: the record, and the effect
      assertThat(answer.statusCode()).isEqualTo(303);
      assertThat(actions(why))
          .extracting(ConsoleAction::getState)
          .containsExactly(ConsoleActionState.ASKED, ConsoleActionState.DONE);
      ConsoleAction asked = actions(why).getFirst();
      assertThat(asked.getKind()).isEqualTo(ConsoleActionKind.PAUSE_VENUE);
      assertThat(asked.getBy()).isEqualTo("olivia");
      assertThat(asked.getAddress()).isEqualTo("127.0.0.1");
      assertThat(asked.getSubject()).isEqualTo(VENUE);
      assertThat(asked.getDetail()).isEqualTo("until it is resumed");
      CancelOutcome refused =
          Awaitility.await("paused")
              .atMost(PATIENCE)
              .until(this::tried, each -> each.getReason() == Reason.VENUE_UNAVAILABLE);
      assertThat(refused.getResult()).isEqualTo(CancelResult.REJECTED);
      assertThat(refused.getText()).contains(why);
      assertThat(await("/venues", why)).contains("told by <bdi>console:olivia</bdi>");
      assertThat(visitors.get("olivia").get("/venues").body()).contains("/venues/resume");
      // When
      assertThat(resume("olivia", over).statusCode()).isEqualTo(303);
      // Then
      assertThat(actions(over).getFirst().getKind()).isEqualTo(ConsoleActionKind.RESUME_VENUE);
      Awaitility.await("resumed")
          .atMost(PATIENCE)
          .until(this::tried, each -> each.getResult() == CancelResult.CANCELED);
      await("/venues", page -> !page.contains(why));
      String page = await("/actions", over);
      assertThat(page).contains("<bdi>olivia</bdi>", "127.0.0.1", why, "PAUSE_VENUE", ">DONE<");
    } finally {
      resume("olivia", "test");
    }
  }

  @Test
  void shouldRefuseEachWhoHasNotTheRole() throws Exception {
    for (String who : List.of("victor", "kim", "audrey")) {
      // When
      String why = who + " " + UUID.randomUUID();
      List<HttpResponse<String>> answers = List.of(pause(who, why), resume(who, why));
      // Then
      assertThat(answers)
          .allSatisfy(each -> assertThat(each.statusCode()).as(who).isEqualTo(403))
          .allSatisfy(each -> assertThat(each.body()).contains("for the role operator"));
      assertThat(actions(why)).as(who).isEmpty();
      assertThat(visitors.get(who).get("/venues").body()).doesNotContain("/venues/pause");
    }
    for (String who : List.of("olivia", "kim", "victor")) {
      assertThat(visitors.get(who).get("/actions").statusCode()).as(who).isEqualTo(403);
      assertThat(visitors.get(who).get("/").body()).doesNotContain("/actions");
    }
    assertThat(get("/").body()).contains("href=\"/actions\"");
  }

  @Test
  void shouldDoNothingThatMakesNoSense() throws Exception {
    String why = UUID.randomUUID().toString();
    for (Map<String, String> form :
        List.of(
            Map.of("venue", "nowhere", "until", "1h", "reason", why),
            Map.of("venue", VENUE, "until", "1h"),
            Map.of("venue", VENUE, "until", "1h", "reason", " "),
            Map.of("venue", VENUE, "until", "1h", "reason", why + "x".repeat(500)),
            Map.of("venue", VENUE, "until", "forever", "reason", why),
            Map.of("until", "1h", "reason", why))) {
      // When
      HttpResponse<String> answer = visitors.get("olivia").post("/venues/pause", form);
      // Then
      assertThat(answer.statusCode()).as(form.toString()).isEqualTo(400);
      assertThat(answer.body()).contains("nothing was done");
    }
    assertThat(actions(why)).isEmpty();
  }

  @Test
  void shouldShowReasonsAndRecordsAsText() throws Exception {
    try {
      // When: as reasons
      for (String text : TEXTS.subList(0, 40)) {
        assertThat(resume("olivia", text).statusCode()).isIn(303, 400);
      }
      String last = UUID.randomUUID().toString();
      assertThat(pause("olivia", last + TEXTS.getFirst()).statusCode()).isEqualTo(303);
      // Then
      MarkupCheck.check("venues", await("/venues", last));
      MarkupCheck.check("form", visitors.get("olivia").get("/venues").body());
      MarkupCheck.check("actions", await("/actions", last));
    } finally {
      resume("olivia", "test");
    }
    for (int from = 0; from < TEXTS.size(); from += BATCH) {
      // When: in every field of records that somebody else wrote
      for (String text : TEXTS.subList(from, from + BATCH)) {
        publish(Topics.CONSOLE_ACTIONS, record(text + UUID.randomUUID(), text));
      }
      String end = UUID.randomUUID().toString();
      publish(Topics.CONSOLE_ACTIONS, record(end, end));
      // Then
      String page = await("/actions", end);
      MarkupCheck.check("actions", page);
      for (String text : TEXTS.subList(from, from + BATCH)) {
        assertThat(HostileTest.text(page))
            .contains(DisplayText.cell(text), DisplayText.words(text));
      }
    }
  }

  private static ConsoleAction record(String id, String text) {
    return new ConsoleAction(
        id,
        ConsoleActionKind.PAUSE_VENUE,
        ConsoleActionState.ASKED,
        text,
        text,
        text,
        text,
        text,
        Instant.now());
  }

  @Test
  void shouldKeepFormsOfOthersOutOfReadOnlyPages() throws Exception {
    // When
    Map<String, String> all = new LinkedHashMap<>();
    for (String path : List.of("/cancels", "/venues", "/kill", "/actions", "/mass-cancels")) {
      all.put(path, get(path).body());
    }
    // Then
    all.forEach((path, page) -> MarkupCheck.check(path, page));
    assertThat(all.values()).allSatisfy(page -> assertThat(page).contains("audrey"));
  }
}
