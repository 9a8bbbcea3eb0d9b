package io.countermand.client;

import io.countermand.events.MassCancel;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mass cancel, a kill switch or the release of one, before it is sent. Not thread-safe; may be
 * sent again, which asks again.
 */
public final class MassCancelDraft {

  private static final int LONGEST_ID = 64;

  /** The pipeline would cut a longer reason, and refuse the rest. */
  private static final int LONGEST = 256;

  private final MassCancelClient client;
  private final MassCancel.Builder mass = MassCancel.newBuilder();
  private @Nullable Duration within;
  private @Nullable String id;
  private @Nullable String by;
  private @Nullable String reason;
  private Consumer<MassReport> reports = _ -> {};

  MassCancelDraft(MassCancelClient client, MassScope scope, @Nullable String releases) {
    this.client = client;
    mass.setScope(MassScope.newBuilder(scope).build()).setReleases(releases);
  }

  /** Who asks; must be given. */
  public MassCancelDraft by(String name) {
    by = name;
    return this;
  }

  /** Why, in free words; must be given. */
  public MassCancelDraft because(String words) {
    reason = words;
    return this;
  }

  /**
   * How long from the sending on a call to a venue may start, in whole milliseconds; default five
   * minutes from when Kafka has it. The pipeline cuts it to its {@code intents.longest-deadline}.
   */
  public MassCancelDraft within(Duration time) {
    within = time;
    return this;
  }

  /**
   * The idempotency key: the same again is the same mass cancel, and its last report is told again.
   * Default: a new UUID of version 7.
   */
  public MassCancelDraft id(String massId) {
    id = massId;
    return this;
  }

  /** Only count what would be cancelled. */
  public MassCancelDraft dryRun(boolean yes) {
    mass.setDryRun(yes);
    return this;
  }

  /** A kill switch: it stays on, also for orders that open later, until it is released. */
  public MassCancelDraft keep(boolean yes) {
    mass.setKeep(yes);
    return this;
  }

  /** Also at venues whose cancel closes the order's position. */
  public MassCancelDraft includingPositionClose(boolean yes) {
    mass.setIncludingPositionClose(yes);
    return this;
  }

  /** Hears each report of it, the last included, by the client's thread: it must not wait. */
  public MassCancelDraft onReport(Consumer<MassReport> hears) {
    reports = hears;
    return this;
  }

  /**
   * What makes no sense in it, in words; null: nothing that can be seen here. Of the scope the
   * ledger says more, by a report that refuses.
   */
  public @Nullable String problem() {
    if (within != null && !within.isPositive()) {
      return "within must be more than nothing: " + within;
    }
    if (id != null && (id.isBlank() || id.getBytes(StandardCharsets.UTF_8).length > LONGEST_ID)) {
      return "id must have 1 to " + LONGEST_ID + " bytes in UTF-8, not only blanks";
    }
    if (Stream.of(by, reason).anyMatch(each -> each == null || each.isBlank())) {
      return "by (who asks) and because (why) must be given";
    }
    MassScope scope = mass.getScope();
    boolean longer =
        Stream.of(
                by,
                reason,
                scope.getVenue(),
                scope.getAccount(),
                scope.getInstrument(),
                scope.getTrader(),
                scope.getDesk(),
                scope.getAlgorithm(),
                scope.getClient())
            .anyMatch(
                each -> each != null && each.getBytes(StandardCharsets.UTF_8).length > LONGEST);
    return longer
        ? "by, because and each part of the scope may have " + LONGEST + " bytes in UTF-8"
        : null;
  }

  /**
   * Hands it to Kafka; returns at once, unless the producer's buffer is full (then after 10 s at
   * the most).
   *
   * @return the last report ({@link MassCancelClient#isFlat} tells whether all is over); also one
   *     that refuses. Exceptionally, with {@link ClientException}, when none can be told
   * @throws IllegalArgumentException if it makes no sense; nothing is sent
   */
  public CompletableFuture<MassReport> send() {
    String problem = problem();
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    MassCancel asked =
        MassCancel.newBuilder(
                mass.setMassId(id == null ? CancelIds.next() : id)
                    .setBy(by)
                    .setReason(reason)
                    .setDeadline(
                        within == null ? null : now.plus(within).truncatedTo(ChronoUnit.MILLIS))
                    .setCreatedAt(now)
                    .build())
            .build();
    return client.send(asked, reports);
  }
}
