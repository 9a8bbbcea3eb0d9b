package io.countermand.app;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.audit.Rules;

/** What the audit takes of the configuration. */
final class AuditSettings {

  private AuditSettings() {}

  /** The rules in force now, for a history that was made under them. */
  static Rules rules(Config config) {
    return new Rules(
        Settings.intentCheck(config),
        Settings.gateRules(config),
        Settings.ledgerRules(config),
        config.gate().forgetTerminal(),
        config.gate().forgetIdle(),
        config.ledger().rememberSettled());
  }
}
