package io.countermand.desk.lane;

import io.countermand.desk.settings.DeskSettings;
import io.countermand.events.serde.EventSerdes;
import io.countermand.kafka.streams.DurableSends;
import io.countermand.platform.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a desk does before it says ready, beside the assignment of its partitions: each venue is
 * logged in at and connected to ({@link WarmVenue}), its producers know where the topics are, and
 * one cancel's way was rehearsed in memory. Each is waited for within a bound of its own; what is
 * missing after that costs the first cancels time, and no more. Thread-safe.
 */
public final class Warmup implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Warmup.class);

  /** Readiness waits no longer for the rehearsal: a registry or broker may be away. */
  private static final Duration WITHIN = Duration.ofSeconds(10);

  /** Enough for the compiler to notice; with the caches of an earlier run it takes 0.1 s. */
  private static final int TIMES = 200;

  /** The rehearsal ends then, however far it is: cold processors are slow. */
  private static final Duration REHEARSED = Duration.ofSeconds(1);

  private final List<WarmVenue> venues;
  private final Thread rehearsing;
  private final long began = System.nanoTime();
  private volatile @Nullable String missing = "rehearsing a cancel in memory";

  private Warmup(Collection<VenueLane> lanes, Runnable rehearsal) {
    this.venues = lanes.stream().map(WarmVenue::new).toList();
    this.rehearsing = Thread.ofPlatform().name("warm-up").daemon().unstarted(rehearsal(rehearsal));
  }

  /** Begins; returns at once. */
  public static Warmup start(
      DeskSettings settings,
      EventSerdes serdes,
      Collection<VenueLane> lanes,
      Post post,
      DurableSends sends) {
    var warmup =
        new Warmup(
            lanes,
            () -> {
              List<String> topics =
                  List.of(
                      Topics.PROGRESS,
                      Topics.ORDER_STATES,
                      Topics.DEAD_LETTERS,
                      Topics.INTENTS,
                      Topics.ORDER_EVENTS);
              post.know(List.of(Topics.PROGRESS, Topics.PAUSES, Topics.MASS_PROGRESS));
              sends.know(topics);
              rehearse(settings, serdes);
            });
    warmup.venues.forEach(WarmVenue::start);
    warmup.rehearsing.start();
    return warmup;
  }

  static void rehearse(DeskSettings settings, EventSerdes serdes) {
    var rehearsal = new Rehearsal(settings, serdes);
    long end = System.nanoTime() + REHEARSED.toNanos();
    for (int n = 0; n < TIMES && System.nanoTime() < end; n++) {
      for (DeskSettings.Venue venue : settings.venues()) {
        var _ = rehearsal.play(venue);
      }
    }
  }

  private Runnable rehearsal(Runnable rehearsal) {
    return () -> {
      try {
        rehearsal.run();
        LOG.atInfo()
            .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
            .log("a cancel was rehearsed in memory");
      } catch (RuntimeException e) { // the first cancels will be slow, and say why
        LOG.atWarn().setCause(e).log("no cancel could be rehearsed");
      } finally {
        missing = null;
      }
    };
  }

  /** What readiness still waits for; empty: nothing. */
  public List<String> missing() {
    List<String> all = new ArrayList<>();
    String lacks = missing;
    if (lacks != null && System.nanoTime() - began < WITHIN.toNanos()) {
      all.add(lacks);
    }
    for (WarmVenue venue : venues) {
      String of = venue.missing();
      if (of != null) {
        all.add(of);
      }
    }
    return all;
  }

  public List<WarmVenue> venues() {
    return venues;
  }

  @Override
  public void close() {
    venues.forEach(WarmVenue::close);
    rehearsing.interrupt();
  }
}
