package io.countermand.simulator.venue;

import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.request.Incoming;
import io.countermand.simulator.request.NotAdmitted;
import io.countermand.simulator.request.VenueRequest;
import io.countermand.simulator.request.VenueResult;
import org.jspecify.annotations.Nullable;

/** One venue's API: reads a request, admits it, does it, and words the answers. */
public interface VenueApi {

  /** What is asked. Never throws: a request that makes no sense has the op "". */
  VenueRequest read(Incoming in);

  /** Authentication, then the rate limit; null if the request may go on. */
  @Nullable NotAdmitted refuse(VenueRequest ask);

  VenueResult act(VenueRequest ask, Canceling canceling);

  HttpAnswer unauthorized();

  HttpAnswer tooMany(@Nullable String retryAfter);

  /** The venue's words for a failure of its own. */
  HttpAnswer failed(int status);

  /** Locks the credential out, where the venue does such a thing. */
  default HttpAnswer lockOut(VenueRequest ask) {
    return tooMany(null);
  }

  default HttpAnswer ticket(VenueRequest ask, Fault.Ticket ticket) {
    return tooMany(String.valueOf(ticket.seconds()));
  }

  /** Makes all tokens given so far invalid, where they can be. */
  default void expireTokens() {}
}
