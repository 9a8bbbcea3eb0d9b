// Over 300 lines: all that can be asked of a venue, and the ways to make an adapter.
package io.countermand.venues.http;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.BulkAnswer;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.OrderPage;
import io.countermand.venues.Probe;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.ProbeReading;
import io.countermand.venues.http.login.CredentialWatches;
import io.countermand.venues.http.login.LoginDialect;
import io.countermand.venues.http.login.RenewedToken;
import io.countermand.venues.http.login.TokenSource;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.HttpTransport;
import io.countermand.venues.http.transport.Scrubber;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A venue that is one {@link HttpDialect} over HTTP. Thread-safe. */
public final class HttpVenueAdapter implements VenueAdapter {

  private final Capabilities capabilities;
  private final HttpDialect dialect;
  private final VenueSettings settings;
  private final HttpTransport transport;
  private final TokenSource tokens;
  private final Scrubber scrubber;
  private final CallSequence calls;
  private final boolean authenticates;
  private final @Nullable LoginDialect login;

  private HttpVenueAdapter(
      VenueSettings settings,
      Capabilities capabilities,
      HttpDialect dialect,
      HttpTransport transport,
      TokenSource tokens,
      Scrubber scrubber,
      boolean authenticates,
      @Nullable LoginDialect login) {
    this.authenticates = authenticates;
    this.login = login;
    this.settings = settings;
    this.capabilities = capabilities;
    this.dialect = dialect;
    this.transport = transport;
    this.tokens = tokens;
    this.scrubber = scrubber;
    CredentialCheck credential =
        new CredentialCheck(
            transport,
            settings.governor(),
            scrubber,
            settings.clock(),
            dialect.probe(),
            dialect::readProbe,
            authenticates);
    this.calls =
        new CallSequence(
            transport,
            tokens,
            settings.governor(),
            scrubber,
            settings.clock(),
            credential,
            dialect::show);
  }

  /**
   * With a bearer token that never changes, unless it is one of the credentials and they do.
   *
   * @param token null: calls carry no Authorization
   */
  public static HttpVenueAdapter withToken(
      VenueSettings settings,
      Capabilities capabilities,
      HttpDialect dialect,
      @Nullable Secret token) {
    Scrubber scrubber = Scrubber.of(settings);
    Optional<String> name = token == null ? Optional.empty() : settings.credentials().nameOf(token);
    return new HttpVenueAdapter(
        settings,
        capabilities,
        dialect,
        new HttpTransport(settings),
        name.map(each -> TokenSource.of(CredentialWatches.of(settings, scrubber, () -> {}), each))
            .orElseGet(() -> TokenSource.fixed(token)),
        scrubber,
        token != null,
        null);
  }

  /**
   * As {@link #withToken}, and with more that must not be shown, such as ids in the URL.
   *
   * @param more secrets beside the credentials
   */
  public static HttpVenueAdapter withSecrets(
      VenueSettings settings,
      Capabilities capabilities,
      HttpDialect dialect,
      Collection<Secret> more) {
    return new HttpVenueAdapter(
        settings,
        capabilities,
        dialect,
        new HttpTransport(settings),
        TokenSource.fixed(null),
        Scrubber.of(settings, more),
        false,
        null);
  }

  /** With tokens that the venue issues, renewed as they expire. */
  public static HttpVenueAdapter withLogin(
      VenueSettings settings, Capabilities capabilities, HttpDialect dialect, LoginDialect login) {
    HttpTransport transport = new HttpTransport(settings);
    Scrubber scrubber = Scrubber.of(settings);
    TokenSource tokens =
        new RenewedToken(
            login,
            transport,
            scrubber,
            settings.governor(),
            settings.clock(),
            changed -> CredentialWatches.of(settings, scrubber, changed));
    return new HttpVenueAdapter(
        settings, capabilities, dialect, transport, tokens, scrubber, true, login);
  }

  /** For what else needs the venue's token, such as its feed. */
  public TokenSource tokens() {
    return tokens;
  }

  /** For what else keeps the venue's words, such as its feed. */
  public Scrubber scrubber() {
    return scrubber;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return dialect.check(request);
  }

  @Override
  public CallResult cancel(CancelRequest request, Duration timeout) {
    return checked(request, dialect::cancel, reply -> dialect.readCancel(request, reply), timeout);
  }

