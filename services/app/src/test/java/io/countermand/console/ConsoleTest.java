package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.client.OrderEventPublisher;
import io.countermand.events.CancelResult;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderKey;
import io.countermand.kafka.client.MassCancels;
import io.countermand.platform.Topics;
import io.countermand.simulator.fault.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** What people find in the console of the real pipeline, and what nobody can do with it. */
class ConsoleTest extends ConsoleScenario {

  private static final String MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
  private static final String TURNED = "\u202Ednuora denrut";

  ConsoleTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Test
  void shouldTellWhyACancelWasRejected() throws Exception {
    // Given
    OrderKey order = place();
    assertThat(cancel(order, "first").getResult()).isEqualTo(CancelResult.CANCELED);
    await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<"); // so the desk knows, too
    // When
    assertThat(cancel(order, "second").getResult()).isEqualTo(CancelResult.REJECTED);
    // Then
    await(
        "/cancels?result=REJECTED&q=" + order.orderId(),
        page(order, "second").replace("&", "&amp;"));
    String page = await(page(order, "second"), timeLine("decided: refused", "outcome: REJECTED"));
    assertThat(page)
        .contains("The order had been cancelled before, not by this cancel.")
        .contains("ORDER_CANCELED")
        .containsPattern("cancel-intents-[0-9]+@[0-9]+")
        .containsPattern("cancel-progress-[0-9]+@[0-9]+")
        .containsPattern("cancel-outcomes-[0-9]+@[0-9]+");
    await(page(order, "first"), timeLine("call 1 answered", "outcome: CANCELED"));
    assertThat(await("/order?key=" + DisplayText.encoded(order.key()), ">CANCELED<"))
        .contains(">first<", ">second<");
    assertThat(await("/orders?q=" + order.orderId(), order.orderId())).contains("CANCELED");
  }

  @Test
  void shouldTellWhatBecameOfAnUnresolvedCancel() throws Exception {
    // Given: an order that the venue's book does not have, so that no feed tells of it
    OrderKey order = order();
    assertThat(unresolved(order, "doubt").getResult()).isEqualTo(CancelResult.UNRESOLVED);
    String link = page(order, "doubt").replace("&", "&amp;");
    assertThat(beforeSettled(await("/unresolved", link)))
        .contains(link)
        .contains("cancels that are kept here, the oldest of <time");
    assertThat(await(page(order, "doubt"), "What to check:"))
        .contains("Look up order " + order.orderId());
    // When
    try (var feed = OrderEventPublisher.open(connection, "oms:test")) {
      feed.event(order).status(OrdStatus.FILLED).publish().get(60, TimeUnit.SECONDS);
    }
    // Then
    String page = await(page(order, "doubt"), "Learned later:");
    assertThat(page)
        .contains("RESOLVED", "FILLED", "It was learned later.")
        .doesNotContain("What to check:");
    assertThat(beforeSettled(get("/unresolved").body())).doesNotContain(link);
  }

  private static String beforeSettled(String page) {
    return page.substring(0, page.indexOf("Known since"));
  }

  @Test
  void shouldShowHostileTextAsText() throws Exception {
    // Given
    String order = MARKUP + UUID.randomUUID();
    String id = MARKUP + TURNED;
    OrderKey unknown = OrderKey.of(MARKUP + TURNED, MARKUP, order);
    String reason = MARKUP + "y".repeat(60_000);
    client.cancel(unknown).id(id).because(reason).send().get(60, TimeUnit.SECONDS);
    OrderKey said = place();
    fail(said, new Fault.Say(false, 400, "text/plain", MARKUP + TURNED));
    client
        .cancel(said)
        .id("venue-words")
        .within(Duration.ofSeconds(10))
        .send()
        .get(60, TimeUnit.SECONDS);
    // When
    List<String> pages =
        List.of(
            await(page(unknown, id), timeLine("outcome: REJECTED")),
            await(page(said, "venue-words"), "call 1 answered"),
            await("/cancels?q=" + DisplayText.encoded(MARKUP), "UNKNOWN_VENUE"),
            get("/orders?q=" + DisplayText.encoded(MARKUP)).body(),
            get("/cancel?order=" + DisplayText.encoded(MARKUP) + "&id=x").body(),
            get("/dead-letters?topic=" + DisplayText.encoded(MARKUP)).body(),
            await("/?window=" + DisplayText.encoded(MARKUP), "script&gt;"));
    // Then
    assertThat(pages)
        .allSatisfy(
            page ->
                assertThat(page)
                    .doesNotContain("<script>", "<img", TURNED)
                    .doesNotContainPattern("<[^>]*\\son[a-z]+="));
    assertThat(pages.getFirst()).contains("y".repeat(1_000)).contains("\\u202E");
    assertThat(pages.get(1)).contains("onerror=alert(2)&gt;");
  }

