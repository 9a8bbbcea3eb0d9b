package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.console.actions.Actions;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.OrderKey;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mass cancels that take effect only by a second person's word. */
@Tag("long")
class SecondPersonTest extends ActingScenario {

  SecondPersonTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Override
  Actions actions() {
    return act(TWO_PEOPLE);
  }

  private static String account() {
    return "Two" + UUID.randomUUID().toString().substring(0, 8);
  }

  @Test
  void shouldCancelNothingBeforeAnotherKillerConfirmsAndNameBoth() throws Exception {
    // Given
    String account = account();
    String other = account();
    String why = "two " + UUID.randomUUID();
    OrderKey order = place(VENUE, account);
    OrderKey spared = place(VENUE, other);
    String id = propose(account, 1, why);
    var boss = signedIn("boss");
    var kimAgain = signedIn("kim");
    // When: the same person, in another browser, too; no killer; the wrong word
    String agreed = "agreed " + UUID.randomUUID();
    Map<String, String> form = Map.of("id", id, "word", "kill 1", "reason", agreed);
    HttpResponse<String> same = visitors.get("kim").post("/kill/second", form);
    HttpResponse<String> none = visitors.get("olivia").post("/kill/second", form);
    HttpResponse<String> others =
        visitors.get("olivia").post("/kill/withdraw", Map.of("id", id, "reason", "x"));
    HttpResponse<String> wrong = boss.post("/kill/second", Map.of("id", id, "word", "kill 2"));
    // Then
    assertThat(same.statusCode()).isEqualTo(403);
    assertThat(same.body()).contains("another person must confirm it");
    assertThat(none.statusCode()).isEqualTo(403);
    assertThat(others.statusCode()).isEqualTo(403);
    assertThat(kimAgain.post("/kill/second", form).statusCode()).isEqualTo(403);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(visitors.get("kim").get("/kill").body()).doesNotContain("/kill/second");
    assertThat(actions(why))
        .extracting(ConsoleAction::getKind)
        .contains(ConsoleActionKind.PROPOSE_MASS_CANCEL)
        .doesNotContain(ConsoleActionKind.MASS_CANCEL);
    // When: another, who sends a scope along
    Map<String, String> forged = new HashMap<>(form);
    forged.put("all", "1");
    forged.put("account", other);
    HttpResponse<String> answer = boss.post("/kill/second", forged);
    // Then: what was proposed, and nothing else
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    String report = answer.headers().firstValue("Location").orElseThrow();
    String page = await(report, each -> each.contains("each has its outcome"));
    assertThat(page).contains("1 cancelled", "console:kim and console:boss", why);
    await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<");
    await("/order?key=" + DisplayText.encoded(spared.key()), ">NEW<");
    List<ConsoleAction> fired =
        actions(agreed).stream()
            .filter(each -> each.getKind() == ConsoleActionKind.MASS_CANCEL)
            .toList();
    assertThat(fired).hasSize(2).allMatch(each -> each.getBy().equals("boss"));
    assertThat(fired.getFirst().getDetail()).isEqualTo("proposed by kim");
    assertThat(fired.getFirst().getSubject()).contains(account).doesNotContain(other);
    // When: once more
    assertThat(boss.post("/kill/second", form).statusCode()).isEqualTo(400);
  }

  @Test
  void shouldCancelNothingThatWasWithdrawn() throws Exception {
    // Given
    String account = account();
    String why = "two " + UUID.randomUUID();
    String over = "not needed " + UUID.randomUUID();
    OrderKey order = place(VENUE, account);
    String id = propose(account, 1, why);
    var boss = signedIn("boss");
    MarkupCheck.check("kill", boss.get("/kill").body());
    // When
    HttpResponse<String> answer =
        visitors.get("kim").post("/kill/withdraw", Map.of("id", id, "reason", over));
    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(boss.post("/kill/second", Map.of("id", id, "word", "kill 1")).statusCode())
        .isEqualTo(400);
    assertThat(actions(over))
        .extracting(ConsoleAction::getKind)
        .containsOnly(ConsoleActionKind.WITHDRAW_PROPOSAL);
    assertThat(actions(why))
        .extracting(ConsoleAction::getKind)
        .doesNotContain(ConsoleActionKind.MASS_CANCEL);
    await("/order?key=" + DisplayText.encoded(order.key()), ">NEW<");
  }
}
