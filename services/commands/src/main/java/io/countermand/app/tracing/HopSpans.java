package io.countermand.app.tracing;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Reply;
import io.countermand.domain.RequestKind;
import io.countermand.domain.TraceContext;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.kafka.trace.Hop;
import io.countermand.observe.otlp.FinishedSpan;
import io.countermand.observe.otlp.FinishedSpan.Kind;
import io.countermand.observe.otlp.FinishedSpan.Moment;
import io.countermand.observe.otlp.FinishedSpan.Place;
import io.countermand.platform.Topics;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Steps as spans, in OpenTelemetry's words where it has some; the rest begins with {@code
 * countermand.}. No account, order id, text of a venue, URL or credential is in one. Thread-safe.
 */
final class HopSpans {

  private static final String DESK = "countermand-desk";
  private static final String LEDGER = "countermand-ledger";

  private static final Pattern METHOD = Pattern.compile("(GET|POST|PUT|PATCH|DELETE) ");
  private static final Pattern STATUS = Pattern.compile("HTTP (\\d{3})\\b");

  /** A code, not a text. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private final Map<String, URI> venues;

  /**
   * @param venues where each is, of which host and port are shown
   */
  HopSpans(Map<String, URI> venues) {
    this.venues = Map.copyOf(venues);
  }

  FinishedSpan span(Hop hop) {
    return switch (hop) {
      case Hop.Decided decided -> decided(decided);
      case Hop.Waited waited -> waited(waited);
      case Hop.Called called -> called(called);
      case Hop.Asked asked -> asked(asked);
      case Hop.Settled settled -> settled(settled);
      case Hop.Spread spread -> spread(spread);
    };
  }

  private static FinishedSpan decided(Hop.Decided hop) {
    Cancel cancel = hop.cancel();
    Map<String, Object> more = of(cancel);
    process(more, Topics.INTENTS);
    more.put("messaging.destination.partition.id", Integer.toString(cancel.intent().partition()));
    more.put("messaging.kafka.offset", cancel.intent().offset());
    more.put("countermand.decision", word(hop.decision().getClass().getSimpleName()));
    switch (hop.decision()) {
      case DeskDecision.Route route -> more.put("countermand.queued", route.queued());
      case DeskDecision.Refuse refuse -> more.put("countermand.reason", refuse.reason().name());
      case DeskDecision.Join join -> more.put("countermand.joined_to", join.leader());
      case DeskDecision.Repeat _ -> {}
    }
    return span(
        hop,
        DESK,
        "process " + Topics.INTENTS,
        Kind.CONSUMER,
        more,
        List.of(new Moment(hop.taken(), "taken")),
        null);
  }

  private FinishedSpan waited(Hop.Waited hop) {
    String venue = hop.request().cancel().order().venue();
    return span(hop, DESK, "wait " + venue, Kind.INTERNAL, of(hop.request()), List.of(), null);
  }

  private FinishedSpan called(Hop.Called hop) {
    CancelRequest request = hop.request();
    String venue = request.cancel().order().venue();
    Map<String, Object> more = of(request);
    URI place = venues.get(venue);
    if (place != null && place.getHost() != null) {
      more.put("server.address", place.getHost());
      more.put("server.port", (long) port(place));
    }
    String reply = word(hop.reply().getClass().getSimpleName());
    more.put("countermand.attempt_id", hop.attemptId());
    more.put("countermand.sent", hop.sentAt() != null);
    more.put("countermand.reply", reply);
    http(more, hop);
    String code = hop.reply().told().code();
    if (code != null && CODE.matcher(code).matches()) {
      more.put("countermand.venue_code", code);
    }
    boolean failed =
        switch (hop.reply()) {
          case Reply.Ambiguous _, Reply.Unauthorized _, Reply.NotSent _ -> true;
          default -> false;
        };
    if (hop.reply() instanceof Reply.NotSent not) {
      more.put("countermand.reason", not.reason().name());
    }
    List<Moment> moments = new ArrayList<>();
    if (hop.sentAt() != null) {
      moments.add(new Moment(hop.sentAt(), "sent"));
      moments.add(new Moment(hop.end(), "replied"));
    }
    String what = request.kind() == RequestKind.CANCEL ? "cancel " : "status ";
    return span(hop, DESK, what + venue, Kind.CLIENT, more, moments, failed ? reply : null);
  }

