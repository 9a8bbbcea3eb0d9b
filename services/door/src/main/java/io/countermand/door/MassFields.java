package io.countermand.door;

import io.countermand.events.MassAccount;
import io.countermand.events.MassCancel;
import io.countermand.events.MassLeft;
import io.countermand.events.MassReport;
import io.countermand.events.MassScope;
import io.countermand.events.OrderKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mass cancel as fields for JSON; the names are the schema's, times are ISO 8601 in UTC.
 * Stateless.
 */
final class MassFields {

  private MassFields() {}

  /** One that no report tells of yet: {@code state} is null. */
  static Map<String, @Nullable Object> pending(MassCancel mass) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", mass.getMassId());
    fields.put("state", null);
    fields.put("last", false);
    asked(fields, mass);
    fields.put("report", path(mass.getMassId()));
    return fields;
  }

  /**
   * @param last whether nothing more is to come
   * @param flat whether nothing in scope may be open, and all of it was looked at
   * @param text the report's, or what the caller may know of it
   */
  static Map<String, @Nullable Object> of(
      MassReport report, boolean last, boolean flat, String text) {
    MassCancel mass = report.getMass();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("massId", mass.getMassId());
    fields.put("state", report.getState().name());
    fields.put("last", last);
    fields.put("flat", flat);
    fields.put("text", text);
    fields.put("number", report.getNumber());
    asked(fields, mass);
    fields.put("total", report.getTotal());
    fields.put("canceled", report.getCanceled());
    fields.put("pending", report.getPending());
    fields.put("unresolved", report.getUnresolved());
    fields.put("rejected", report.getRejected());
    fields.put("waiting", report.getWaiting());
    fields.put("mayBeOpen", report.getMayBeOpen());
    fields.put("accounts", report.getAccounts().stream().map(MassFields::account).toList());
    fields.put("notCovered", report.getNotCovered());
    fields.put("left", report.getLeft().stream().map(MassFields::left).toList());
    fields.put("leftCut", report.getLeftCut());
    fields.put("beyond", report.getBeyond());
    fields.put("beyondUnknown", report.getBeyondUnknown());
    fields.put("at", DoorJson.text(report.getAt()));
    fields.put("report", path(mass.getMassId()));
    return fields;
  }

  /** Where its newest report is. */
  static String path(String massId) {
    return "/v1/mass-cancels/" + OrderKey.encode(massId);
  }

  private static void asked(Map<String, @Nullable Object> fields, MassCancel mass) {
    fields.put("scope", scope(mass.getScope()));
    fields.put("by", mass.getBy());
    fields.put("reason", mass.getReason());
    fields.put("deadline", DoorJson.text(mass.getDeadline()));
    fields.put("dryRun", mass.getDryRun());
    fields.put("includingPositionClose", mass.getIncludingPositionClose());
    fields.put("keep", mass.getKeep());
    fields.put("releases", mass.getReleases());
    fields.put("createdAt", DoorJson.text(mass.getCreatedAt()));
  }

  /** What is given, as it was asked for. */
  static Map<String, @Nullable Object> scope(MassScope scope) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (scope.getAll()) {
      fields.put("all", true);
    }
    put(fields, "venue", scope.getVenue());
    put(fields, "account", scope.getAccount());
    put(fields, "instrument", scope.getInstrument());
    put(fields, "side", DoorJson.text(scope.getSide()));
    put(fields, "trader", scope.getTrader());
    put(fields, "desk", scope.getDesk());
    put(fields, "algorithm", scope.getAlgorithm());
    put(fields, "client", scope.getClient());
    return fields;
  }

  private static void put(
      Map<String, @Nullable Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private static Map<String, @Nullable Object> account(MassAccount one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("venue", one.getVenue());
    fields.put("account", one.getAccount());
    fields.put("total", one.getTotal());
    fields.put("canceled", one.getCanceled());
    fields.put("leftOut", one.getLeftOut());
    fields.put("untold", one.getUntold());
    fields.put("lastWord", DoorJson.text(one.getLastWord()));
    return fields;
  }

  private static Map<String, @Nullable Object> left(MassLeft one) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("order", one.getOrder());
    fields.put("cancelId", one.getCancelId());
    fields.put("result", DoorJson.text(one.getResult()));
    fields.put("reason", DoorJson.text(one.getReason()));
    return fields;
  }
}
