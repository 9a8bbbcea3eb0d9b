package io.countermand.events.serde;

import io.countermand.events.AttemptReplied;
import io.countermand.events.Cancel;
import io.countermand.events.CancelIntent;
import io.countermand.events.CancelProgress;
import io.countermand.events.Evidence;
import io.countermand.events.OrdStatus;
import io.countermand.events.OrderEvent;
import io.countermand.events.ReplyKind;
import io.countermand.events.RequestKind;
import io.countermand.events.Requester;
import java.time.Instant;
import java.util.Map;

/** Records that use every kind of field: unions, times, maps, enums, nested records. */
final class Samples {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");

  private Samples() {}

  static CancelIntent intent(String cancelId) {
    return CancelIntent.newBuilder()
        .setCancelId(cancelId)
        .setVenue("cadenza")
        .setAccount("acc-1")
        .setOrderId("Ω-77")
        .setDeadline(NOW.plusSeconds(5))
        .setRequester(Requester.newBuilder().setAlgorithm("vwap").build())
        .setAttributes(Map.of("desk", "rates"))
        .setCreatedAt(NOW)
        .build();
  }

  static OrderEvent event() {
    return OrderEvent.newBuilder()
        .setVenue("cadenza")
        .setAccount("acc-1")
        .setOrderId("Ω-77")
        .setOrdStatus(OrdStatus.FILLED)
        .setSource("feed:cadenza")
        .setObservedAt(NOW)
        .build();
  }

  static CancelProgress replied() {
    var cancel =
        Cancel.newBuilder()
            .setCancelId("c-1")
            .setVenue("cadenza")
            .setAccount("acc-1")
            .setOrderId("Ω-77")
            .setCreatedAt(NOW)
            .setDeadline(NOW)
            .setReceivedAt(NOW)
            .setIntent(new Evidence("cancel-intents", 3, 77L))
            .setDigest("00")
            .build();
    var replied =
        AttemptReplied.newBuilder()
            .setAttemptId("a-1")
            .setAttemptNo(1)
            .setKind(RequestKind.CANCEL)
            .setReply(ReplyKind.CANCELED)
            .setSent(true)
            .setVenueTime(NOW)
            .build();
    return new CancelProgress(cancel, replied, NOW, "worker-1");
  }
}
