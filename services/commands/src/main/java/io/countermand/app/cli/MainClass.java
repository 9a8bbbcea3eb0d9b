package io.countermand.app.cli;

/** What a child process of ours is started by; it stands above all commands. */
public final class MainClass {

  public static final String NAME = "io.countermand.app.Countermand";

  private MainClass() {}
}
