// Over 300 lines: the steps of one call, each with its ways to fail.
package io.countermand.venues.crosstrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.CredentialWatch;
import io.countermand.venues.Probe;
import io.countermand.venues.Probe.Credential;
import io.countermand.venues.Secret;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.classification.PauseRules;
import io.countermand.venues.http.classification.ProbeReading;
import io.countermand.venues.http.login.CredentialWatches;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Scrubber;
import io.countermand.venues.limits.Pause;
import io.countermand.venues.ws.WsConnection;
import io.countermand.venues.ws.WsKeeper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** CrossTrade's WebSocket API: the REST calls as RPC. Connects at the first call. Thread-safe. */
final class CrossTradeWsAdapter implements VenueAdapter {

  private static final int MAX_MESSAGE = 256 * 1024;

  /** After so long without an answer a ping asks whether the connection lives. */
  private static final Duration SUSPECT = Duration.ofMillis(750);

  /** So long the pong may take. */
  private static final Duration PONG = Duration.ofMillis(1_500);

  private final Capabilities capabilities;
  private final VenueSettings settings;
  private final Scrubber scrubber;
  private final CrossTradeSocket socket;
  private final WsKeeper keeper;
  private final CredentialWatch watch;
  private final String accountsRpc;

  /** Ids are unique over restarts and processes, so that no late answer finds a wrong call. */
  private final String idPrefix = UUID.randomUUID().toString().substring(0, 8) + "-";

  private final AtomicLong ids = new AtomicLong();

  /** One call: its message by its id, and what the answer at that time means. */
  private record Rpc(
      Function<String, String> text, BiFunction<JsonNode, Instant, Classified> read) {}

  /**
   * @param accountsRpc name of the call that lists the accounts
   */
  CrossTradeWsAdapter(
      VenueSettings settings,
      Capabilities capabilities,
      URI uri,
      WsKeeper.Timing timing,
      String accountsRpc) {
    this.accountsRpc = accountsRpc;
    this.settings = settings;
    this.capabilities = capabilities;
    this.scrubber = Scrubber.of(settings);
    this.watch = CredentialWatches.of(settings, scrubber, () -> {});
    this.socket = new CrossTradeSocket(() -> watch.now().get("token"), this::refused);
    this.keeper =
        new WsKeeper(
            uri,
            MAX_MESSAGE,
            timing,
            settings.http(),
            settings.governor(),
            settings.clock(),
            socket);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return CrossTradeChecks.check(request);
  }

  @Override
  public CallResult cancel(CancelRequest request, Duration timeout) {
    return call(CrossTradeRpc.CANCEL, request, timeout);
  }

  @Override
  public CallResult status(CancelRequest request, Duration timeout) {
    return call(CrossTradeRpc.STATUS, request, timeout);
  }

  @Override
  public AccountList accounts(Duration timeout) {
    Instant askedAt = settings.clock().instant();
    var list = new AtomicReference<@Nullable AccountList>();
    CallResult answer =
        call(
            new Rpc(
                id -> CrossTradeRpc.message(id, accountsRpc),
                (message, at) -> {
                  AccountList read = CrossTradeRpc.accounts(message, askedAt);
                  list.set(read);
                  return read == null
                      ? CrossTradeRpc.refusal(message, at)
                      : Classified.of(read.reply());
                }),
            timeout);
    AccountList read = list.get();
    return answer.reply() instanceof Reply.Accepted && read != null
        ? read
        : AccountList.failed(answer.reply(), askedAt);
  }

  private CallResult call(String api, CancelRequest request, Duration timeout) {
    Optional<Reply.Refused> refused = check(request);
    return refused.isPresent()
        ? local(refused.get())
        : call(
            new Rpc(
                id -> CrossTradeRpc.message(id, api, request.cancel().order()),
                (message, at) ->
                    CrossTradeRpc.read(api, message, request.cancel().order().orderId(), at)),
            timeout);
  }

  private CallResult call(Rpc rpc, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    watch.start();
    CompletableFuture<CrossTradeSocket.Line> line = socket.line();
    Optional<Pause> pause = settings.governor().paused();
    if (pause.isPresent()) {
      return local(PauseRules.reply(pause.get()));
    }
    keeper.start();
    return switch (CrossTradeSocket.await(line, timeout)) {
      case CrossTradeSocket.Line.Open(WsConnection connection) -> over(connection, rpc, end);
      case CrossTradeSocket.Line.Down(String why, HttpReply refusal) ->
          local(refusal == null ? notSent(why) : refusal(refusal));
    };
  }

  private CallResult over(WsConnection connection, Rpc rpc, long end) {
    Optional<Pause> pause = settings.governor().paused();
    if (pause.isPresent()) {
      return local(PauseRules.reply(pause.get()));
    }
    String id = idPrefix + ids.incrementAndGet();
    String text = rpc.text().apply(id);
    CompletableFuture<CrossTradeSocket.Outcome> outcome = socket.expect(id, connection);
    Instant sentAt = settings.clock().instant();
    try {
      return switch (connection.send(text, left(end))) {
        case NOT_SENT -> local(notSent("the connection was busy or gone"));
        case BROKEN -> sent(lost(connection.why()), sentAt, text, null);
        case SENT -> answer(rpc, connection, outcome, sentAt, text, end);
      };
    } finally {
      socket.forget(id);
    }
  }

