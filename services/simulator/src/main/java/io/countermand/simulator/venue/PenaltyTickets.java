package io.countermand.simulator.venue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.SimulatorJson;
import io.countermand.simulator.request.VenueRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tradovate's penalty tickets: the same request counts again with its ticket, after its time. */
final class PenaltyTickets {

  private static final Duration CAPTCHA = Duration.ofHours(1);

  private final Map<String, Penalty> penalties = new HashMap<>();
  private final InstantSource clock;
  private Instant captchaUntil = Instant.MIN;

  PenaltyTickets(InstantSource clock) {
    this.clock = clock;
  }

  synchronized HttpAnswer issue(VenueRequest ask, Fault.Ticket asked) {
    var ticket = UUID.randomUUID().toString();
    var until = clock.instant().plus(asked.captcha() ? CAPTCHA : asked.time());
    penalties.put(ticket, new Penalty(asked, without(ask.body()), until));
    if (asked.captcha()) {
      captchaUntil = until;
    }
    var body = SimulatorJson.object().put("p-ticket", ticket).put("p-time", asked.seconds());
    return HttpAnswer.json(200, (asked.captcha() ? body.put("p-captcha", true) : body).toString());
  }

  /**
   * Null if the request has no ticket, or a good one in time; a ticket is good once. No request is
   * good within an hour after a captcha: it starts the hour anew.
   */
  synchronized @Nullable NotAdmitted refuse(VenueRequest ask) {
    if (clock.instant().isBefore(captchaUntil)) {
      return new NotAdmitted("captcha", issue(ask, new Fault.Ticket(60, true)));
    }
    var ticket = SimulatorJson.text(ask.body(), "p-ticket");
    if (ticket == null) {
      return null;
    }
    var penalty = penalties.remove(ticket);
    if (penalty == null) {
      return new NotAdmitted("ticket-wrong", issue(ask, new Fault.Ticket(60, false)));
    }
    if (clock.instant().isBefore(penalty.until)) {
      return new NotAdmitted("ticket-early", issue(ask, penalty.asked));
    }
    return penalty.body.equals(without(ask.body()))
        ? null
        : new NotAdmitted("ticket-other-body", issue(ask, penalty.asked));
  }

  private static JsonNode without(JsonNode body) {
    return body instanceof ObjectNode object ? object.deepCopy().without("p-ticket") : body;
  }

  private record Penalty(Fault.Ticket asked, JsonNode body, Instant until) {}
}
