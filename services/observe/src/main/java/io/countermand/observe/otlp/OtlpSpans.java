package io.countermand.observe.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spans on their way to a collector. {@link #offer} puts what a span is made of into a bounded
 * queue, without a lock, and drops it where that is full; one thread of its own makes the spans and
 * sends them, and nobody waits for it. A collector that refuses, hangs or is away costs the spans
 * of that time, and nothing else: what was not taken within the time-out is given up.
 *
 * @param <T> what spans are made of
 */
public final class OtlpSpans<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OtlpSpans.class);

  /** It says what we say, in other words, on stderr. Kept: the JDK forgets loggers. */
  private static final java.util.logging.Logger THEIRS =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  /** At most so many in one request. */
  static final int BATCH = 512;

  private static final Duration TELL_EVERY = Duration.ofMinutes(1);

  /**
   * @param every the next request is this much later if there are fewer than a batch
   * @param answer beyond the settings' time-out, which does not bound an answer's body
   */
  record Pace(Duration every, Duration answer) {
    static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofMillis(500));
  }

  private final OtlpSettings settings;
  private final Pace pace;
  private final Function<T, FinishedSpan> maker;
  private final SpanCounts counts;
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Map<String, Resource> resources = new ConcurrentHashMap<>();
  private final Thread worker;

  /** As read at the opening: the file may be gone when an exporter is made anew. */
  private final byte @Nullable [] authorities;

  private volatile boolean closed;
  private SpanExporter exporter;
  private long toldAt;
  private int lostSince;

  private OtlpSpans(
      OtlpSettings settings, Function<T, FinishedSpan> maker, SpanCounts counts, Pace pace) {
    this.settings = settings;
    this.pace = pace;
    this.maker = maker;
    this.counts = counts;
    this.authorities =
        settings.authorities() == null ? null : OtlpFiles.authorities(settings.authorities());
    this.exporter = exporter(settings, authorities);
    this.toldAt = System.nanoTime() - TELL_EVERY.toNanos();
    this.worker = Thread.ofPlatform().daemon().name("otlp-spans").unstarted(this::work);
  }

  /**
   * Exports from now on. Asks nobody whether a collector is there.
   *
   * @param maker called by the exporting thread
   * @throws IllegalArgumentException if the endpoint is no good
   * @throws IllegalStateException if the certificates are no good
   */
  public static <T> OtlpSpans<T> open(
      OtlpSettings settings, Function<T, FinishedSpan> maker, SpanCounts counts) {
    return open(settings, maker, counts, Pace.USUAL);
  }

  static <T> OtlpSpans<T> open(
      OtlpSettings settings, Function<T, FinishedSpan> maker, SpanCounts counts, Pace pace) {
    THEIRS.setLevel(Level.OFF);
    var spans = new OtlpSpans<>(settings, maker, counts, pace);
    spans.worker.start();
    LOG.atInfo().addKeyValue("endpoint", settings.endpoint()).log("exports spans");
    return spans;
  }

  /** Never blocks, never throws. Any thread. */
  public void offer(T what) {
    if (closed) {
      counts.dropped();
      return;
    }
    if (size.incrementAndGet() > settings.mostWaiting()) {
      size.decrementAndGet();
      counts.dropped();
      return;
    }
    waiting.add(what);
    if (size.get() == BATCH) {
      LockSupport.unpark(worker);
    }
  }

  private void work() {
    while (!closed) {
      LockSupport.parkNanos(pace.every().toNanos());
      export();
    }
    export();
  }

  private void export() {
    for (List<SpanData> batch = batch(); !batch.isEmpty(); batch = batch()) {
      try {
        send(batch);
      } catch (RuntimeException e) { // must not end the thread
        lost(batch.size(), e.toString());
      }
    }
  }

  private List<SpanData> batch() {
    List<SpanData> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      T next = waiting.poll();
      if (next == null) {
        break;
      }
      size.decrementAndGet();
      try {
        FinishedSpan span = maker.apply(next);
        batch.add(new SpanView(span, resources.computeIfAbsent(span.service(), this::resource)));
      } catch (RuntimeException e) {
        lost(1, e.toString());
      }
    }
    return batch;
  }

  private void send(List<SpanData> batch) {
    CompletableResultCode result = exporter.export(batch);
    result.join(settings.timeout().plus(pace.answer()).toMillis(), TimeUnit.MILLISECONDS);
    if (result.isSuccess()) {
      counts.exported(batch.size());
    } else if (result.isDone()) {
      lost(batch.size(), reason(result.getFailureThrowable()));
    } else {
      // Interrupts what hangs, in the background; after five of them it would take nothing more.
      SpanExporter hanging = exporter;
      exporter = exporter(settings, authorities);
      CompletableResultCode _ = hanging.shutdown();
      lost(batch.size(), "no whole answer within " + settings.timeout().toMillis() + " ms");
    }
  }

  /** At most the first line: an answer may be long. */
  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof FailedExportException.HttpExportException http) {
      HttpResponse answer = http.getResponse();
      if (answer != null) {
        return "HTTP " + answer.getStatusCode();
      }
      failure = http.getCause();
    }
    String text = String.valueOf(failure).lines().findFirst().orElse("");
    return text.length() > 200 ? text.substring(0, 200) : text;
  }

  /** Says so once a minute at the most. */
  private void lost(int spans, String why) {
    counts.failed(spans);
    lostSince += spans;
    long now = System.nanoTime();
    if (now - toldAt >= TELL_EVERY.toNanos()) {
      LOG.atWarn()
          .addKeyValue("endpoint", settings.endpoint())
          .addKeyValue("spans", lostSince)
          .addKeyValue("why", why)
          .log("spans could not be exported; cancels are not touched by that");
      toldAt = now;
      lostSince = 0;
    }
  }

  private Resource resource(String service) {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            service,
            AttributeKey.stringKey("service.namespace"),
            "countermand",
            AttributeKey.stringKey("service.instance.id"),
            settings.instance()));
  }

  private static SpanExporter exporter(OtlpSettings settings, byte @Nullable [] authorities) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.traces())
            .setTimeout(settings.timeout())
            .setConnectTimeout(settings.timeout())
            .setHeaders(settings::headers)
            .setRetryPolicy(RetryPolicy.getDefault()); // as often as the time-out lets it
    if (authorities != null) {
      builder.setTrustedCertificates(authorities);
    }
    return builder.build();
  }

  /** Sends what waits, within the time of one export. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(worker);
    try {
      worker.join(settings.timeout().plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    CompletableResultCode _ = exporter.shutdown();
  }
}
