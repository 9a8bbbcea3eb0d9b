package io.countermand.kafka.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Meters that come and go with a role: what its Kafka clients measure of themselves, and gauges.
 * Read when somebody scrapes; where nobody can, nothing is done. Not thread-safe.
 */
public final class RoleMeters implements AutoCloseable {

  /** How soon a metric that a client has added or removed is shown or gone. */
  private static final Duration REFRESH = Duration.ofSeconds(10);

  private static final List<String> SHARE =
      List.of(
          "records-consumed-total",
          "fetch-total",
          "acknowledgements-send-total",
          "acknowledgements-error-total");
  private static final String LAG = "countermand.lag.records";
  private static final String LAG_TEXT = "Records written and not taken yet";

  private final MeterRegistry meters;
  private final Tags tags;
  private final boolean off;
  private final List<AutoCloseable> bound = new ArrayList<>();

  /** Share consumers by topic. Held here: Micrometer holds what counters ask by weak references. */
  private final Map<String, List<Supplier<Map<MetricName, ? extends Metric>>>> shares =
      new HashMap<>();

  private @Nullable ScheduledExecutorService refresher;

  /**
   * @param venue empty: none in particular
   */
  public RoleMeters(MeterRegistry meters, String role, String venue) {
    this.meters = meters;
    this.tags = Tags.of("role", role, "venue", venue);
    this.off =
        meters instanceof CompositeMeterRegistry composite && composite.getRegistries().isEmpty();
  }

  public RoleMeters streams(KafkaStreams streams) {
    return off ? this : bind(new KafkaStreamsMetrics(streams, tags, refresher(), REFRESH));
  }

  public RoleMeters producer(Producer<?, ?> producer) {
    return off ? this : bind(new KafkaClientMetrics(producer, tags, refresher(), REFRESH));
  }

  public RoleMeters consumer(Consumer<?, ?> consumer) {
    return off ? this : bind(new KafkaClientMetrics(consumer, tags, refresher(), REFRESH));
  }

  private RoleMeters bind(KafkaStreamsMetrics binder) {
    binder.bindTo(meters);
    bound.add(binder);
    return this;
  }

  private RoleMeters bind(KafkaClientMetrics binder) {
    binder.bindTo(meters);
    bound.add(binder);
    return this;
  }

  /**
   * A share consumer, for which Micrometer has no binder: what tells of records and
   * acknowledgements, under the names that it would give them. Several consumers of one topic are
   * counted together.
   */
  public RoleMeters share(String topic, Supplier<Map<MetricName, ? extends Metric>> client) {
    if (off) {
      return this;
    }
    List<Supplier<Map<MetricName, ? extends Metric>>> known = shares.get(topic);
    if (known != null) {
      known.add(client);
      return this;
    }
    List<Supplier<Map<MetricName, ? extends Metric>>> clients = new CopyOnWriteArrayList<>();
    clients.add(client);
    shares.put(topic, clients);
    for (String metric : SHARE) {
      Meter counter =
          FunctionCounter.builder(
                  "kafka.consumer.share.fetch.manager." + metric.replace('-', '.'),
                  clients,
                  all -> all.stream().mapToDouble(each -> sum(each, counts(metric))).sum())
              .tags(tags.and("topic", topic))
              .register(meters);
      bound.add(() -> meters.remove(counter));
    }
    return this;
  }

  /** The metric over all topics of a client. */
  private static Wanted counts(String metric) {
    return name -> name.name().equals(metric) && !name.tags().containsKey("topic");
  }

  /**
   * {@code countermand_lag_records} of a topic: how many of its records this role has not taken
   * yet, over all partitions that it has, as of the last fetch.
   */
  public RoleMeters lag(String topic, Supplier<Map<MetricName, ? extends Metric>> client) {
    // Kafka's tag may have '.' as '_'.
    String other = topic.replace('.', '_');
    return gauge(
        LAG,
        LAG_TEXT,
        tags.and("topic", topic),
        () ->
            sum(
                client,
                name -> {
                  String of = name.tags().get("topic");
                  return name.name().equals("records-lag")
                      && (topic.equals(of) || other.equals(of));
                }));
  }

  /**
   * @param value asked by any thread; must not wait
   */
  public RoleMeters gauge(String name, String text, Tags labels, Supplier<Number> value) {
    if (!off) {
      Meter gauge =
          Gauge.builder(name, value)
              .description(text)
              .tags(labels)
              .strongReference(true)
              .register(meters);
      bound.add(() -> meters.remove(gauge));
    }
    return this;
  }

  /**
   * {@code countermand_lag_records} of topics whose lag must be waited for: asked every few seconds
   * in the background, and shown as it was then.
   *
   * @param source made here, if anybody can scrape; closed with these meters
   * @param byTopic what to ask it; must not throw
   */
  public <S extends AutoCloseable> RoleMeters lag(
      Supplier<S> source, Map<String, ToDoubleFunction<S>> byTopic) {
    if (off) {
      return this;
    }
    S asked = source.get();
    bound.add(asked);
    byTopic.forEach(
        (topic, question) -> {
          var last = new AtomicReference<Double>(Double.NaN);
          ScheduledFuture<?> _ =
              refresher()
                  .scheduleWithFixedDelay(
                      () -> last.set(question.applyAsDouble(asked)),
                      0,
                      REFRESH.toMillis(),
                      TimeUnit.MILLISECONDS);
          gauge(LAG, LAG_TEXT, tags.and("topic", topic), last::get);
        });
    return this;
  }

  /** {@code countermand_schema_ids_disputed}. */
  public RoleMeters disputedIds(Supplier<Number> value) {
    return gauge(
        "countermand.schema.ids.disputed",
        "Schema ids that the registry has given more than one meaning",
        tags,
        value);
  }

  /** What open transactions hold back of these topics. */
  public RoleMeters heldBack(Supplier<Admin> admin, List<String> topics) {
    if (!off) {
      bound.add(new HeldBack(admin.get(), topics).show(this, tags).start());
    }
    return this;
  }

  private interface Wanted {
    boolean is(MetricName name);
  }

  private static double sum(Supplier<Map<MetricName, ? extends Metric>> client, Wanted wanted) {
    double sum = 0;
    for (Metric metric : client.get().values()) {
      if (wanted.is(metric.metricName())
          && metric.metricValue() instanceof Number number
          && !Double.isNaN(number.doubleValue())) {
        sum += number.doubleValue();
      }
    }
    return sum;
  }

  private ScheduledExecutorService refresher() {
    if (refresher == null) {
      refresher =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("kafka-meters").factory());
    }
    return refresher;
  }

  @Override
  public void close() {
    if (refresher != null) {
      refresher.shutdownNow();
    }
    for (AutoCloseable each : bound) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("meters of Kafka's clients could not be let go", e);
      }
    }
    bound.clear();
    shares.clear();
  }
}
