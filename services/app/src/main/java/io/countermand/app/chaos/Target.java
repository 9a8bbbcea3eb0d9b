package io.countermand.app.chaos;

/** How a victim is killed and started; each of it may take seconds. */
interface Target {

  void start();

  void kill();

  boolean alive();

  long pid();
}
