package io.countermand.venues.http;

import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.Answer;
import io.countermand.venues.Probe;
import org.jspecify.annotations.Nullable;

/** Reads the answer to a probe: any answer shows the venue, 401 and 403 show the credential. */
final class Probes {

  private Probes() {}

  static Verdict read(HttpReply reply) {
    Told told = Told.of(reply.code(), "HTTP " + reply.status());
    return switch (reply.status()) {
      case 200, 201, 202, 203, 204 -> Verdict.of(new Reply.Accepted(told));
      default -> Verdict.ofCredential(reply);
    };
  }

  /**
   * @param authenticates whether the call carried a credential
   */
  static Probe of(Answer answer, boolean authenticates) {
    @Nullable String message = answer.reply().told().message();
    String detail = message == null ? answer.reply().getClass().getSimpleName() : message;
    return switch (answer.reply()) {
      case Reply.Accepted r -> new Probe(true, authenticates ? Boolean.TRUE : null, detail);
      case Reply.Unauthorized r -> new Probe(true, false, detail);
      case Reply.NotSent r -> new Probe(false, null, detail);
      case Reply.Ambiguous r when r.told().code() == null -> new Probe(false, null, detail);
      case Reply.Ambiguous r -> new Probe(true, null, false, detail);
      default -> new Probe(true, null, detail);
    };
  }
}
