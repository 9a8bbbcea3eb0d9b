package io.countermand.app.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The {@code --json} option: standard output then has JSON and nothing else, one object a line, by
 * the names of {@code docs/reference/json.md}, which stay; what is for people goes to standard
 * error. Exit codes are the same.
 */
public final class JsonOption {

  @Option(
      names = "--json",
      description =
          "For programs: one JSON object a line on standard output, and nothing else there; its"
              + " names stay (docs/reference/json.md).")
  private boolean on;

  /** Whether it was given. */
  public boolean on() {
    return on;
  }

  /** Where words for people go. */
  public PrintWriter words(PrintWriter out, PrintWriter err) {
    return on ? err : out;
  }

  /** One line, flushed: who reads may wait for it. */
  public static void print(PrintWriter out, Map<String, @Nullable Object> fields) {
    out.println(OutcomeText.write(fields));
    out.flush();
  }
}
