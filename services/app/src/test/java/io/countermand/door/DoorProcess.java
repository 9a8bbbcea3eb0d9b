package io.countermand.door;

import io.countermand.app.local.LocalStack;
import io.countermand.platform.LocalPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A door as operators run it: {@code countermand door}, a process of its own, which can be killed.
 *
 * @param token that may cancel and read everything
 */
record DoorProcess(Process process, int port, String token, Path log) implements AutoCloseable {

  /** Returns when it answers. */
  static DoorProcess start(LocalStack stack, HttpClient http, Path data, String name)
      throws IOException {
    int port = LocalPlatform.freePort();
    String token = TokenFile.newToken();
    Path tokens =
        Files.writeString(
            data.resolve(name + ".tokens"), TokenFile.line(token, name, "cancel,read", "*") + "\n");
    Path log = data.resolve(name + ".log");
    var builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    // as the launcher has them
                    "-Xms256m",
                    "-Xmx1g",
                    "-XX:+UseParallelGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.countermand.app.Countermand",
                    "door",
                    "--config",
                    stack.configFile().toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("COUNTERMAND_DOOR_PORT", Integer.toString(port));
    builder.environment().put("COUNTERMAND_DOOR_TOKENS", tokens.toString());
    builder.environment().put("COUNTERMAND_DOOR_REQUESTS_PER_SECOND", "1000000");
    builder.environment().put("COUNTERMAND_HTTP_PORT", "0");
    var door = new DoorProcess(builder.start(), port, token, log);
    Awaitility.await("the door answers")
        .atMost(Duration.ofSeconds(90))
        .until(() -> door.answers(http) || !door.process.isAlive());
    if (!door.process.isAlive()) {
      throw new IOException("the door has ended: " + Files.readString(log));
    }
    return door;
  }

  private boolean answers(HttpClient http) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/openapi.json"));
    try {
      return http.send(request.build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  DoorVisitor visitor(HttpClient http) {
    return new DoorVisitor(http, port, token);
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
