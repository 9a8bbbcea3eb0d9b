package io.countermand.platform.locked;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where our children listen, as Linux tells it. */
final class Listeners {

  private static final String LISTENS = "0A";

  private Listeners() {}

  /**
   * TCP ports of the one child of that class whose directory that is; they are the machine's, on
   * whatever address.
   */
  static Set<Integer> of(String main, Path directory) throws IOException {
    List<Long> pids =
        ProcessHandle.current()
            .children()
            .map(ProcessHandle::pid)
            .filter(pid -> arguments(pid).contains(main))
            .filter(pid -> arguments(pid).contains(directory.toAbsolutePath().toString()))
            .toList();
    if (pids.size() != 1) {
      throw new IllegalStateException(main + " runs as " + pids);
    }
    Set<String> sockets = sockets(pids.getFirst());
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/net", table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[3].equals(LISTENS) && sockets.contains("socket:[" + fields[9] + "]")) {
          ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static String arguments(long pid) {
    try {
      return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), UTF_8);
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> all = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path each : files.toList()) {
        try {
          all.add(Files.readSymbolicLink(each).toString());
        } catch (IOException e) {
          continue; // closed meanwhile
        }
      }
    }
    return all;
  }
}
