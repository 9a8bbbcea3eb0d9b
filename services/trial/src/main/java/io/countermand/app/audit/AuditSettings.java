package io.countermand.app.audit;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.source.AuditRules;
import java.util.stream.Collectors;

/** What the audit takes of the configuration. */
public final class AuditSettings {

  private AuditSettings() {}

  /** The rules in force now, for the audit of a history that was made under them. */
  public static AuditRules rules(Config config) {
    return new AuditRules(
        Settings.intentCheck(config),
        Settings.deskRules(config),
        Settings.ledgerRules(config),
        config.desk().forgetTerminal(),
        config.desk().forgetIdle(),
        config.ledger().rememberSettled(),
        config.venues().values().stream()
            .collect(Collectors.toMap(Config.Venue::name, Config.Venue::adapter)),
        Settings.closing(config));
  }
}