  @Test
  void shouldShowDeadLettersAsFarAsTheyCanBeRead() throws Exception {
    // Given
    String text = MARKUP + TURNED + "z".repeat(70_000);
    RecordMetadata at = publish(text.getBytes(StandardCharsets.UTF_8));
    String source = Topics.INTENTS + "-" + at.partition() + "@" + at.offset();
    // When
    String list = await("/dead-letters?topic=" + Topics.INTENTS, source);
    // Then
    String page = get(letterLink(list, source)).body();
    assertThat(page)
        .contains("NOT_AVRO", source, "script&gt;", "\\u202E", "zzzzzzzzzz")
        .contains("of its 70,")
        .doesNotContain("<script>alert", TURNED);
  }

  @Test
  void shouldTellOutcomesAsTheyCome() throws Exception {
    // Given
    OrderKey order = place();
    OrderKey other = place();
    HttpRequest request =
        HttpRequest.newBuilder(address("/cancels/live?q=" + order.orderId())).build();
    var response = http.send(request, BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      // When
      cancel(other, "unwanted");
      cancel(order, "wanted");
      // Then
      var event = new StringBuilder();
      for (String line = lines.readLine(); !event.toString().contains("</tr>"); ) {
        event.append(line).append('\n');
        line = lines.readLine();
      }
      assertThat(event.toString())
          .contains("data: <tr", ">wanted<", "CANCELED")
          .doesNotContain("unwanted");
    }
  }

  @Test
  void shouldLeaveNothingOutBetweenAPageAndItsTail() throws Exception {
    // Given
    OrderKey order = place();
    String page = get("/cancels?q=" + order.orderId()).body();
    String live = page.split("hx-sse:connect=\"")[1].split("\"")[0].replace("&amp;", "&");
    // When: an outcome comes after the page was written, before its tail is asked for
    cancel(order, "between");
    await(page(order, "between"), "outcome: CANCELED");
    // Then
    var response =
        http.send(HttpRequest.newBuilder(address(live)).build(), BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      lines.readLine();
      assertThat(lines.readLine()).contains("<tr", ">between<");
    }
  }

  @Test
  void shouldShowWhatGoesOn() throws Exception {
    // When
    cancel(place(), "now");
    // Then
    assertThat(await("/?window=1h", ">crosstrade<"))
        .contains(
            "Cancels per second", "Oldest open", "Unresolved", "Late", "to venue p50", "<rect");
    assertThat(get("/mass-cancels").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellOfAKillSwitchFromItsFirstCancelToItsRelease() throws Exception {
    // Given
    String account = "Console" + UUID.randomUUID();
    try (var masses = new MassCancels(stack.connection())) {
      // When
      String id = fire(masses, account);
      try {
        // Then
        String report = "href=\"/mass-cancel?id=" + id + "\"";
        assertThat(await("/kill", report)).contains("account " + account, ">alice<");
        assertThat(get("/cancels").body()).contains("Kill switch ON", "rogue algorithm");
        // When: an order opens
        OrderKey order = place(VENUE, account);
        // Then
        await("/cancels?result=CANCELED&q=" + id, order.orderId());
        // When
      } finally {
        release(masses, id);
      }
      // Then
      assertThat(await("/kill", "released by</dt><dd><bdi>bob</bdi>")).contains(">mended<");
      await("/kill", page -> !page.contains("class=\"banner\""));
    }
  }

  @Test
  void shouldTellHowAVenueStands() throws Exception {
    // When
    OrderKey order = place();
    cancel(order, "venue");
    // Then
    assertThat(await("/venues", DisplayText.encoded(order.orderId()) + "&amp;id=venue"))
        .contains("<bdi>" + VENUE + "</bdi></h2>", " ago, <time");
  }

  @Test
  void shouldLetNothingInAndNothingElseRun() throws Exception {
    for (String path :
        List.of(
            "/",
            "/cancels",
            "/orders",
            "/unresolved",
            "/dead-letters",
            "/mass-cancels",
            "/kill",
            "/switches",
            "/venues",
            "/none")) {
      var response = get(path);
      assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.body())
          .doesNotContainPattern("<style|style=|<script>|https?://(?!www\\.w3\\.org)");
    }
    assertThat(get("/cancel?order=a&id=b").statusCode()).isEqualTo(404);
    assertThat(get("/cancel").statusCode()).isEqualTo(400);
    assertThat(get("/dead-letter?partition=x&offset=1").statusCode()).isEqualTo(400);
    var post = HttpRequest.newBuilder(address("/cancels")).POST(BodyPublishers.noBody()).build();
    assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    assertThat(status("elsewhere.example")).contains(" 403 ");
    assertThat(status("127.0.0.1.elsewhere.example:80")).contains(" 403 ");
    assertThat(status("localhost:" + console.port())).contains(" 200 ");
  }

  /** The first line that answers a browser which was told that name for this machine. */
  private String status(String host) throws IOException {
    try (var socket = new Socket("127.0.0.1", console.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }
}
