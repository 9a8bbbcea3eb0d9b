package io.countermand.bench;

import io.countermand.bench.load.ArrivalTimes;
import io.countermand.bench.load.BenchOptions;
import io.countermand.bench.load.IntentBatch;
import io.countermand.bench.load.Load;
import io.countermand.bench.load.RateOrders;
import io.countermand.bench.load.ResultCounts;
import io.countermand.bench.load.ResultReader;
import io.countermand.bench.load.Sender;
import io.countermand.bench.load.Variant;
import io.countermand.bench.measure.VenueRates;
import io.countermand.bench.measure.VenueRates.Call;
import io.countermand.bench.measure.VenueRates.Late;
import io.countermand.bench.process.BenchCluster;
import io.countermand.bench.process.VariantProcesses;
import io.countermand.domain.Intent;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelOutcome;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.platform.Topics;
import io.countermand.venues.Venues;
import io.countermand.venues.limits.Rate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Many cancels at once at one venue of each adapter, at the rate, burst and concurrency that each
 * adapter comes with, and then two more for each: one with a priority, one of another account.
 */
final class DefaultRates implements AutoCloseable {

  private static final String NAME = BenchOptions.DEFAULT_RATES;

  /** All of CrossTrade's instances are one user's. */
  private static final String USER = "crosstrade";

  private static final long FIRST_ORDER = 2_000_000_000_000L;

  /** An outcome is due by the deadline and a grace. */
  private static final Duration PATIENCE = RateOrders.DEADLINE.plusMinutes(1);

  /** What would be called again has been by then. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);

  /** Calls at each venue before the late ones are sent. */
  private static final int BEGUN = 3;

  private final BenchCluster stage;
  private final VariantProcesses subject;
  private final EventSerdes serdes;
  private final Serializer<CancelIntent> serializer;
  private final EventDecoder<CancelOutcome> decoder;
  private final Sender sender;
  private final ResultReader answers;
  private final ResultReader lateAnswers;
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, String> venues = new LinkedHashMap<>();

  private DefaultRates(BenchCluster stage, VariantProcesses subject) {
    this.stage = stage;
    this.subject = subject;
    this.serdes = stage.connection().serdes();
    this.serializer = serdes.serializer(CancelIntent.class);
    this.decoder = serdes.decoder(CancelOutcome.class);
    this.sender = new Sender(stage.connection());
    this.answers = new ResultReader(stage.connection(), Topics.OUTCOMES, true);
    this.lateAnswers = new ResultReader(stage.connection(), Topics.OUTCOMES, true);
  }

  /**
   * Returns when every intent has its outcome, or none is due any more.
   *
   * @return by the adapter's name
   */
  static Map<String, VenueRates> run(
      BenchOptions options, BenchCluster stage, Consumer<String> line, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept(NAME + ": starting");
    try (VariantProcesses subject = VariantProcesses.atDefaultRates(options, stage, NAME);
        var run = new DefaultRates(stage, subject)) {
      Map<String, VenueRates> rates = run.play(options.orders(), progress);
      rates.forEach((venue, each) -> line.accept(line(venue, each)));
      return rates;
    }
  }

