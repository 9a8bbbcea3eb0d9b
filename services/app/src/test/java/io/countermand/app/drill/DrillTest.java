package io.countermand.app.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.app.drill.DrillReport.Finding;
import io.countermand.app.drill.DrillReport.Kind;
import io.countermand.domain.Outcome;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.FaultRule;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.request.CallKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stack of its own: a drill cancels all that is open. What is planted must be named. */
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrillTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ORDERS = 60;
  private static final Map<String, String> VENUES = venues();

  private Path data;
  private DrillStack stack;
  private DrillBooks books;
  private List<ObjectNode> journal;

  @BeforeAll
  void drill(@TempDir Path directory) throws Exception {
    data = directory;
    DrillPlan plan = plan(7, MassScope.ALL, 0, "lost-answers=20%");
    stack = DrillStack.start(plan, data.resolve("stack"), "2ms", line -> {});
    books = run(plan);
    journal = lines(data.resolve("stack").resolve("simulator.jsonl"));
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  private static Map<String, String> venues() {
    Map<String, String> venues = new LinkedHashMap<>();
    venues.put("cadenza", "cadenza");
    venues.put("crosstrade", "crosstrade");
    return venues;
  }

  private static DrillPlan plan(long seed, MassScope scope, double newOrders, String... faults) {
    return new DrillPlan(
        ORDERS,
        VENUES,
        scope,
        true,
        FaultPlan.parse(List.of(faults), VENUES.keySet()),
        seed,
        newOrders,
        Duration.ofSeconds(60),
        "c.ompliance",
        "drill of the <month> | all",
        false);
  }

  private DrillBooks run(DrillPlan plan) throws InterruptedException {
    return Drill.run(plan, stack, line -> {}, line -> {});
  }

  @Test
  void shouldReportWhatTheVenuesJournalShowsWhenItIsCountedAnew() throws Exception {
    // When
    JsonNode report = JSON.readTree(books.compare().json());
    // Then
    assertThat(report.path("exitCode").intValue()).as(report.toPrettyString()).isZero();
    assertThat(report.path("flat").booleanValue()).isTrue();
    Set<String> over = new HashSet<>();
    Set<String> orders = new HashSet<>();
    for (ObjectNode line : journal) {
      if (line.path("entry").asText().equals("changed")) {
        String key = key(line.path("order"));
        orders.add(key);
        if (line.path("order").path("status").asText().equals("CANCELED")) {
          over.add(key);
        }
      }
    }
    long lost =
        journal.stream()
            .filter(l -> l.path("entry").asText().equals("answered"))
            .filter(l -> Set.of("reset", "no-answer").contains(l.path("fault").asText()))
            .count();
    assertThat(orders).hasSize(ORDERS).isEqualTo(over);
    assertThat(lost).as("else nothing was tried").isPositive();
    assertThat(sum(report.path("faultsMet"))).isEqualTo(lost);
    for (JsonNode venue : report.path("venues")) {
      String name = venue.path("venue").asText();
      long calls = count(name, "CANCEL");
      assertThat(venue.path("inScope").intValue()).as(name).isEqualTo(ORDERS / 2);
      assertThat(venue.path("calls").longValue()).as(name).isEqualTo(calls);
      assertThat(venue.path("repeatedCalls").longValue()).as(name).isEqualTo(calls - ORDERS / 2);
      assertThat(venue.path("statusCalls").longValue()).as(name).isEqualTo(count(name, "STATUS"));
      assertThat(venue.path("survivors").intValue()).as(name).isZero();
      assertThat(parts(venue)).as(name).isEqualTo(ORDERS / 2);
    }
    assertThat(report.path("total").path("calls").intValue()).isGreaterThanOrEqualTo(ORDERS);
    assertThat(report.path("massReport").path("total").intValue()).isEqualTo(ORDERS);
    JsonNode times = report.path("times");
    assertThat(times.path("firstCall").doubleValue())
        .isLessThanOrEqualTo(times.path("lastFirstCall").doubleValue());
    assertThat(times.path("lastFirstCall").doubleValue())
        .isLessThanOrEqualTo(times.path("lastOrderOver").doubleValue());
    assertThat(times.path("lastOrderOver").doubleValue())
        .isLessThanOrEqualTo(times.path("lastReport").doubleValue());
  }

  @Test
  void shouldNameAnOrderThatTheVenueKeepsOpenThoughItSaysCancelled() throws Exception {
    // Given: the venue's own words for a cancelled order, which do nothing to this one
    DrillPlan plan = plan(8, MassScope.ALL, 0);
    OrderRef kept = new DrillOrders(8, VENUES).next(1).getFirst().ref();
    assertThat(kept.venue()).isEqualTo("cadenza");
    String words =
        """
        {"data":{"tradeOrderId":"%s","tradingAccountId":"%s","status":"CANCELLED",
        "quantity":"10","executedQuantity":"0"},"success":true,"errno":0,"error":null}
        """
            .formatted(kept.orderId(), kept.account());
    FaultRule lie =
        FaultRule.next("cadenza", 1, new Fault.Say(false, 200, "application/json", words))
            .forOrder(kept.orderId())
            .on(CallKind.CANCEL);
    stack.local().simulator().faults().add(lie);
    // When
    DrillReport report = run(plan).compare();
    // Then
    assertThat(report.exitCode()).as(report.json()).isEqualTo(5);
    assertThat(report.flat()).isFalse();
    assertThat(report.orders())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.SURVIVOR);
              assertThat(one.order()).isEqualTo(kept.key());
              assertThat(one.outcome()).startsWith("CANCELED");
            });
    assertThat(report.massReport().canceled()).as("what the pipeline believed").isEqualTo(ORDERS);
    assertThat(report.total().survivors()).isOne();
    assertThat(report.verdict()).startsWith("NOT FLAT: 1 order is open");
    assertThat(ReportFile.html(report)).contains(kept.key());
    assertThat(ReportFile.markdown(report)).contains(kept.key());
  }

  @Test
  void shouldLeaveAloneWhatTheScopeDoesNotMean() throws Exception {
    // Given
    DrillPlan plan = plan(9, MassScope.of(null, "Sim102"), 500, "slow=20ms", "fills=10%");
    // When
    DrillBooks scoped = run(plan);
    DrillReport report = scoped.compare();
    // Then
    assertThat(report.exitCode()).as(report.json()).isZero();
    assertThat(report.total().inScope())
        .isEqualTo((int) plan.meant() + report.newOrders().inScope())
        .isPositive()
        .isLessThan(ORDERS + report.newOrders().placed());
    assertThat(report.newOrders().placed()).isPositive();
    List<NewOrder> all = Stream.concat(scoped.placed().stream(), scoped.late().stream()).toList();
    assertThat(all)
        .filteredOn(order -> !order.ref().account().equals("Sim102"))
        .isNotEmpty()
        .allMatch(order -> calls(order) == 0);
    // They are open, and none of another drill's business.
    all.forEach(order -> stack.local().simulator().book().cancel(order.ref()));
  }

  @Test
  void shouldNameACallThatCameTwiceWithoutCause() throws Exception {
    // Given: an answered cancel that comes once more
    ObjectNode asked = good();
    List<ObjectNode> more = new ArrayList<>(journal);
    again(asked, more);
    // When
    DrillReport report = books.with(journal(more)).compare();
    // Then
    only(report, Kind.DOUBLED_CALL, key(asked));
    assertThat(report.total().doubledCalls()).isOne();
    assertThat(report.exitCode()).isEqualTo(4);
    assertThat(report.verdict()).contains("1 cancelled twice without cause");
  }

  @Test
  void shouldNameAnOrderOutsideTheScopeThatWasCalledFor() throws Exception {
    // Given
    List<ObjectNode> more = new ArrayList<>(journal);
    again(good().deepCopy().put("orderId", "stranger"), more);
    // When
    DrillReport report = books.with(journal(more)).compare();
    // Then
    assertThat(report.orders())
        .singleElement()
        .extracting(Finding::kind)
        .isEqualTo(Kind.TOUCHED_OUTSIDE);
    assertThat(report.orders().getFirst().order()).contains("stranger");
    assertThat(report.exitCode()).isEqualTo(4);
  }

  @Test
  void shouldNameAnOrderWhoseOutcomeTheJournalDoesNotBearOut() throws Exception {
    // Given: by the journal it was filled
    String order = key(good());
    List<ObjectNode> other = new ArrayList<>();
    for (ObjectNode line : journal) {
      ObjectNode copy = line.deepCopy();
      if (copy.path("order").path("status").asText().equals("CANCELED")
          && key(copy.path("order")).equals(order)) {
        copy.withObject("/order").put("status", "FILLED");
      }
      other.add(copy);
    }
    // When
    DrillReport report = books.with(journal(other)).compare();
    // Then
    only(report, Kind.UNTRUE_OUTCOME, order);
    assertThat(report.exitCode()).isEqualTo(4);
  }

  @Test
  void shouldNameAnOrderWithoutAnOutcomeAndTheSumsThatItBreaks() {
    // Given
    List<Outcome> fewer = books.outcomes().subList(1, books.outcomes().size());
    String order = books.outcomes().getFirst().cancel().order().key();
    // When
    DrillReport report = books.with(fewer).compare();
    // Then
    only(report, Kind.NOT_ONE_OUTCOME, order);
    assertThat(report.differences()).anyMatch(text -> text.startsWith("cancelled: 60 by the rep"));
    assertThat(report.exitCode()).isEqualTo(4);
  }

  @Test
  void shouldWriteOnePageThatNoTextOfAnOrderCanSpoil() {
    // When
    DrillReport report = books.compare();
    String html = ReportFile.html(report);
    String markdown = ReportFile.markdown(report);
    // Then
    assertThat(html)
        .contains(
            "drill of the &lt;month&gt; | all", "c.ompliance", report.verdict(), "lost-answers=20%")
        .doesNotContain("<month>", "<script");
    assertThat(markdown).contains("&lt;month>", "\\| all", "## What this drill does not show");
    assertThat(ReportFile.lines(report)).last().isEqualTo(report.verdict());
  }

  private static void only(DrillReport report, Kind kind, String order) {
    assertThat(report.orders())
        .as(report.json())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(kind);
              assertThat(one.order()).isEqualTo(order);
            });
  }

  private long calls(NewOrder order) {
    return stack.local().simulator().journal().calls(order.ref()).stream()
        .filter(call -> call.kind() == CallKind.CANCEL)
        .count();
  }

  /** A cancel whose answer came, of an order that was called for once. */
  private ObjectNode good() {
    Set<Long> answered = new HashSet<>();
    for (ObjectNode line : journal) {
      if (line.path("entry").asText().equals("answered")
          && line.path("fault").isNull()
          && line.path("status").intValue() == 200) {
        answered.add(line.path("call").longValue());
      }
    }
    return journal.stream()
        .filter(line -> line.path("kind").asText().equals("CANCEL"))
        .filter(line -> answered.contains(line.path("call").longValue()))
        .filter(line -> journal.stream().filter(l -> asksFor(l, line)).count() == 1)
        .findFirst()
        .orElseThrow();
  }

  private static boolean asksFor(ObjectNode line, ObjectNode order) {
    return line.path("kind").asText().equals("CANCEL") && key(line).equals(key(order));
  }

  /** Comes behind all that is there, and is answered. */
  private static void again(ObjectNode asked, List<ObjectNode> lines) {
    long seq = lines.getLast().path("seq").longValue();
    long at = lines.getLast().path("at").longValue();
    lines.add(asked.deepCopy().put("seq", seq + 1).put("call", 1_000_000).put("at", at + 1));
    lines.add(
        JSON.createObjectNode()
            .put("entry", "answered")
            .put("seq", seq + 2)
            .put("at", at + 2)
            .put("call", 1_000_000)
            .put("effect", "ALREADY_CANCELED")
            .putNull("fault")
            .put("status", 200)
            .put("answer", "{}"));
  }

  private Journal journal(List<ObjectNode> lines) throws IOException {
    Path file = Files.createTempFile(data, "journal", ".jsonl");
    Files.write(file, lines.stream().map(JsonNode::toString).toList());
    return Journal.read(file);
  }

  /** The simulator goes on writing behind them. */
  private static List<ObjectNode> lines(Path file) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add((ObjectNode) JSON.readTree(line));
    }
    return lines;
  }

  private long count(String venue, String kind) {
    Set<String> ours = new HashSet<>();
    books.placed().forEach(order -> ours.add(order.ref().orderId()));
    return journal.stream()
        .filter(line -> line.path("venue").asText().equals(venue))
        .filter(line -> line.path("kind").asText().equals(kind))
        .filter(line -> ours.contains(line.path("orderId").asText())) // probes name others
        .count();
  }

  private static int parts(JsonNode venue) {
    return Stream.of("canceled", "filledBefore", "rejected", "pending", "unresolved", "noOutcome")
        .mapToInt(name -> venue.path(name).intValue())
        .sum();
  }

  private static long sum(JsonNode counts) {
    long sum = 0;
    for (JsonNode count : counts) {
      sum += count.longValue();
    }
    return sum;
  }

  private static String key(JsonNode line) {
    return new OrderRef(
            line.path("venue").asText(),
            line.path("account").asText(),
            line.path("orderId").asText())
        .key();
  }
}