  private CallResult answer(
      Rpc rpc,
      WsConnection connection,
      CompletableFuture<CrossTradeSocket.Outcome> outcome,
      Instant sentAt,
      String text,
      long end) {
    try {
      return switch (await(outcome, connection, end)) {
        case CrossTradeSocket.Outcome.Lost(String why) -> sent(lost(why), sentAt, text, null);
        case CrossTradeSocket.Outcome.Answered(JsonNode message, String response) -> {
          Classified verdict = rpc.read().apply(message, settings.clock().instant());
          close(verdict, end);
          yield sent(verdict.reply(), sentAt, text, response);
        }
      };
    } catch (TimeoutException e) {
      return sent(lost("no answer in time"), sentAt, text, null);
    } catch (ExecutionException e) {
      return sent(lost("no answer"), sentAt, text, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return sent(lost("interrupted while waiting for the answer"), sentAt, text, null);
    }
  }

  /**
   * Waits, but finds out early whether anybody is there: the JDK's WebSocket loses an end of file
   * that comes while a message is handed over (its InternalError goes nowhere), and then takes what
   * is sent as sent. A slow venue still answers a ping.
   */
  private static CrossTradeSocket.Outcome await(
      CompletableFuture<CrossTradeSocket.Outcome> outcome, WsConnection connection, long end)
      throws InterruptedException, ExecutionException, TimeoutException {
    long sent = System.nanoTime();
    try {
      return get(outcome, SUSPECT, end);
    } catch (TimeoutException e) {
      if (!connection.heardSince(sent)) {
        connection.ping(left(end));
      }
    }
    try {
      return get(outcome, PONG, end);
    } catch (TimeoutException e) {
      if (!connection.heardSince(sent) && left(end).toNanos() > 1) {
        connection.abort("neither answer nor pong");
      }
    }
    return outcome.get(left(end).toNanos(), TimeUnit.NANOSECONDS);
  }

  private static CrossTradeSocket.Outcome get(
      CompletableFuture<CrossTradeSocket.Outcome> outcome, Duration most, long end)
      throws InterruptedException, ExecutionException, TimeoutException {
    long wait = Math.min(most.toNanos(), left(end).toNanos());
    return outcome.get(wait, TimeUnit.NANOSECONDS);
  }

  private void refused(HttpReply reply) {
    Secret carried = socket.carried();
    if (Classified.ofCredential(reply).reply() instanceof Reply.Unauthorized
        && !watch.lookAgain().get("token").equals(carried)) {
      return; // the next handshake carries another
    }
    PauseRules.close(
        settings.governor(), Classified.ofCredential(reply), scrubber, settings.clock());
  }

  /** An "unauthorized" may be about one account; a handshake with the same token shows which. */
  private void close(Classified verdict, long end) {
    if (!(verdict.reply() instanceof Reply.Unauthorized)) {
      PauseRules.close(settings.governor(), verdict, scrubber, settings.clock());
      return;
    }
    watch.lookAgain();
    WsConnection open = keeper.current();
    if (socket.outdated() && open != null) {
      open.abort("another token is in force");
      return;
    }
    HttpReply refusal = keeper.refusal(left(end));
    if (refusal != null) {
      refused(refusal);
    }
  }

  /** No connection, so nothing of the call was sent, whatever the status. */
  private Reply refusal(HttpReply reply) {
    Reply byStatus = Classified.ofCredential(reply).reply();
    boolean old =
        byStatus instanceof Reply.Unauthorized
            && !watch.now().get("token").equals(socket.carried());
    return old || byStatus instanceof Reply.Ambiguous
        ? notSent("handshake answered with HTTP " + reply.status())
        : byStatus;
  }

  private static Reply notSent(String why) {
    return new Reply.NotSent(Reason.VENUE_UNAVAILABLE, ReplyDetails.of(null, why));
  }

  private static Reply lost(String why) {
    return new Reply.Ambiguous(ReplyDetails.of(null, why));
  }

  private CallResult local(Reply reply) {
    return CallResult.local(scrubber.scrub(reply), settings.clock().instant());
  }

  private CallResult sent(Reply reply, Instant sentAt, String request, @Nullable String response) {
    return new CallResult(
        scrubber.scrub(reply),
        true,
        sentAt,
        settings.clock().instant(),
        scrubber.excerpt(request),
        response == null ? null : scrubber.excerpt(response));
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
  }

  /** The handshake shows both: it carries the credential. */
  @Override
  public Probe probe(Duration timeout) {
    watch.start();
    CompletableFuture<CrossTradeSocket.Line> line = socket.line();
    Optional<Pause> pause = settings.governor().paused();
    if (pause.isPresent()) {
      return new Probe(false, Credential.UNKNOWN, "paused until " + pause.get().until());
    }
    keeper.start();
    return switch (CrossTradeSocket.await(line, timeout)) {
      case CrossTradeSocket.Line.Open(WsConnection c) ->
          new Probe(true, Credential.GOOD, "connected");
      case CrossTradeSocket.Line.Down(String why, HttpReply refusal) ->
          refusal == null ? Probe.silent(why) : ProbeReading.ofHandshake(refusal, why);
    };
  }

  @Override
  public Optional<String> credentialProblem() {
    return settings.credentials().problem();
  }

  @Override
  public void close() {
    watch.close();
    keeper.close();
  }
}
