package io.countermand.app.chaos;

import io.countermand.platform.LocalPlatform;

/** The platform's broker. */
public record BrokerControl(LocalPlatform platform) implements ProcessControl {

  /** Returns when it answers. */
  @Override
  public void start() {
    platform.restartBroker();
  }

  @Override
  public void kill() {
    platform.killBroker();
  }

  @Override
  public boolean alive() {
    return ProcessHandle.of(platform.brokerPid()).map(ProcessHandle::isAlive).orElse(false);
  }

  @Override
  public long pid() {
    return platform.brokerPid();
  }
}