  private Map<String, VenueRates> play(int each, Consumer<String> progress)
      throws IOException, InterruptedException {
    Instant now = Instant.now();
    IntentBatch many = batch(RateOrders.many(each, FIRST_ORDER, now));
    IntentBatch late = batch(RateOrders.late(FIRST_ORDER + many.size(), now));
    for (IntentBatch batch : List.of(many, late)) {
      batch.orders().forEach(order -> venues.put(order.orderId(), order.venue()));
    }
    long events = stage.records(Topics.ORDER_EVENTS);
    subject.venue().place(many);
    subject.venue().place(late);
    subject.awaitOrders(events + many.size() + late.size());
    ResultReader.Watch answered = answers.watch(many);
    ResultReader.Watch lateAnswered = lateAnswers.watch(late);
    sender.send(many, Topics.INTENTS);
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!begun() && System.nanoTime() < giveUp) {
      await(progress, answered);
    }
    sender.send(late, Topics.INTENTS);
    long sent = ArrivalTimes.now();
    while ((answered.sightings().seen() < many.size()
            || lateAnswered.sightings().seen() < late.size())
        && System.nanoTime() < giveUp) {
      await(progress, answered);
    }
    Thread.sleep(AFTERWARDS);
    readCalls();
    return report(many, answered, late, sent);
  }

  private IntentBatch batch(List<Intent> intents) {
    return new IntentBatch(Load.decisions(NAME, intents.size(), 0), intents, serializer);
  }

  private void await(Consumer<String> progress, ResultReader.Watch answered)
      throws IOException, InterruptedException {
    subject.requireAlive();
    Thread.sleep(100);
    readCalls();
    progress.accept(
        "%s: %,d calls, %,d outcomes".formatted(NAME, calls.size(), answered.sightings().seen()));
  }

  private void readCalls() throws IOException {
    subject.journal().forEachCancel((orderId, at) -> calls.add(new Call(orderId, at)));
  }

  private boolean begun() {
    return RateOrders.VENUES.stream()
        .allMatch(venue -> calls.stream().filter(call -> at(call, venue)).count() >= BEGUN);
  }

  private boolean at(Call call, String venue) {
    return venue.equals(venues.get(call.orderId()));
  }

  private List<Call> of(String venue) {
    return calls.stream().filter(call -> at(call, venue)).toList();
  }

  /** Of all instances that share the venue's budget. */
  private List<Call> ofUser(String venue) {
    return venue.startsWith(USER)
        ? calls.stream()
            .filter(call -> venues.getOrDefault(call.orderId(), "").startsWith(USER))
            .toList()
        : of(venue);
  }

  private Map<String, VenueRates> report(
      IntentBatch many, ResultReader.Watch answered, IntentBatch late, long sent)
      throws IOException {
    Map<String, VenueRates> all = new LinkedHashMap<>();
    for (int i = 0; i < RateOrders.VENUES.size(); i++) {
      String venue = RateOrders.VENUES.get(i);
      Rate rate = Venues.provider(venue).defaults().rate();
      all.put(
          venue,
          VenueRates.of(
              orders(many, venue),
              of(venue),
              ofUser(venue),
              rate.permits() * 1e9 / rate.period().toNanos(),
              outcomes(answered, i),
              new Late(late.orders().get(2 * i).orderId(), sent),
              new Late(late.orders().get(2 * i + 1).orderId(), sent)));
    }
    return all;
  }

  private static Set<String> orders(IntentBatch many, String venue) {
    return many.orders().stream()
        .filter(order -> order.venue().equals(venue))
        .map(OrderRef::orderId)
        .collect(Collectors.toSet());
  }

  private SortedMap<String, Integer> outcomes(ResultReader.Watch answered, int venue)
      throws IOException {
    byte[][] all = answered.values();
    int every = RateOrders.VENUES.size();
    byte[][] its = new byte[all.length / every][];
    for (int i = 0; i < its.length; i++) {
      its[i] = all[i * every + venue];
    }
    return ResultCounts.of(Variant.COUNTERMAND, its, decoder);
  }

  private static String line(String venue, VenueRates rates) {
    return String.format(
        Locale.ROOT,
        "%-18s %d of %d orders called by %d calls in %.1f s; then %.2f calls/s (%.2f of the user,"
            + " %.2f allowed); priority after %d others, other account after %d; %s%s",
        venue,
        rates.called(),
        rates.orders(),
        rates.calls(),
        rates.seconds(),
        rates.callsPerSecond(),
        rates.userCallsPerSecond(),
        rates.allowedPerSecond(),
        rates.freshFirst(),
        rates.secondAccount(),
        rates.outcomes(),
        rates.valid() ? "" : "  *** INVALID ***");
  }

  @Override
  public void close() {
    answers.close();
    lateAnswers.close();
    sender.close();
    serdes.close();
  }
}
