package io.countermand.app.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a run says: to its callers, and to standard output and error, which are ours from here to
 * the end. Thread-safe, but for commands: one at a time.
 */
final class Said implements AutoCloseable {

  record Part(String where, String text) {}

  private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  Said() {
    var ours = new PrintStream(said, true, UTF_8);
    System.setOut(ours);
    System.setErr(ours);
  }

  void add(String where, String text) {
    parts.add(new Part(where, text));
  }

  List<Part> parts() {
    return List.copyOf(parts);
  }

  /**
   * Runs one in this process.
   *
   * @param code that it must end with
   * @return all that it printed
   */
  String command(int code, Path config, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    rest();
    int ended =
        Countermand.commandLine()
            .setOut(new PrintWriter(said, true, UTF_8))
            .setErr(new PrintWriter(said, true, UTF_8))
            .execute(all.toArray(String[]::new));
    String text = taken();
    add("command " + String.join(" ", arguments), text);
    assertThat(ended).as("%s%n%s", all, text).isEqualTo(code);
    return text;
  }

  /** What nobody asked for: of roles, libraries, the runtime. */
  private void rest() {
    add("standard output and error", taken());
  }

  private String taken() {
    synchronized (said) {
      String text = said.toString(UTF_8);
      said.reset();
      return text;
    }
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
    rest();
  }
}