  private static void http(Map<String, Object> more, Hop.Called hop) {
    Matcher said = METHOD.matcher(hop.said() == null ? "" : hop.said());
    if (said.lookingAt()) {
      more.put("http.request.method", said.group(1));
    }
    Matcher heard = STATUS.matcher(hop.heard() == null ? "" : hop.heard());
    if (heard.lookingAt()) {
      more.put("http.response.status_code", Long.parseLong(heard.group(1)));
    }
  }

  private static FinishedSpan asked(Hop.Asked hop) {
    Map<String, Object> more = of(hop.request());
    send(more, Topics.RETRIES);
    return span(hop, LEDGER, "send " + Topics.RETRIES, Kind.PRODUCER, more, List.of(), null);
  }

  private static FinishedSpan settled(Hop.Settled hop) {
    var outcome = hop.outcome();
    Map<String, Object> more = of(outcome.cancel());
    send(more, Topics.OUTCOMES);
    more.put("countermand.result", outcome.result().name());
    more.put("countermand.reason", outcome.reason().name());
    more.put("countermand.decided_by", outcome.decidedBy().name());
    more.put("countermand.attempts", (long) outcome.attempts().size());
    if (outcome.ordStatus() != null) {
      more.put("countermand.ord_status", outcome.ordStatus().name());
    }
    if (outcome.joinedTo() != null) {
      more.put("countermand.joined_to", outcome.joinedTo());
    }
    boolean failed = outcome.result() == CancelResult.UNRESOLVED;
    return span(
        hop,
        LEDGER,
        "send " + Topics.OUTCOMES,
        Kind.PRODUCER,
        more,
        List.of(),
        hop.joined() == null ? List.of() : List.of(place(hop.joined())),
        failed ? outcome.result().name() : null);
  }

  private static FinishedSpan spread(Hop.Spread hop) {
    Map<String, Object> more = new HashMap<>();
    process(more, Topics.MASS_CANCELS);
    more.put("countermand.mass_id", hop.mass().massId());
    more.put("countermand.dry_run", hop.mass().dryRun());
    String name = "process " + Topics.MASS_CANCELS;
    return span(hop, LEDGER, name, Kind.CONSUMER, more, List.of(), null);
  }

  private static Map<String, Object> of(CancelRequest request) {
    Map<String, Object> more = of(request.cancel());
    more.put("countermand.request", request.kind().name());
    more.put("countermand.attempt_no", (long) request.attemptNo());
    return more;
  }

  private static Map<String, Object> of(Cancel cancel) {
    Map<String, Object> more = new HashMap<>();
    more.put("countermand.cancel_id", cancel.cancelId());
    more.put("countermand.venue", cancel.order().venue());
    if (cancel.massId() != null) {
      more.put("countermand.mass_id", cancel.massId());
    }
    return more;
  }

  private static void process(Map<String, Object> more, String topic) {
    messaging(more, topic, "process");
  }

  private static void send(Map<String, Object> more, String topic) {
    messaging(more, topic, "send");
  }

  private static void messaging(Map<String, Object> more, String topic, String operation) {
    more.put("messaging.system", "kafka");
    more.put("messaging.destination.name", topic);
    more.put("messaging.operation.name", operation);
    more.put("messaging.operation.type", operation);
  }

  private static FinishedSpan span(
      Hop hop,
      String service,
      String name,
      Kind kind,
      Map<String, Object> more,
      List<Moment> moments,
      @Nullable String failed) {
    return span(hop, service, name, kind, more, moments, List.of(), failed);
  }

  private static FinishedSpan span(
      Hop hop,
      String service,
      String name,
      Kind kind,
      Map<String, Object> more,
      List<Moment> moments,
      List<Place> links,
      @Nullable String failed) {
    if (failed != null) {
      more.put("error.type", failed);
    }
    return new FinishedSpan(
        service,
        place(hop.here()),
        hop.parent(),
        name,
        kind,
        hop.start(),
        hop.end(),
        more,
        moments,
        links,
        failed);
  }

  private static Place place(TraceContext at) {
    return new Place(at.traceId(), at.spanId(), at.flags(), at.state());
  }

  private static int port(URI place) {
    return place.getPort() >= 0
        ? place.getPort()
        : List.of("https", "wss").contains(place.getScheme()) ? 443 : 80;
  }

  /** {@code RetryLater} is {@code retry_later}, as metrics have it. */
  private static String word(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
