package io.countermand.app.admin;

import io.countermand.app.config.Config;
import io.countermand.app.doctor.VenueProbe;
import io.countermand.venues.AccountList;
import io.countermand.venues.Capabilities;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.Venues;
import io.countermand.venues.http.transport.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code venues --json} says. Addresses are shown without what may be secret in them. */
final class VenuesJson {

  private static final int LONGEST_TEXT = 200;

  private VenuesJson() {}

  static String clipped(String text) {
    return Texts.clip(text, LONGEST_TEXT);
  }

  static Map<String, @Nullable Object> of(VenueProvider provider) {
    Capabilities can = provider.capabilities();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("adapter", provider.adapter());
    fields.put("summary", provider.summary());
    fields.put("success", can.success());
    fields.put("confirmsInReply", can.confirmsInReply());
    fields.put("canQuery", can.canQuery());
    fields.put("canCancelByName", can.canCancelByName());
    fields.put("hasFeed", can.hasFeed());
    fields.put("canList", can.canList());
    fields.put("cancelsAll", can.cancelsAll());
    fields.put("tellsAccounts", can.tellsAccounts());
    fields.put("penaltyTickets", can.penaltyTickets());
    return fields;
  }

  /** Not asked yet: {@code probe} and {@code accounts} are null. */
  static Map<String, @Nullable Object> of(Config.Venue venue) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", venue.name());
    fields.put("adapter", venue.adapter());
    fields.put("baseUrl", Venues.provider(venue.adapter()).shown(venue.baseUrl()));
    fields.put("permits", venue.rate().permits());
    fields.put("periodMillis", venue.rate().period().toMillis());
    fields.put("burst", venue.rate().burst());
    fields.put("probe", null);
    fields.put("accounts", null);
    return fields;
  }

  static Map<String, @Nullable Object> of(VenueProbe asked) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("ok", asked.probe().ok());
    fields.put("credential", asked.probe().credential().word());
    fields.put("detail", asked.probe().detail());
    fields.put("todo", asked.probe().todo());
    fields.put("untried", asked.untried());
    return fields;
  }

  /** All of them, each with its further names: what an intent may name. */
  static Map<String, @Nullable Object> of(AccountList list) {
    String why = list.told() ? null : list.reply().told().message();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("told", list.told());
    fields.put("complete", list.proves());
    fields.put("names", list.accounts().stream().map(each -> clipped(each.shown())).toList());
    fields.put("text", why == null ? null : clipped(why));
    return fields;
  }
}
