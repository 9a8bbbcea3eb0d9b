package io.countermand.app.role;

import io.countermand.app.config.Config;
import io.countermand.desk.Desk;
import io.countermand.ledger.Ledger;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.RoleInstance;
import java.util.List;

/** Health and metrics of this process, as the configuration says; and how each role is asked. */
public final class Ops {

  private Ops() {}

  /**
   * @param parts not ready until it is told of these
   * @throws IllegalStateException if the port cannot be opened
   */
  public static OpsPort open(Config config, RoleInstance... parts) {
    Integer port = config.http().port();
    OpsPort ops = port == null ? OpsPort.none() : OpsPort.open(config.http().host(), port);
    ops.expect(List.of(parts));
    return ops;
  }

  public static Health of(Desk desk) {
    return Health.of(desk::failed, desk::missing);
  }

  public static Health of(Ledger ledger) {
    return Health.of(ledger.role()::failed, ledger.role()::missing);
  }

  public static Health of(VenueFeed feed) {
    return Health.of(
        () -> false,
        () -> feed.healthy() ? List.of() : List.of("stream not connected or not authorised"));
  }
}
