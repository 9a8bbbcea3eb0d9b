package io.countermand.audit.check;

import io.countermand.audit.source.AuditRules;
import io.countermand.domain.Reply;
import io.countermand.domain.ReplyKind;
import io.countermand.domain.lifecycle.LedgerEvent.Replied;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.domain.lifecycle.ReplyReader.Rereading;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether each recorded answer means what its record says. The readers are found on the class path:
 * this module knows no adapter and can call no venue.
 */
final class ReplyCheck {

  private static final Map<String, ReplyReader> READERS =
      ServiceLoader.load(ReplyReader.class).stream()
          .map(ServiceLoader.Provider::get)
          .collect(Collectors.toUnmodifiableMap(ReplyReader::adapter, Function.identity()));

  private final OrderHistory history;
  private final AuditRules rules;
  private final AuditScope scope;
  private final Findings findings;

  ReplyCheck(OrderHistory history, AuditRules rules, AuditScope scope, Findings findings) {
    this.history = history;
    this.rules = rules;
    this.scope = scope;
    this.findings = findings;
  }

  void check() {
    for (OrderHistory.Said said : history.progress) {
      if (said.event() instanceof Replied replied && scope.judged(replied.cancel().receivedAt())) {
        check(replied, said.answer());
      }
    }
  }

  private void check(Replied replied, @Nullable String answer) {
    if (answer == null) {
      findings.note("replies without a venue's answer (time-out, no connection, no call)");
      return;
    }
    String adapter = rules.adapters().get(replied.cancel().order().venue());
    ReplyReader reader = adapter == null ? null : READERS.get(adapter);
    if (reader == null) {
      findings.note("answers not read again: of an adapter that is not known here");
      return;
    }
    switch (reader.again(replied, answer)) {
      case Rereading.Same _ -> findings.note("answers read again, as their adapter read them");
      case Rereading.Untold(String why) -> findings.note("answers not read again: " + why);
      case Rereading.Other(Reply means) ->
          findings.add(
              DifferenceKind.REPLY_MISREAD,
              replied,
              "the record says "
                  + words(replied.reply())
                  + ", its answer says "
                  + words(means)
                  + ": "
                  + answer);
    }
  }

  private static String words(Reply reply) {
    String why = reply instanceof Reply.Refused refused ? "(" + refused.reason() + ")" : "";
    return ReplyKind.of(reply) + why + " " + reply.told();
  }
}
