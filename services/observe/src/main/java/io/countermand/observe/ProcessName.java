package io.countermand.observe;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** A name for this process. Thread-safe. */
public final class ProcessName {

  private static final int LONGEST = 60;

  private ProcessName() {}

  /** Host name ({@code HOSTNAME}, else as the system says) and process id. */
  public static String instance(Map<String, String> environment) {
    String host = environment.getOrDefault("HOSTNAME", "");
    String name = (host.isBlank() ? lookUp() : host).replaceAll("[^A-Za-z0-9._-]", "-");
    return name.substring(0, Math.min(LONGEST, name.length()))
        + "-"
        + ProcessHandle.current().pid();
  }

  private static String lookUp() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
