package io.countermand.audit.mass;

import io.countermand.audit.check.AuditScope;
import io.countermand.codec.HeartbeatCodec;
import io.countermand.codec.IntentCodec;
import io.countermand.domain.mass.Heartbeat;
import io.countermand.events.DeadManEvent;
import io.countermand.events.HeartbeatNotice;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells heartbeats, ticks and fires apart, and passes over what the ledger passes over. */
final class HeartbeatReader {

  private final AuditScope scope;
  private final DeadManChecks checks;

  HeartbeatReader(AuditScope scope, DeadManChecks checks) {
    this.scope = scope;
    this.checks = checks;
  }

  /**
   * @param value null: it cannot be read
   */
  void take(
      io.countermand.events.@Nullable Heartbeat value, byte @Nullable [] key, MassRecords.At at) {
    if (scope.deadLetter(at.at()) != null) {
      return; // whatever we can read by now
    }
    String name = key == null ? null : new String(key, StandardCharsets.UTF_8);
    if (value == null) {
      checks.unreadable(name, at);
    } else if (value.getTick() != null) {
      checks.tick(at);
    } else if (value.getNotice() == null) {
      Heartbeat word = HeartbeatCodec.fromAvro(value);
      if (word.problems().isEmpty() && word.switchId().equals(name)) {
        checks.heard(word, at);
      }
    } else if (value.getNotice().getWhat() == DeadManEvent.FIRED) {
      HeartbeatNotice notice = value.getNotice();
      checks.fired(
          new DeadManChecks.Fired(
              value.getSwitchId(),
              IntentCodec.fromAvro(notice.getHeartbeat()),
              notice.getMassId(),
              notice.getAt()),
          at);
    }
  }
}
