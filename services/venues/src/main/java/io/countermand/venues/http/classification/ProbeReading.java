package io.countermand.venues.http.classification;

import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.CallResult;
import io.countermand.venues.Probe;
import io.countermand.venues.Probe.Credential;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Texts;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the answer to a probe: 2xx, 401 and 403 show the venue, and the credential. */
public final class ProbeReading {

  private ProbeReading() {}

  /**
   * A page is a firewall's, a proxy's or a web site's, whatever status it has: no API answers so.
   */
  public static Classified read(HttpReply reply) {
    return switch (reply.status()) {
      case 200, 201, 202, 203, 204 -> isPage(reply) ? Classified.byStatus(reply) : taken(reply);
      default -> Classified.ofCredential(reply);
    };
  }

  static Classified taken(HttpReply reply) {
    return Classified.of(
        new Reply.Accepted(ReplyDetails.of(reply.code(), "HTTP " + reply.status())));
  }

  /**
   * Of a call without a credential: who refuses it in an API's words is at work. A page with 401 or
   * 403 is a proxy's or a firewall's; 404 is of no route that the adapter knows.
   *
   * @param read the dialect's reading of a probe
   */
  public static Classified withoutCredential(
      HttpReply reply, Function<HttpReply, Classified> read) {
    return switch (reply.status()) {
      case 401 ->
          isPage(reply)
              ? Classified.ambiguous(reply.code(), Texts.describe(reply))
              : read.apply(reply);
      case 403 -> isPage(reply) ? Classified.byStatus(reply) : read.apply(reply);
      case 400, 422 -> reply.json().isObject() ? taken(reply) : read.apply(reply);
      default -> read.apply(reply);
    };
  }

  private static boolean isPage(HttpReply reply) {
    return reply.body().stripLeading().startsWith("<");
  }

  /**
   * @param authenticates whether the call carried a credential
   */
  public static Probe of(CallResult answer, boolean authenticates) {
    return of(answer.reply(), detail(answer), authenticates);
  }

  /**
   * Of a WebSocket's handshake that was answered with a status, and carried the credential. There
   * is no connection then, whatever the status.
   */
  public static Probe ofHandshake(HttpReply refusal, String detail) {
    Probe found = of(Classified.ofCredential(refusal).reply(), detail, true);
    return new Probe(
        found.reachable(), found.serves(), false, found.credential(), found.detail(), found.todo());
  }

  private static Probe of(Reply reply, String detail, boolean authenticates) {
    return switch (reply) {
      case Reply.Accepted r ->
          new Probe(
              true,
              true,
              authenticates ? Credential.GOOD : Credential.NOT_TRIED,
              detail,
              "404".equals(r.told().code())
                  ? "the path was not seen to exist: check base-url, with its path"
                  : "");
      case Reply.Unauthorized r when !authenticates ->
          new Probe(
              true,
              true,
              Credential.UNKNOWN,
              detail,
              "the probe carries no credential, so none was refused: check base-url and any proxy");
      case Reply.Unauthorized r ->
          new Probe(true, true, Credential.REFUSED, detail, "mend the credential");
      case Reply.NotSent r -> Probe.silent(detail);
      case Reply.Ambiguous r when r.told().code() == null -> Probe.silent(detail);
      case Reply.Ambiguous r ->
          new Probe(true, false, Credential.UNKNOWN, detail, todo(r.told().code()));
      default ->
          new Probe(true, true, Credential.UNKNOWN, detail, "wait as long as the venue asks for");
    };
  }

  /** Of a call that was sent without a credential, though the venue wants one. */
  public static Probe ofUntried(CallResult answer) {
    return switch (answer.reply()) {
      case Reply.Accepted r -> untried(r);
      case Reply.Unauthorized r -> untried(r);
      default -> of(answer, false);
    };
  }

  private static Probe untried(Reply reply) {
    return new Probe(
        true, Credential.NOT_TRIED, "HTTP %s without a credential".formatted(reply.told().code()));
  }

  private static String detail(CallResult answer) {
    @Nullable String message = answer.reply().told().message();
    return message == null ? answer.reply().getClass().getSimpleName() : message;
  }

  /** Of a status that is no answer of the venue's API to its probe. */
  private static String todo(@Nullable String status) {
    String code = status == null ? "" : status;
    if (code.equals("401") || code.equals("403")) { // else it is the credential's
      return "credential not tried; what answered is a page: check base-url and any proxy";
    }
    return code.startsWith("5")
        ? "the venue fails, or a gateway before it: look at its status page, ask again"
        : code.startsWith("2") || code.startsWith("3") || code.equals("404") || code.equals("410")
            ? "this is not the venue's API: check base-url, with its path, and any proxy between"
            : "ask the venue what it means";
  }
}
