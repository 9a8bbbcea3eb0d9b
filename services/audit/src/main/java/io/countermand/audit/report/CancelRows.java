package io.countermand.audit.report;

import io.countermand.audit.check.AuditScope;
import io.countermand.audit.check.OrderHistory;
import io.countermand.audit.source.DuckDb;
import io.countermand.domain.Cancel;
import io.countermand.domain.Outcome;
import io.countermand.domain.Requester;
import io.countermand.domain.decision.DeskDecision;
import io.countermand.domain.lifecycle.LedgerEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Writes a row per judged cancel; docs/audit.md describes the columns. One thread. */
public final class CancelRows implements AutoCloseable {

  static final String TABLE = "cancels";

  private static final String COLUMNS =
      """
      (cancel_id VARCHAR, venue VARCHAR, account VARCHAR, order_id VARCHAR,
      algorithm VARCHAR, trader VARCHAR, desk VARCHAR, client VARCHAR, override BOOLEAN,
      automated BOOLEAN, created_at TIMESTAMP, received_at TIMESTAMP, deadline TIMESTAMP,
      decision VARCHAR, queued BOOLEAN, decided_by_desk_at TIMESTAMP,
      started_at TIMESTAMP, sent_at TIMESTAMP, replied_at TIMESTAMP, calls INTEGER,
      requests INTEGER, result VARCHAR, reason VARCHAR, cxl_rej_reason VARCHAR,
      decided_by VARCHAR, ord_status VARCHAR, executed_qty VARCHAR, joined_to VARCHAR,
      decided_at TIMESTAMP, published_at TIMESTAMP, intent_partition INTEGER,
      intent_offset BIGINT, outcome_partition INTEGER, outcome_offset BIGINT,
      differences INTEGER)""";

  private final AuditScope scope;
  private final DuckDBAppender rows;

  public CancelRows(DuckDBConnection connection, AuditScope scope) throws SQLException {
    this.scope = scope;
    this.rows = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, TABLE);
  }

  public static void create(DuckDBConnection connection) throws SQLException {
    DuckDb.run(connection, "CREATE TABLE " + TABLE + COLUMNS);
  }

  /**
   * @param differences found in the order's history
   */
  public void write(OrderHistory history, int differences) throws SQLException {
    Set<String> written = new HashSet<>();
    for (OrderHistory.Asked asked : history.intents) {
      Cancel cancel = asked.cancel();
      if (cancel != null && scope.judged(asked.time())) {
        OrderHistory.Answered answered = history.outcomeOf(cancel.cancelId());
        boolean its = answered == null || answered.outcome().cancel().intent().equals(asked.at());
        if (its && written.add(cancel.cancelId())) {
          row(history, cancel, answered, differences);
        }
      }
    }
  }

  private void row(
      OrderHistory history,
      Cancel cancel,
      OrderHistory.@Nullable Answered answered,
      int differences)
      throws SQLException {
    Requester who = cancel.requester();
    rows.beginRow();
    rows.append(cancel.cancelId())
        .append(cancel.order().venue())
        .append(cancel.order().account())
        .append(cancel.order().orderId())
        .append(who == null ? null : who.algorithm())
        .append(who == null ? null : who.trader())
        .append(who == null ? null : who.desk())
        .append(who == null ? null : who.client())
        .append(cancel.override())
        .append(cancel.isAutomated());
    time(cancel.createdAt());
    time(cancel.receivedAt());
    time(cancel.deadline());
    steps(history, cancel);
    Outcome outcome = answered == null ? null : answered.outcome();
    rows.append(outcome == null ? null : outcome.result().name())
        .append(outcome == null ? null : outcome.reason().name())
        .append(name(outcome == null ? null : outcome.cxlRejReason()))
        .append(outcome == null ? null : outcome.decidedBy().name())
        .append(name(outcome == null ? null : outcome.ordStatus()))
        .append(
            outcome == null || outcome.executedQty() == null
                ? null
                : outcome.executedQty().toPlainString())
        .append(outcome == null ? null : outcome.joinedTo());
    time(outcome == null ? null : outcome.decidedAt());
    time(answered == null ? null : answered.time());
    rows.append(cancel.intent().partition()).append(cancel.intent().offset());
    if (answered == null) {
      rows.appendNull().appendNull();
    } else {
      rows.append(answered.at().partition()).append(answered.at().offset());
    }
    rows.append(differences);
    rows.endRow();
  }

  private void steps(OrderHistory history, Cancel cancel) throws SQLException {
    String id = cancel.cancelId();
    LedgerEvent.Decided desk = null;
    LedgerEvent.Started started = null;
    Instant sent = null;
    Instant replied = null;
    int calls = 0;
    for (OrderHistory.Said said : history.progress) {
      if (!said.event().cancel().cancelId().equals(id)) {
        continue;
      }
      switch (said.event()) {
        case LedgerEvent.Decided one -> desk = desk == null ? one : desk;
        case LedgerEvent.Started one -> started = started == null ? one : started;
        case LedgerEvent.Replied one -> {
          calls += one.sent() ? 1 : 0;
          if (one.sent() && sent == null) {
            sent = one.sentAt();
            replied = one.time();
          }
        }
        default -> {}
      }
    }
    int requests = 0;
    for (OrderHistory.Requested one : history.retries) {
      requests += one.request().cancel().cancelId().equals(id) ? 1 : 0;
    }
    rows.append(desk == null ? null : word(desk.decision()));
    rows.append(
        desk != null
            && desk.decision() instanceof DeskDecision.Route(_, boolean waits, _)
            && waits);
    time(desk == null ? null : desk.time());
    time(started == null ? null : started.time());
    time(sent);
    time(replied);
    rows.append(calls).append(requests);
  }

  static String word(DeskDecision decision) {
    return switch (decision) {
      case DeskDecision.Route _ -> "ROUTED";
      case DeskDecision.Refuse _ -> "REFUSED";
      case DeskDecision.Join _ -> "JOINED";
      case DeskDecision.Repeat _ -> "REPEATED";
    };
  }

  private static @Nullable String name(@Nullable Enum<?> value) {
    return value == null ? null : value.name();
  }

  private void time(@Nullable Instant at) throws SQLException {
    if (at == null) {
      rows.appendNull();
    } else {
      rows.appendEpochMicros(Math.addExact(at.getEpochSecond() * 1_000_000L, at.getNano() / 1000));
    }
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
