package io.countermand.app;

import io.countermand.app.config.Config;
import io.countermand.gate.Gate;
import io.countermand.ledger.Ledger;
import io.countermand.observe.Health;
import io.countermand.observe.OpsPort;
import io.countermand.observe.Part;
import io.countermand.worker.Worker;
import java.util.List;

/** Health and metrics of this process, as the configuration says; and how each role is asked. */
final class Ops {

  private Ops() {}

  /**
   * @param parts not ready until it is told of these
   * @throws IllegalStateException if the port cannot be opened
   */
  static OpsPort open(Config config, Part... parts) {
    Integer port = config.http().port();
    OpsPort ops = port == null ? OpsPort.none() : OpsPort.open(config.http().host(), port);
    ops.expect(List.of(parts));
    return ops;
  }

  static Health of(Gate gate) {
    return Health.of(gate.role()::failed, gate.role()::missing);
  }

  static Health of(Ledger ledger) {
    return Health.of(ledger.role()::failed, ledger.role()::missing);
  }

  static Health of(Worker worker) {
    return Health.of(worker::failed, worker::missing);
  }

  static Health of(VenueFeed feed) {
    return Health.of(
        () -> false,
        () -> feed.healthy() ? List.of() : List.of("stream not connected or not authorised"));
  }
}