  @Override
  public CallResult status(CancelRequest request, Duration timeout) {
    return capabilities.canQuery()
        ? checked(request, dialect::status, reply -> dialect.readStatus(request, reply), timeout)
        : local(new Reply.Refused(Reason.UNSUPPORTED, ReplyDetails.of(null, "no status query")));
  }

  @Override
  public CallResult history(CancelRequest request, Duration timeout) {
    HttpCall call = dialect.check(request).isPresent() ? null : dialect.history(request);
    return call == null
        ? local(
            new Reply.Refused(
                Reason.UNSUPPORTED, ReplyDetails.of(null, "no record of an order's states")))
        : calls.aside(shown(call, request), reply -> dialect.readStatus(request, reply), timeout);
  }

  private CallResult checked(
      CancelRequest request,
      Function<CancelRequest, HttpCall> call,
      Function<HttpReply, Classified> read,
      Duration timeout) {
    Optional<Reply.Refused> refused = dialect.check(request);
    return refused.isPresent()
        ? local(refused.get())
        : calls.run(shown(call.apply(request), request), read, timeout);
  }

  @Override
  public OrderPage openOrders(@Nullable String account, @Nullable String cursor, Duration timeout) {
    if (!capabilities.canList()) {
      return OrderPage.unsupported();
    }
    Instant sentAt = settings.clock().instant();
    var page = new AtomicReference<@Nullable OrderPage>();
    CallResult answer =
        calls.run(
            dialect.openOrders(account, cursor),
            reply -> {
              OrderPage read =
                  dialect.readOpenOrders(settings.instance(), account, cursor, reply, sentAt);
              page.set(read);
              return read == null ? Classified.byStatus(reply) : Classified.of(read.reply());
            },
            timeout);
    OrderPage read = page.get();
    return answer.reply() instanceof Reply.Accepted && read != null
        ? scrubber.scrub(read)
        : OrderPage.failed(answer.reply());
  }

  @Override
  public BulkAnswer cancelAll(String account, Duration timeout) {
    if (!capabilities.cancelsAll()) {
      return VenueAdapter.super.cancelAll(account, timeout);
    }
    var ids = new AtomicReference<Set<String>>(Set.of());
    CallResult answer =
        calls.run(
            dialect.cancelAll(account),
            reply -> {
              Classified verdict = dialect.readCancelAll(reply);
              ids.set(
                  verdict.reply() instanceof Reply.Accepted
                      ? dialect.readCanceled(reply).stream()
                          .map(scrubber::line)
                          .collect(Collectors.toSet())
                      : Set.of());
              return verdict;
            },
            timeout);
    return new BulkAnswer(
        answer,
        answer.reply() instanceof Reply.Accepted ? Objects.requireNonNull(ids.get()) : Set.of());
  }

  @Override
  public AccountList accounts(Duration timeout) {
    if (!capabilities.tellsAccounts()) {
      return AccountList.unsupported();
    }
    Instant askedAt = settings.clock().instant();
    var list = new AtomicReference<@Nullable AccountList>();
    CallResult answer =
        calls.run(
            dialect.accounts(),
            reply -> {
              AccountList read = dialect.readAccounts(reply, askedAt);
              list.set(read);
              return read == null ? Classified.byStatus(reply) : Classified.of(read.reply());
            },
            timeout);
    AccountList read = list.get();
    return answer.reply() instanceof Reply.Accepted && read != null
        ? read
        : AccountList.failed(answer.reply(), askedAt);
  }

  private HttpCall shown(HttpCall call, CancelRequest request) {
    return settings.http().traceparent() ? call.traced(request.trace()) : call;
  }

  private CallResult local(Reply reply) {
    return CallResult.local(reply, settings.clock().instant());
  }

  @Override
  public Probe probe(Duration timeout) {
    CallResult answer = calls.probe(dialect.probe(), dialect::readProbe, timeout);
    return ProbeReading.of(answer, authenticates);
  }

  @Override
  public Optional<String> loginCost() {
    return login == null ? Optional.empty() : Optional.of(login.cost());
  }

  @Override
  public Probe probeWithoutLogin(Duration timeout) {
    if (login == null) {
      return probe(timeout);
    }
    return ProbeReading.ofUntried(
        calls.withoutToken(
            dialect.probe(),
            reply -> ProbeReading.withoutCredential(reply, dialect::readProbe),
            timeout));
  }

  @Override
  public Optional<String> credentialProblem() {
    return settings.credentials().problem();
  }

  @Override
  public void close() {
    tokens.close();
    transport.close();
  }
}
