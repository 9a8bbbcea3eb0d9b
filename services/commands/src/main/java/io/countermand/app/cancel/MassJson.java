package io.countermand.app.cancel;

import io.countermand.domain.mass.KillSwitch;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A mass cancel's report, and the kill switches, as JSON has them: by the door's names. */
final class MassJson {

  private MassJson() {}

  /** One that no last report came of: {@code state} is null. */
  static Map<String, @Nullable Object> pending(MassCancel mass) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", mass.massId());
    fields.put("state", null);
    fields.put("last", false);
    asked(fields, mass);
    return fields;
  }

  static Map<String, @Nullable Object> of(MassReport report) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", report.mass().massId());
    fields.put("state", report.state().name());
    fields.put("last", report.last());
    fields.put("flat", report.flat());
    fields.put("text", report.text());
    fields.put("number", report.number());
    asked(fields, report.mass());
    fields.put("total", report.total());
    fields.put("canceled", report.canceled());
    fields.put("pending", report.pending());
    fields.put("unresolved", report.unresolved());
    fields.put("rejected", new TreeMap<>(report.rejected()));
    fields.put("waiting", report.waiting());
    fields.put("mayBeOpen", report.mayBeOpen());
    fields.put("accounts", report.accounts().stream().map(MassJson::account).toList());
    fields.put("notCovered", report.notCovered());
    fields.put("left", report.left().stream().map(MassJson::left).toList());
    fields.put("leftCut", report.leftCut());
    fields.put("beyond", report.beyond());
    fields.put("beyondUnknown", report.beyondUnknown());
    fields.put("at", report.at().toString());
    return fields;
  }

  static Map<String, @Nullable Object> of(KillSwitch one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", one.mass().massId());
    fields.put("on", one.on());
    fields.put("scope", scope(one.mass().scope()));
    fields.put("since", one.since().toString());
    fields.put("by", one.mass().by());
    fields.put("reason", one.mass().reason());
    fields.put("includingPositionClose", one.mass().includingPositionClose());
    KillSwitch.Release off = one.released();
    fields.put("releasedAt", off == null ? null : off.at().toString());
    fields.put("releasedBy", off == null ? null : off.by());
    fields.put("releaseReason", off == null ? null : off.reason());
    fields.put("releaseId", off == null ? null : off.releaseId());
    return fields;
  }

  private static void asked(Map<String, @Nullable Object> fields, MassCancel mass) {
    fields.put("scope", scope(mass.scope()));
    fields.put("by", mass.by());
    fields.put("reason", mass.reason());
    fields.put("deadline", Objects.toString(mass.deadline(), null));
    fields.put("dryRun", mass.dryRun());
    fields.put("includingPositionClose", mass.includingPositionClose());
    fields.put("keep", mass.keep());
    fields.put("releases", mass.releases());
    fields.put("createdAt", mass.createdAt().toString());
  }

  /** What is given, as it was asked for. */
  private static Map<String, @Nullable Object> scope(MassScope scope) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (scope.all()) {
      fields.put("all", true);
    }
    put(fields, "venue", scope.venue());
    put(fields, "account", scope.account());
    put(fields, "instrument", scope.instrument());
    put(fields, "side", scope.side());
    put(fields, "trader", scope.trader());
    put(fields, "desk", scope.desk());
    put(fields, "algorithm", scope.algorithm());
    put(fields, "client", scope.client());
    return fields;
  }

  private static void put(
      Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value.toString());
    }
  }

  private static Map<String, @Nullable Object> account(MassReport.Account one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("venue", one.venue());
    fields.put("account", one.account());
    fields.put("total", one.total());
    fields.put("canceled", one.canceled());
    fields.put("leftOut", one.leftOut());
    fields.put("untold", one.untold());
    fields.put("lastWord", Objects.toString(one.lastWord(), null));
    return fields;
  }

  private static Map<String, @Nullable Object> left(MassReport.Left one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("order", one.order());
    fields.put("cancelId", one.cancelId());
    fields.put("result", Objects.toString(one.result(), null));
    fields.put("reason", Objects.toString(one.reason(), null));
    return fields;
  }
}
