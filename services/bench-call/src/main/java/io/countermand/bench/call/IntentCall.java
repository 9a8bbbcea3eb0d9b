package io.countermand.bench.call;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import io.countermand.domain.order.OrderRef;
import io.countermand.events.CancelIntent;
import io.countermand.events.serde.Decoded;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.venues.CallResult;
import io.countermand.venues.Credentials;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.Venues;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Intent in, cancel call by Countermand's own adapter, result out. Thread-safe; blocks for the
 * call.
 */
public final class IntentCall implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Evidence NOWHERE = new Evidence("", 0, 0);

  private final EventSerdes serdes;
  private final EventDecoder<CancelIntent> decoder;
  private final VenueAdapter adapter;

  public IntentCall(PeerSettings settings) {
    this.serdes = new EventSerdes(settings.registryUrl());
    this.decoder = serdes.decoder(CancelIntent.class);
    this.adapter =
        Venues.create(
            "crosstrade",
            VenueSettings.of(
                settings.venue(),
                settings.venueUrl(),
                Credentials.of(Map.of("token", settings.token())),
                Map.of(),
                Clock.systemUTC()));
  }

  /**
   * @param value a {@code CancelIntent} in the Confluent wire format
   * @return JSON: cancelId, kind of the reply, the venue's code
   * @throws IllegalArgumentException if it cannot be read
   */
  public byte[] call(byte[] value) {
    CancelIntent intent =
        switch (decoder.decode("intents", value)) {
          case Decoded.Ok<CancelIntent>(CancelIntent read) -> read;
          case Decoded.Poison<CancelIntent>(var kind, String text) ->
              throw new IllegalArgumentException(kind + ": " + text);
        };
    CallResult answer = adapter.cancel(request(intent), TIMEOUT);
    return "{\"cancelId\":\"%s\",\"reply\":\"%s\",\"code\":\"%s\"}"
        .formatted(
            intent.getCancelId(),
            answer.reply().getClass().getSimpleName(),
            answer.reply().told().code())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static CancelRequest request(CancelIntent intent) {
    Instant now = Instant.now();
    var cancel =
        new Cancel(
            intent.getCancelId(),
            new OrderRef(intent.getVenue(), intent.getAccount(), intent.getOrderId()),
            intent.getOrderName(),
            intent.getStrategyId(),
            intent.getClOrdId(),
            intent.getOverride(),
            intent.getIsAutomated(),
            null,
            intent.getCreatedAt(),
            now.plus(TIMEOUT),
            now,
            NOWHERE,
            "");
    return new CancelRequest(cancel, RequestKind.CANCEL, 1, null, now);
  }

  @Override
  public void close() {
    adapter.close();
    serdes.close();
  }
}
