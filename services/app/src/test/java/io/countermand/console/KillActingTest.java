package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.ConsoleActionState;
import io.countermand.events.OrderKey;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mass cancels and kill switches from a console: counted, typed, and followed to the last order.
 */
@Tag("long")
class KillActingTest extends ActingScenario {

  KillActingTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  private static String account() {
    return "Kill" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** The address of the count. */
  private String count(String account, String why) throws Exception {
    HttpResponse<String> answer =
        visitors
            .get("kim")
            .post("/kill/count", Map.of("venue", VENUE, "account", account, "reason", why));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** As soon as so many are known to be open. */
  private String counted(String account, String why, int orders) {
    return Awaitility.await("counted")
        .atMost(PATIENCE)
        .until(
            () -> {
              String at = count(account, why);
              String page =
                  Awaitility.await("report")
                      .atMost(PATIENCE)
                      .until(
                          () -> visitors.get("kim").get(at).body(),
                          each -> each.contains("/kill/fire"));
              return page.contains("type <strong>kill " + orders + "</strong>") ? at : "";
            },
            each -> !each.isEmpty());
  }

  private HttpResponse<String> fire(String who, String count, String word, boolean keep)
      throws Exception {
    Map<String, String> form = new HashMap<>();
    form.put("id", count.substring(count.indexOf("id=") + 3));
    form.put("word", word);
    form.put("within", "60");
    if (keep) {
      form.put("keep", "1");
    }
    return visitors.get(who).post("/kill/fire", form);
  }

  @Test
  void shouldCancelWhatWasCountedOnceItsNumberIsTyped() throws Exception {
    // Given
    String account = account();
    String why = "end of day " + UUID.randomUUID();
    List<OrderKey> orders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      orders.add(place(VENUE, account));
    }
    String count = counted(account, why, 3);
    // When: another number, another person, no count at all
    HttpResponse<String> wrong = fire("kim", count, "kill 4", false);
    visitors.put("boss", signedIn("boss"));
    HttpResponse<String> anothers = fire("boss", count, "kill 3", false);
    HttpResponse<String> none = fire("kim", "id=count-" + UUID.randomUUID(), "kill 3", false);
    // Then
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("what you typed is not");
    assertThat(anothers.statusCode()).isEqualTo(400);
    assertThat(anothers.body()).contains("No count of yours");
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(actions(why))
        .extracting(ConsoleAction::getKind)
        .containsOnly(ConsoleActionKind.COUNT_SCOPE);
    // When
    HttpResponse<String> answer = fire("kim", count, "kill 3", false);
    // Then: its record, and each order to the last
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    String report = answer.headers().firstValue("Location").orElseThrow();
    String page = await(report, each -> each.contains("<div id=\"mass\">"));
    assertThat(page)
        .contains("DONE", "3 cancelled; each has its outcome", "console:kim", why)
        .doesNotContain("hx-get=\"/mass-cancel/part");
    for (OrderKey order : orders) {
      await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<");
    }
    List<ConsoleAction> fired =
        actions(why).stream()
            .filter(each -> each.getKind() == ConsoleActionKind.MASS_CANCEL)
            .toList();
    assertThat(fired)
        .extracting(ConsoleAction::getState)
        .containsExactly(ConsoleActionState.ASKED, ConsoleActionState.DONE);
    assertThat(fired.getFirst().getSubject()).contains(account);
    assertThat(report).endsWith("id=" + fired.getFirst().getActionId());
    // When: the same form once more
    HttpResponse<String> again = fire("kim", count, "kill 3", false);
    // Then: it is the same one, and nothing is said to have been asked for
    assertThat(again.headers().firstValue("Location")).contains(report.replace("asked=1&", ""));
    assertThat(actions(why)).hasSize(asked(why));
  }

  /** Two records of each count, and of one mass cancel. */
  private int asked(String why) {
    return 2
        + (int)
            actions(why).stream()
                .filter(each -> each.getKind() == ConsoleActionKind.COUNT_SCOPE)
                .count();
  }

  @Test
  void shouldReleaseAKillSwitchWithWhoAndWhyOnRecord() throws Exception {
    // Given
    String account = account();
    String why = "rogue " + UUID.randomUUID();
    String over = "mended " + UUID.randomUUID();
    String count = counted(account, why, 0);
    // When
    HttpResponse<String> answer = fire("kim", count, "kill 0", true);
    // Then
    assertThat(answer.statusCode()).isEqualTo(303);
    String report = answer.headers().firstValue("Location").orElseThrow();
    String id = report.substring(report.indexOf("id=") + 3);
    await("/kill", "href=\"/mass-cancel?id=" + id + "\"");
    try {
      OrderKey order = place(VENUE, account);
      await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<");
      for (String who : List.of("olivia", "victor", "audrey")) {
        assertThat(
                visitors
                    .get(who)
                    .post("/kill/release", Map.of("id", id, "reason", over))
                    .statusCode())
            .as(who)
            .isEqualTo(403);
      }
      MarkupCheck.check("kill", visitors.get("kim").get("/kill").body());
    } finally {
      // When
      HttpResponse<String> released =
          visitors.get("kim").post("/kill/release", Map.of("id", id, "reason", over));
      assertThat(released.statusCode()).as(released.body()).isEqualTo(303);
    }
    // Then
    assertThat(await("/kill", over)).contains("released by</dt><dd><bdi>console:kim</bdi>");
    assertThat(actions(over))
        .extracting(ConsoleAction::getKind)
        .containsExactly(ConsoleActionKind.RELEASE_SWITCH, ConsoleActionKind.RELEASE_SWITCH);
    counted(account, "read " + over, 0); // so each partition has read that it is off
    OrderKey spared = place(VENUE, account);
    await("/order?key=" + DisplayText.encoded(spared.key()), ">NEW<");
    HttpResponse<String> twice =
        visitors.get("kim").post("/kill/release", Map.of("id", id, "reason", over));
    assertThat(twice.statusCode()).isEqualTo(400);
    // When: the form that fired it once more, and without the tick
    HttpResponse<String> again = fire("kim", count, "kill 0", true);
    HttpResponse<String> other = fire("kim", count, "kill 0", false);
    // Then: nobody is told that it is on, and the other is another one
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("was confirmed before");
    assertThat(other.statusCode()).isEqualTo(303);
    assertThat(other.headers().firstValue("Location").orElseThrow()).doesNotContain("-keep");
  }

  @Test
  void shouldRefuseEachWhoHasNotTheRoleAndScopesThatMakeNoSense() throws Exception {
    String why = UUID.randomUUID().toString();
    for (String who : List.of("olivia", "victor", "audrey")) {
      var visitor = visitors.get(who);
      var form = Map.of("venue", VENUE, "account", account(), "reason", why);
      assertThat(visitor.get("/kill/build").statusCode()).as(who).isEqualTo(403);
      assertThat(visitor.get("/kill/confirm?id=a").statusCode()).as(who).isEqualTo(403);
      assertThat(visitor.post("/kill/count", form).statusCode()).as(who).isEqualTo(403);
      assertThat(visitor.post("/kill/fire", Map.of("id", "a")).statusCode()).as(who).isEqualTo(403);
      assertThat(visitor.get("/kill").body()).doesNotContain("/kill/build");
    }
    var kim = visitors.get("kim");
    for (Map<String, String> form :
        List.of(
            Map.of("reason", why),
            Map.of("all", "1", "venue", VENUE, "reason", why),
            Map.of("venue", VENUE),
            Map.of("venue", VENUE, "side", "BOTH", "reason", why))) {
      HttpResponse<String> answer = kim.post("/kill/count", form);
      assertThat(answer.statusCode()).as(form.toString()).isEqualTo(400);
      assertThat(answer.body()).contains("nothing was done");
    }
    assertThat(actions(why)).isEmpty();
    MarkupCheck.check("build", kim.get("/kill/build").body());
  }

  @Test
  void shouldShowHostileScopesAndReasonsAsText() throws Exception {
    List<String> texts =
        HostileTexts.all().stream().filter(each -> each.length() <= 120).limit(40).toList();
    int asked = 0;
    for (String text : texts) {
      // When
      HttpResponse<String> answer =
          visitors
              .get("kim")
              .post("/kill/count", Map.of("account", "x" + text, "trader", text, "reason", text));
      // Then
      if (answer.statusCode() == 303) {
        asked++;
        if (asked % 10 == 1) {
          String at = answer.headers().firstValue("Location").orElseThrow();
          String page =
              Awaitility.await("counted")
                  .atMost(PATIENCE)
                  .until(
                      () -> visitors.get("kim").get(at).body(),
                      each -> each.contains("<div id=\"count\">"));
          MarkupCheck.check("count", page);
        }
      } else {
        assertThat(answer.statusCode()).isEqualTo(400);
        MarkupCheck.check("refused", answer.body());
      }
    }
    assertThat(asked).isGreaterThan(20);
    MarkupCheck.check("actions", get("/actions").body());
  }
}
