package io.countermand.venues.http;

import io.countermand.domain.Reply;
import io.countermand.domain.Told;
import io.countermand.venues.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what is kept of a call, also where a server echoes them, as they are, in
 * JSON or in a URL. Thread-safe.
 */
public final class Scrubber {

  /** Stands where a secret stood. */
  static final String SECRET = "***";

  /** Excerpts of request and response. */
  private static final int EXCERPT = 2048;

  private static final int MESSAGE = 500;
  private static final int WORD = 100;

  /** Tokens rotate: an old one may be echoed for a while, but not for ever. */
  private static final int TOKENS = 16;

  private final List<String> fixed = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();

  public Scrubber(Collection<Secret> secrets) {
    secrets.forEach(secret -> addForms(secret, fixed));
  }

  /** Learns a token that was issued meanwhile. */
  public synchronized void learn(Secret token) {
    if (tokens.contains(token.reveal())) {
      return;
    }
    addForms(token, tokens);
    while (tokens.size() > TOKENS) {
      tokens.removeFirst();
    }
  }

  private static void addForms(Secret secret, List<String> to) {
    String raw = secret.reveal();
    if (raw.isEmpty()) {
      return;
    }
    String json = Json.object().textNode(raw).toString();
    for (String form :
        List.of(
            raw,
            json.substring(1, json.length() - 1),
            URLEncoder.encode(raw, StandardCharsets.UTF_8))) {
      if (!to.contains(form)) {
        to.add(form);
      }
    }
  }

  String scrub(String text) {
    String scrubbed = text;
    for (String secret : fixed) {
      scrubbed = scrubbed.replace(secret, SECRET);
    }
    for (String secret : tokens) {
      scrubbed = scrubbed.replace(secret, SECRET);
    }
    return scrubbed;
  }

  /** At most 2 KiB in UTF-8, whatever the characters; what is no text stays visible as such. */
  public String excerpt(String text) {
    String clipped = Texts.excerpt(scrub(text), EXCERPT);
    byte[] bytes = clipped.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= EXCERPT ? clipped : Texts.clip(clipped, EXCERPT / 3);
  }

  /** Whether an {@link #excerpt} may be less than the text; an uncut one may be as long. */
  static boolean perhapsCut(String excerpt) {
    return excerpt.length() >= EXCERPT || excerpt.length() == EXCERPT / 3;
  }

  /** One short line, for a log. */
  public String line(String text) {
    return Texts.clip(scrub(text), 200);
  }

  private @Nullable String word(@Nullable String text, int max) {
    return text == null ? null : Texts.clip(scrub(text), max);
  }

  public Told scrub(Told told) {
    return new Told(
        word(told.code(), WORD),
        word(told.message(), MESSAGE),
        told.ordStatus(),
        word(told.rawStatus(), WORD),
        told.executedQty(),
        told.venueTime());
  }

  public Reply scrub(Reply reply) {
    Told told = scrub(reply.told());
    return switch (reply) {
      case Reply.Canceled r -> new Reply.Canceled(told);
      case Reply.Accepted r -> new Reply.Accepted(told);
      case Reply.NotOpen r -> new Reply.NotOpen(told);
      case Reply.UnknownOrder r -> new Reply.UnknownOrder(told);
      case Reply.GoneOrUnknown r -> new Reply.GoneOrUnknown(told);
      case Reply.Refused r -> new Reply.Refused(r.reason(), r.cxlRejReason(), told);
      case Reply.RetryLater r -> new Reply.RetryLater(r.at(), r.continuation(), told);
      case Reply.Unauthorized r -> new Reply.Unauthorized(told);
      case Reply.Ambiguous r -> new Reply.Ambiguous(told);
      case Reply.NotSent r -> new Reply.NotSent(r.reason(), told);
      case Reply.Status r -> new Reply.Status(told);
    };
  }
}
