package io.countermand.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port for all roles of this process: {@code /health/live}, {@code /health/ready}, {@code
 * /metrics}. Thread-safe.
 */
public final class OpsPort implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpsPort.class);

  private final HealthRegistry health = new HealthRegistry();
  private final Map<RoleInstance, List<Meter>> gauges = new ConcurrentHashMap<>();
  private final MeterRegistry meters;
  private final @Nullable Metrics metrics;
  private final @Nullable HttpPort http;

  private OpsPort() {
    this.metrics = null;
    this.meters = new CompositeMeterRegistry(); // without any other in it: counts nothing
    this.http = null;
  }

  private OpsPort(String host, int port) {
    var measured = new Metrics();
    this.metrics = measured;
    this.meters = measured.registry();
    try {
      HttpPort open = HttpPort.open(host, port, new OpsPages(health, measured::scrape));
      LOG.atInfo()
          .addKeyValue("host", host)
          .addKeyValue("port", open.port())
          .log("health and metrics");
      this.http = open;
    } catch (RuntimeException e) {
      measured.close();
      throw e;
    }
  }

  /**
   * Serves from now on; alive, and not ready until it is told of roles.
   *
   * @param port 0: a free one
   * @throws IllegalStateException if the port cannot be opened
   */
  public static OpsPort open(String host, int port) {
    return new OpsPort(host, port);
  }

  /** Serves nothing, measures nothing. */
  public static OpsPort none() {
    return new OpsPort();
  }

  /** Where the roles register what they measure. */
  public MeterRegistry meters() {
    return meters;
  }

  /** The port that is open; -1: none. */
  public int port() {
    return http == null ? -1 : http.port();
  }

  /** Not ready until all of these are. */
  public void expect(Collection<RoleInstance> parts) {
    health.expect(parts);
    parts.forEach(this::gauges);
  }

  public void add(RoleInstance part, Health how) {
    health.put(part, how);
    gauges(part);
  }

  /** It was stopped on purpose and is not missed. */
  public void remove(RoleInstance part) {
    health.remove(part);
    List<Meter> gone = gauges.remove(part);
    if (gone != null) {
      gone.forEach(meters::remove);
    }
  }

  private void gauges(RoleInstance part) {
    gauges.computeIfAbsent(
        part,
        each ->
            List.of(
                gauge("countermand.live", each, book -> book.finding(each).live() ? 1 : 0),
                gauge("countermand.ready", each, book -> book.finding(each).ready() ? 1 : 0)));
  }

  private Meter gauge(String name, RoleInstance part, ToDoubleFunction<HealthRegistry> value) {
    return Gauge.builder(name, health, value)
        .tags(Tags.of("role", part.role(), "venue", part.venue()))
        .description(
            name.endsWith("live")
                ? "1: runs; 0: has ended and does not come back by itself"
                : "1: does its work; 0: /health/ready says what is missing")
        .register(meters);
  }

  @Override
  public void close() {
    if (http != null) {
      http.close();
    }
    if (metrics != null) {
      metrics.close();
    }
    meters.close();
  }
}
