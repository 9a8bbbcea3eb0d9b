package io.countermand.app.chaos;

/** How a victim is killed and started; each of it may take seconds. */
public interface ProcessControl {

  void start();

  void kill();

  boolean alive();

  long pid();
}
