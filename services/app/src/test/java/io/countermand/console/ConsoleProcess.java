package io.countermand.console;

import io.countermand.app.local.LocalStack;
import io.countermand.platform.LocalPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A console as operators run it: a process of its own, which can be killed. */
record ConsoleProcess(Process process, int port, Path log) implements AutoCloseable {

  private static final String JAVA_HOME = System.getProperty("java.home");

  /** Returns when it shows all that its topics have. */
  static ConsoleProcess start(LocalStack stack, HttpClient http, Path log) throws IOException {
    int port = LocalPlatform.freePort();
    var builder =
        new ProcessBuilder(
                List.of(
                    Path.of(JAVA_HOME, "bin", "java").toString(),
                    // as the launcher has them
                    "-Xms256m",
                    "-Xmx1g",
                    "-XX:+UseParallelGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.countermand.app.Countermand",
                    "console",
                    "--config",
                    stack.configFile().toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("COUNTERMAND_CONSOLE_PORT", Integer.toString(port));
    builder.environment().put("COUNTERMAND_HTTP_PORT", "0");
    var console = new ConsoleProcess(builder.start(), port, log);
    Awaitility.await("the console shows all")
        .atMost(Duration.ofSeconds(120))
        .until(() -> console.showsAll(http) || !console.process.isAlive());
    if (!console.process.isAlive()) {
      throw new IOException("the console has ended: " + Files.readString(log));
    }
    return console;
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private boolean showsAll(HttpClient http) throws InterruptedException {
    try {
      HttpResponse<String> page =
          http.send(HttpRequest.newBuilder(at("/")).build(), BodyHandlers.ofString());
      return page.statusCode() == 200 && !page.body().contains("Not all is shown yet");
    } catch (IOException e) {
      return false;
    }
  }

  /** Bytes of it in memory, by the kernel. */
  long resident() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
            .filter(each -> each.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
  }

  /** Bytes of what lives in its heap: it collects everything else first. */
  long live() throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(JAVA_HOME, "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String[] total =
        said.lines()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new IOException(said))
            .split(" +");
    return Long.parseLong(total[2]);
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
