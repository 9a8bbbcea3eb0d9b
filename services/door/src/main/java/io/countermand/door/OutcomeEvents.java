package io.countermand.door;

import io.countermand.client.ClientException;
import io.countermand.client.Connection;
import io.countermand.client.EventRecord;
import io.countermand.client.EventStream;
import io.countermand.client.OutcomeFields;
import io.countermand.client.OutcomeStream;
import io.countermand.client.Positions;
import io.countermand.client.Problem;
import io.countermand.events.Cancel;
import io.countermand.events.CancelOutcome;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/outcomes}: server-sent events, one for each outcome of the caller's accounts. An
 * event's id is the position behind it; a browser or a program that connects again with it as
 * {@code Last-Event-ID} misses nothing and gets nothing twice. Each stream has a consumer of its
 * own, so a slow reader holds up itself only. Thread-safe.
 */
final class OutcomeEvents {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeEvents.class);
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Connection connection;
  private final CallerFilter guard;
  private final StreamPlaces places;
  private volatile boolean closed;

  /**
   * @param most streams at once; a quarter of them of one caller
   */
  OutcomeEvents(Connection connection, int most, CallerFilter guard) {
    this.guard = guard;
    this.connection = connection;
    this.places = new StreamPlaces(most);
  }

  /**
   * Before anything is sent.
   *
   * @throws ProblemResponse of a position that is none, and of who may see no outcomes
   */
  static void check(Context request) {
    CallerFilter.shouldMay(request, TokenVerb.READ);
    var _ = beginning(request);
  }

  private interface Beginning {
    void of(EventStream.Builder<CancelOutcome> stream);
  }

  private static Beginning beginning(Context request) {
    String last = request.header("Last-Event-ID");
    String from = last == null ? request.queryParam("from") : last;
    if (from == null || from.equals("now")) {
      return EventStream.Builder::fromNow;
    }
    if (from.equals("beginning")) {
      return EventStream.Builder::fromBeginning;
    }
    try {
      if (from.indexOf('T') > 0) {
        Instant time = Instant.parse(from);
        return stream -> stream.from(time);
      }
      Positions stored = Positions.parse(from);
      return stream -> stream.from(stored);
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw ProblemResponse.badRequest(
          "from must be now, beginning, a time as 2026-01-31T12:00:00Z, or the id of an event");
    }
  }

  /**
   * Returns when nobody listens any more, the token does not hold any more, or the door closes.
   *
   * @throws ProblemResponse if too many are open; nothing was sent then
   */
  void serve(Context request) throws IOException {
    Caller caller = CallerFilter.caller(request);
    take(request, caller);
    try {
      var events = new EventWriter(request.res());
      try {
        follow(request, events);
      } catch (ClientException e) {
        problem(events, e.problem().name(), String.valueOf(e.getMessage()));
      }
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("error", e.toString()).log("nobody listens to a stream any more");
    } finally {
      places.giveBack(caller);
    }
  }

  private void take(Context request, Caller caller) {
    try {
      places.take(caller);
    } catch (ProblemResponse full) {
      request.header("Retry-After", "10");
      throw full;
    }
  }

  private static void problem(EventWriter events, String code, String detail) throws IOException {
    Map<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("code", code);
    fields.put("detail", detail);
    events.event("problem", DoorJson.write(fields));
  }

  private void follow(Context request, EventWriter events) throws IOException {
    EventStream.Builder<CancelOutcome> builder = OutcomeStream.of(connection);
    beginning(request).of(builder);
    try (EventStream<CancelOutcome> stream = builder.dedupe(0).open()) {
      events.comment("open", stream.positions().toString());
      long written = System.nanoTime();
      while (!closed) {
        Caller caller = still(request, events);
        if (caller == null) {
          return;
        }
        Map<Integer, Long> next = new TreeMap<>(stream.positions().next());
        for (EventRecord<CancelOutcome> each : poll(stream)) {
          next.put(each.partition(), each.offset() + 1);
          Cancel cancel = each.value().getCancel();
          if (caller.may(TokenVerb.READ, cancel.getVenue(), cancel.getAccount())) {
            events.event(
                "outcome", DoorJson.write(OutcomeFields.of(each)), new Positions(next).toString());
            written = System.nanoTime();
          }
        }
        if (System.nanoTime() - written > QUIET.toNanos()) {
          events.comment("quiet", stream.positions().toString());
          written = System.nanoTime();
        }
      }
    }
  }

  /** Null: it may see no more, and was told why. */
  private @Nullable Caller still(Context request, EventWriter events) throws IOException {
    try {
      Caller caller = guard.still(request);
      if (caller.may(TokenVerb.READ)) {
        return caller;
      }
    } catch (ProblemResponse refused) {
      if (refused.status() == 503) {
        problem(
            events,
            refused.code(),
            "this token cannot be checked now; connect again in 10 s with Last-Event-ID");
        return null;
      }
    }
    problem(events, Problem.NOT_AUTHORISED.name(), "this token does not hold any more");
    return null;
  }

  /** Streams end within a second. */
  void close() {
    closed = true;
  }

  /** A registry that is away for a while ends no stream. */
  private static Iterable<EventRecord<CancelOutcome>> poll(EventStream<CancelOutcome> stream) {
    try {
      return stream.poll(ROUND);
    } catch (ClientException e) {
      if (e.problem() == Problem.POSITION_LOST || e.problem() == Problem.NOT_AUTHORISED) {
        throw e;
      }
      LOG.atWarn().addKeyValue("error", e.getMessage()).log("outcomes cannot be read, trying on");
      return List.of();
    }
  }
}
