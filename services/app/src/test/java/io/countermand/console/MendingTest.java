package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.CancelResult;
import io.countermand.events.ConsoleAction;
import io.countermand.events.ConsoleActionKind;
import io.countermand.events.OrderKey;
import io.countermand.platform.Topics;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dead letters sent once more, and notes on cancels that nobody could resolve. */
@Tag("long")
class MendingTest extends ActingScenario {

  MendingTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  /** The place of the dead letter of a record that cannot be read. */
  private String letter(String text) throws Exception {
    RecordMetadata at = publish(text.getBytes(StandardCharsets.UTF_8));
    String source = at.topic() + "-" + at.partition() + "@" + at.offset();
    String link = letterLink(await("/dead-letters", source), source);
    return "dead-letters-" + link.replaceAll(".*partition=([0-9]+)&offset=([0-9]+)", "$1@$2");
  }

  @Test
  void shouldSendADeadLetterOnceMoreWithWhoAndWhyInItsHeaders() throws Exception {
    // Given
    String text = "not a record " + UUID.randomUUID();
    String why = "mended " + UUID.randomUUID();
    String place = letter(text);
    // When
    HttpResponse<String> answer =
        visitors.get("olivia").post("/dead-letters/requeue", Map.of("place", place, "reason", why));
    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    assertThat(actions(why))
        .extracting(ConsoleAction::getKind)
        .containsExactly(
            ConsoleActionKind.REDRIVE_DEAD_LETTER, ConsoleActionKind.REDRIVE_DEAD_LETTER);
    assertThat(actions(why).getFirst().getSubject()).isEqualTo(place);
    var again =
        records(Topics.INTENTS).stream()
            .filter(each -> place.equals(header(each, "countermand-requeued-from")))
            .toList();
    assertThat(again).hasSize(1);
    assertThat(new String(again.getFirst().value(), StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(header(again.getFirst(), "countermand-requeued-by")).isEqualTo("console:olivia");
    assertThat(header(again.getFirst(), "countermand-requeued-why")).isEqualTo(why);
    // Then: it comes back, as nothing was mended
    await(
        "/dead-letters",
        Topics.INTENTS + "-" + again.getFirst().partition() + "@" + again.getFirst().offset());
    for (String who : List.of("victor", "kim", "audrey")) {
      assertThat(
              visitors
                  .get(who)
                  .post("/dead-letters/requeue", Map.of("place", place, "reason", "x" + why))
                  .statusCode())
          .as(who)
          .isEqualTo(403);
    }
    for (String wrong : List.of("dead-letters-0@999999999", "cancel-intents-0@0", "x")) {
      assertThat(
              visitors
                  .get("olivia")
                  .post("/dead-letters/requeue", Map.of("place", wrong, "reason", "x" + why))
                  .statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
    assertThat(actions("x" + why)).isEmpty();
    MarkupCheck.check("letters", visitors.get("olivia").get("/dead-letters").body());
  }

  @Test
  void shouldSendSeveralThatAreTickedAndNoneIfOneIsNotKnown() throws Exception {
    // Given
    String why = UUID.randomUUID().toString();
    String first = letter("first " + why);
    String second = letter("second " + why);
    ConsoleVisitor olivia = visitors.get("olivia");
    String form =
        "csrf=" + olivia.token("/") + "&reason=" + why + "&place=" + first + "&place=" + second;
    Map<String, String> headers = Map.of("Origin", olivia.origin());
    // When
    var none =
        olivia.post("/dead-letters/requeue", form + "&place=dead-letters-0@987654321", headers);
    // Then
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(actions(why)).isEmpty();
    // When
    var both = olivia.post("/dead-letters/requeue", form, headers);
    // Then
    assertThat(both.headers().firstValue("Location")).contains("/dead-letters?sent=2");
    assertThat(actions(why))
        .extracting(ConsoleAction::getSubject)
        .containsExactly(first, first, second, second);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header found = record.headers().lastHeader(name);
    return found == null ? "" : new String(found.value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldShowWhoCheckedACancelThatNobodyCouldResolve() throws Exception {
    // Given
    OrderKey order = order();
    assertThat(unresolved(order, "doubt").getResult()).isEqualTo(CancelResult.UNRESOLVED);
    await("/unresolved", page(order, "doubt").replace("&", "&amp;"));
    String note = "<b>open at the venue, cancelled by phone " + UUID.randomUUID();
    // When
    HttpResponse<String> answer =
        visitors
            .get("olivia")
            .post("/unresolved/check", Map.of("order", order.key(), "id", "doubt", "note", note));
    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    String page = await("/unresolved", note.substring(3));
    assertThat(page).contains("<strong>Checked</strong> by <bdi>olivia</bdi> at <time");
    MarkupCheck.check("unresolved", visitors.get("olivia").get("/unresolved").body());
    assertThat(actions(note).getFirst().getDetail()).isEqualTo("doubt");
    for (String who : List.of("victor", "kim", "audrey")) {
      assertThat(
              visitors
                  .get(who)
                  .post(
                      "/unresolved/check",
                      Map.of("order", order.key(), "id", "doubt", "note", "x" + note))
                  .statusCode())
          .as(who)
          .isEqualTo(403);
    }
    assertThat(
            visitors
                .get("olivia")
                .post(
                    "/unresolved/check",
                    Map.of("order", order.key(), "id", "none", "note", "x" + note))
                .statusCode())
        .isEqualTo(400);
    assertThat(actions("x" + note)).isEmpty();
  }
}
