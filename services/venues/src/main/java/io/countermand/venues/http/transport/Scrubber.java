package io.countermand.venues.http.transport;

import io.countermand.domain.Reply;
import io.countermand.domain.order.OrderEvent;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.Credentials;
import io.countermand.venues.OrderPage;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.secrets.SecretFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of what is kept of a call and of a feed, also where a server echoes them, in
 * whatever way {@link SecretFinder} knows. First that, then the cut to length: half a secret is
 * one, too. Thread-safe.
 */
public final class Scrubber {

  /** Stands where a secret stood. */
  public static final String SECRET = "***";

  /** Excerpts of request and response. */
  private static final int EXCERPT = 2048;

  private static final int MESSAGE = 500;
  private static final int WORD = 100;
  private static final int LINE = 200;

  private final SecretFinder finder;

  public Scrubber(Collection<Secret> secrets) {
    finder = new SecretFinder(secrets);
  }

  /** With all that calls of this venue carry: credentials, the proxy's login, own headers. */
  public static Scrubber of(VenueSettings settings) {
    return of(settings, List.of());
  }

  /**
   * @param more secrets beside those of {@link #of(VenueSettings)}, such as ids in the URL
   */
  public static Scrubber of(VenueSettings settings, Collection<Secret> more) {
    List<Secret> all = new ArrayList<>(settings.credentials().secrets());
    all.addAll(more);
    Secret login = settings.http().proxyLogin();
    if (login != null) {
      all.add(login);
      all.add(Secret.of(login.reveal().substring(login.reveal().indexOf(':') + 1)));
    }
    settings
        .http()
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase("User-Agent")) {
                all.add(Secret.of(value));
              }
            });
    return new Scrubber(all);
  }

  /** Knows from now on what has taken the credentials' place, beside what it knew. */
  public void keep(Credentials credentials) {
    credentials.secrets().forEach(finder::keep);
  }

  /** Learns a token that was issued meanwhile. */
  public void learn(Secret token) {
    finder.learn(token);
  }

  /** At most 2 KiB in UTF-8, whatever the characters; what is no text stays visible as such. */
  public String excerpt(String text) {
    String clipped = Texts.excerpt(finder.replace(text, EXCERPT, SECRET), EXCERPT);
    byte[] bytes = clipped.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= EXCERPT ? clipped : Texts.clip(clipped, EXCERPT / 3);
  }

  /** Whether an {@link #excerpt} may be less than the text; an uncut one may be as long. */
  public static boolean perhapsCut(String excerpt) {
    return excerpt.length() >= EXCERPT || excerpt.length() == EXCERPT / 3;
  }

  /** One short line, for a log. */
  public String line(String text) {
    return Texts.clip(finder.replace(text, LINE, SECRET), LINE);
  }

  private @Nullable String word(@Nullable String text, int max) {
    return text == null ? null : Texts.clip(finder.replace(text, max, SECRET), max);
  }

  public ReplyDetails scrub(ReplyDetails told) {
    return new ReplyDetails(
        word(told.code(), WORD),
        word(told.message(), MESSAGE),
        told.ordStatus(),
        word(told.rawStatus(), WORD),
        told.executedQty(),
        told.venueTime());
  }

  /** Null if what names the order holds a secret: then there is no such order. */
  public @Nullable OrderEvent scrub(OrderEvent event) {
    if (finder.in(event.order().account()) || finder.in(event.order().orderId())) {
      return null;
    }
    String clOrdId = event.clOrdId();
    return new OrderEvent(
        event.order(),
        clOrdId == null ? null : finder.replace(clOrdId, SECRET),
        event.ordStatus(),
        word(event.rawStatus(), WORD),
        event.orderQty(),
        event.cumQty(),
        event.leavesQty(),
        event.avgPx(),
        event.venueTime(),
        event.sequence(),
        event.correction(),
        event.source(),
        event.cancelId(),
        event.observedAt(),
        event.details());
  }

  /** Less the orders whose names hold a secret; it is no longer whole then. */
  public OrderPage scrub(OrderPage page) {
    List<OrderEvent> orders = new ArrayList<>(page.orders().size());
    for (OrderEvent order : page.orders()) {
      OrderEvent scrubbed = scrub(order);
      if (scrubbed != null) {
        orders.add(scrubbed);
      }
    }
    boolean whole = page.whole() && orders.size() == page.orders().size();
    return new OrderPage(scrub(page.reply()), orders, page.next(), whole);
  }

  /** It is sent as it is or not at all. */
  private @Nullable String ticket(@Nullable String continuation) {
    return continuation == null || finder.in(continuation) ? null : continuation;
  }

  public Reply scrub(Reply reply) {
    ReplyDetails told = scrub(reply.told());
    return switch (reply) {
      case Reply.Canceled r -> new Reply.Canceled(told);
      case Reply.Accepted r -> new Reply.Accepted(told);
      case Reply.NotOpen r -> new Reply.NotOpen(told);
      case Reply.UnknownOrder r -> new Reply.UnknownOrder(told);
      case Reply.GoneOrUnknown r -> new Reply.GoneOrUnknown(told);
      case Reply.Refused r -> new Reply.Refused(r.reason(), r.cxlRejReason(), told);
      case Reply.RetryLater r -> new Reply.RetryLater(r.at(), ticket(r.continuation()), told);
      case Reply.Unauthorized r -> new Reply.Unauthorized(told);
      case Reply.Ambiguous r -> new Reply.Ambiguous(told);
      case Reply.NotSent r -> new Reply.NotSent(r.reason(), told);
      case Reply.Status r -> new Reply.Status(told);
    };
  }
}
