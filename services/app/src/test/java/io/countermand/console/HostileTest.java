package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.console.kept.AnsweredIds;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.DeadLetter;
import io.countermand.events.OrderKey;
import io.countermand.events.Requester;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people see of texts that are meant to do them harm: these texts. */
@Tag("long")
class HostileTest extends ConsoleScenario {

  private static final List<String> TEXTS = HostileTexts.all();

  private final String run = UUID.randomUUID().toString();
  private final Instant start = Instant.now();

  HostileTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  static CancelIntent intent(String cancelId, String venue, String account, String orderId) {
    var intent = new CancelIntent();
    intent.setCancelId(cancelId);
    intent.setVenue(venue);
    intent.setAccount(account);
    intent.setOrderId(orderId);
    intent.setAttributes(Map.of());
    intent.setCreatedAt(Instant.now());
    return intent;
  }

  private RecordMetadata publish(EventSerdes serdes, CancelIntent intent) throws Exception {
    OrderKey order = OrderKey.of(intent.getVenue(), intent.getAccount(), intent.getOrderId());
    return publish(
        order.bytes(), serdes.serializer(CancelIntent.class).serialize(Topics.INTENTS, intent));
  }

  @Test
  void shouldShowReasonsAndPartsOfOrdersAsText() throws Exception {
    // Given
    List<CancelIntent> intents = new ArrayList<>();
    try (var serdes = new EventSerdes(connection.registryUrl(), connection.registry())) {
      for (int i = 0; i < TEXTS.size(); i++) {
        String text = TEXTS.get(i);
        String some = text.length() < 1_000 ? text : TEXTS.get(i / 8 * 8);
        CancelIntent intent = intent(run + "-" + i, "x" + some, "x" + some, "x" + text);
        var requester = new Requester();
        requester.setReason(text);
        requester.setTrader(some);
        intent.setRequester(requester);
        intents.add(intent);
        publish(serdes, intent);
      }
    }
    // When
    for (CancelIntent intent : intents) {
      String link = DisplayText.cancel(AnsweredIds.as(intent).key(), intent.getCancelId());
      String page = await(link, timeLine("outcome: REJECTED"));
      // Then
      MarkupCheck.check(intent.getCancelId(), page);
      assertThat(text(page)).contains(DisplayText.text(intent.getRequester().getReason()));
    }
    MarkupCheck.check("the list", get("/cancels?q=" + run).body());
    assertThat(get("/cancels?result=OPEN&q=" + run).body()).contains(">None.<");
    MarkupCheck.check("orders", get("/orders").body());
  }

  @Test
  void shouldShowCancelIdsAsTextWhetherTheyCanBeAnsweredOrNot() throws Exception {
    // Given
    Map<String, String> refused = new HashMap<>();
    List<CancelIntent> answered = new ArrayList<>();
    try (var serdes = new EventSerdes(connection.registryUrl(), connection.registry())) {
      for (String text : TEXTS) {
        CancelIntent intent = intent(text, "none-such", run, "order");
        RecordMetadata at = publish(serdes, intent);
        if (AnsweredIds.can(text)) {
          answered.add(intent);
        } else {
          refused.put(Topics.INTENTS + "-" + at.partition() + "@" + at.offset(), text);
        }
      }
    }
    assertThat(answered).hasSizeGreaterThan(80);
    assertThat(refused).hasSizeGreaterThan(50);
    // When
    for (CancelIntent intent : answered) {
      String page =
          await(
              DisplayText.cancel(AnsweredIds.as(intent).key(), intent.getCancelId()),
              "outcome: REJECTED");
      // Then
      MarkupCheck.check(intent.getCancelId(), page);
      assertThat(text(page)).contains(DisplayText.text(intent.getCancelId()));
    }
    Map<String, String> letters = letters(refused);
    for (Map.Entry<String, String> each : letters.entrySet()) {
      MarkupCheck.check(each.getKey(), each.getValue());
      String id = refused.get(each.getKey());
      if (id.length() < 4_000) {
        assertThat(text(each.getValue())).contains("cancelId" + DisplayText.text(id));
      }
    }
    assertThat(get("/cancels?result=OPEN&account=" + run).body()).contains(">None.<");
    MarkupCheck.check("the list", get("/cancels?account=" + run).body());
  }

  @Test
  void shouldShowDeadLettersAsText() throws Exception {
    // Given
    Map<String, String> sent = new HashMap<>();
    for (String text : TEXTS) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      byte[] key = bytes.length < 1_000 ? bytes : new byte[] {'k'};
      RecordMetadata at = publish(key, bytes);
      sent.put(Topics.INTENTS + "-" + at.partition() + "@" + at.offset(), text);
    }
    // When
    Map<String, String> pages = letters(sent);
    // Then
    for (Map.Entry<String, String> each : pages.entrySet()) {
      MarkupCheck.check(each.getKey(), each.getValue());
      assertThat(text(each.getValue())).contains(DisplayText.text(sent.get(each.getKey())));
    }
    MarkupCheck.check("the list", get("/dead-letters").body());
  }

  /** The pages of these dead letters, by the source of each. */
  private Map<String, String> letters(Map<String, String> sources) throws Exception {
    Map<String, String> links = new HashMap<>();
    try (var letters =
        EventStream.of(connection, Topics.DEAD_LETTERS, DeadLetter.class).from(start).open()) {
      Awaitility.await("dead letters")
          .atMost(PATIENCE)
          .until(
              () -> {
                for (EventRecord<DeadLetter> each : letters.poll(Duration.ofMillis(100))) {
                  links.put(
                      Fields.place(each.value().getSource()),
                      "/dead-letter?partition=" + each.partition() + "&offset=" + each.offset());
                }
                return links.keySet().containsAll(sources.keySet());
              });
    }
    links.keySet().retainAll(sources.keySet());
    Map<String, String> pages = new HashMap<>();
    for (Map.Entry<String, String> each : links.entrySet()) {
      pages.put(each.getKey(), await(each.getValue(), each.getKey()));
    }
    return pages;
  }

  @Test
  void shouldShowWhatAVenueSaysAsText() throws Exception {
    // Given: what comes over a wire as one answer
    Map<OrderKey, String> said = new HashMap<>();
    List<CompletableFuture<CancelOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < TEXTS.size(); i += 8) {
      OrderKey order = place();
      said.put(order, TEXTS.get(i));
      fail(order, new Fault.Say(false, 400, "text/plain", TEXTS.get(i)));
      outcomes.add(client.cancel(order).id("said").within(Duration.ofSeconds(2)).send());
    }
    for (CompletableFuture<CancelOutcome> each : outcomes) {
      each.get(60, TimeUnit.SECONDS);
    }
    // When
    for (OrderKey order : said.keySet()) {
      String page = await(page(order, "said"), "outcome: ");
      // Then
      MarkupCheck.check(said.get(order), page);
    }
  }

  /** As a browser reads it. */
  static String text(String page) {
    return page.replaceAll("<[^>]*>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
