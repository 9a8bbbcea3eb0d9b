package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.cli.MainClass;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command with its tools, and as the pipeline's image has it: without any of their classes. */
class ToolsTest {

  private static final List<String> OF_TOOLS =
      List.of(
          "trial/target/",
          "simulator/target/",
          "simulation/target/",
          "audit/target/",
          "broker/target/",
          "bench/target/",
          "bench-call/target/",
          "app/target/test-classes",
          "countermand-trial",
          "countermand-simulator",
          "countermand-simulation",
          "countermand-audit",
          "countermand-broker",
          "countermand-bench",
          "kafka_2.13",
          "duckdb_jdbc",
          "scala-");

  @Test
  void shouldHaveEachToolWhereTheirJarsAre() {
    assertThat(
            Countermand.commandLine().getSubcommands().values().stream()
                .map(command -> command.getCommand().getClass().getName()))
        .contains("io.countermand.app.trial.DemoCommand", "io.countermand.app.local.UpCommand")
        .allMatch(type -> type.endsWith("Command"), "a command, not what stands in for one");
  }

  @Test
  void shouldBeTheMainClassThatChildProcessesAreStartedBy() {
    assertThat(MainClass.NAME).isEqualTo(Countermand.class.getName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo --intents 800",
        "up",
        "simulate --config c.yaml",
        "audit --help",
        "bench --quick",
        "drill --faults lost-answers=10%",
        "histories --count 10"
      })
  void shouldSayOfEachToolThatThePipelineIsWithoutIt(String call) throws Exception {
    // When
    Said said = withoutTools(call.split(" "));
    // Then
    assertThat(said.code()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(said.err())
        .isEqualToNormalizingNewlines(
            "countermand: "
                + call.split(" ")[0]
                + " is not here: this is the pipeline alone, without its tools. The image"
                + " countermand-tools has it, and so has a checkout (docs/containers.md)\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "desk",
        "ledger",
        "feed",
        "door",
        "console",
        "roles",
        "topics apply",
        "schemas register",
        "acls check",
        "venues",
        "cancel",
        "kill",
        "heartbeat",
        "watch",
        "order",
        "dead-letters list",
        "config",
        "doctor",
        "hand-over",
        "start-anew"
      })
  void shouldExplainEachCommandOfThePipelineWithoutTools(String command) throws Exception {
    // When
    Said said = withoutTools((command + " --help").split(" "));
    // Then
    assertThat(said.out()).startsWith("Usage: countermand " + command);
    assertThat(said.code()).isZero();
  }

  @Test
  void shouldListNoToolWhereThereIsNone() throws Exception {
    assertThat(withoutTools("--help").out())
        .contains("  desk", "  ledger")
        .doesNotContain("  demo", "  audit", "  bench", "  simulate");
  }

  private record Said(int code, String out, String err) {}

  /** In classes of their own, whose class path is this one less that of the tools. */
  private static Said withoutTools(String... call) throws Exception {
    URL[] path =
        classPath()
            .filter(entry -> OF_TOOLS.stream().noneMatch(entry.toString()::contains))
            .map(ToolsTest::url)
            .toArray(URL[]::new);
    var out = new StringWriter();
    var err = new StringWriter();
    try (var loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      Class<?> main = loader.loadClass(MainClass.NAME);
      Object command = main.getMethod("commandLine").invoke(null);
      command.getClass().getMethod("setOut", PrintWriter.class).invoke(command, writer(out));
      command.getClass().getMethod("setErr", PrintWriter.class).invoke(command, writer(err));
      Method execute = command.getClass().getMethod("execute", String[].class);
      int code = (int) execute.invoke(command, (Object) call);
      return new Said(code, out.toString(), err.toString());
    }
  }

  private static PrintWriter writer(StringWriter to) {
    return new PrintWriter(to, true);
  }

  private static Stream<Path> classPath() {
    // Surefire puts only a jar with a manifest on the real class path, and names the rest here.
    String surefire = System.getProperty("surefire.test.class.path");
    String given = surefire != null ? surefire : System.getProperty("java.class.path");
    return Stream.of(given.split(File.pathSeparator))
        .map(Path::of)
        .map(Path::toAbsolutePath)
        .filter(Files::exists);
  }

  private static URL url(Path entry) {
    try {
      return entry.toRealPath().toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
