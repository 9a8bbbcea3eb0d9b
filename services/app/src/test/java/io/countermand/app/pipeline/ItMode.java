package io.countermand.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where the integration tests run, by the system property {@code countermand.it}.
 *
 * <pre>
 * auto        containers, if Docker answers, all images are here and ours is not older than the code
 * containers  containers, or the tests fail and say what is missing
 * vm          this JVM and child processes
 * </pre>
 *
 * Nothing is ever pulled.
 */
record ItMode(boolean containers, String why) {

  static final String KAFKA = "apache/kafka:4.3.1";
  static final String REGISTRY = "apicurio/apicurio-registry:3.3.3";

  /** Another one, such as a release's, by {@code -Dcountermand.it.image}. */
  static final String OURS = System.getProperty("countermand.it.image", "countermand:local");

  private static final Path REPOSITORY = Path.of("../..");
  private static final int PATIENCE_SECONDS = 20;

  static ItMode decide() {
    String asked = System.getProperty("countermand.it", "auto");
    return switch (asked) {
      case "vm" -> new ItMode(false, "countermand.it=vm");
      case "auto" -> {
        String obstacle = obstacle();
        yield obstacle.isEmpty()
            ? new ItMode(true, "Docker answers and has all images")
            : new ItMode(false, obstacle);
      }
      case "containers" -> {
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
          throw new IllegalStateException("countermand.it=containers cannot be: " + obstacle);
        }
        yield new ItMode(true, "countermand.it=containers");
      }
      default ->
          throw new IllegalStateException(
              "countermand.it is '" + asked + "'; allowed are auto, containers, vm");
    };
  }

  /** One line for whoever reads the test's output. */
  String line() {
    return containers
        ? "integration tests run in CONTAINERS ("
            + why
            + "): Kafka, registry, desk, ledger and"
            + " feed; in this JVM are the tests and the simulated venues"
        : "integration tests run IN-VM ("
            + why
            + "): roles and simulated venues in this JVM, Kafka"
            + " and registry as child processes";
  }

  /** Why containers cannot be; empty if they can. */
  private static String obstacle() {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
      return "containers share this machine's network, which needs Linux";
    }
    if (run("docker", "version", "--format", "{{.Server.Version}}").isEmpty()) {
      return "no Docker engine answers";
    }
    boolean reaper = !Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"));
    List<String> images = new ArrayList<>(List.of(KAFKA, REGISTRY, OURS));
    images.removeIf(image -> !run("docker", "image", "inspect", "-f", "{{.Id}}", image).isEmpty());
    if (!images.isEmpty()) {
      return "Docker has no " + String.join(", no ", images) + "; infra/airgap/build makes them";
    }
    if (reaper && run("docker", "images", "-q", "testcontainers/ryuk").isEmpty()) {
      return "Docker has no testcontainers/ryuk; or set TESTCONTAINERS_RYUK_DISABLED=true";
    }
    if (Files.exists(Path.of("/.dockerenv"))
        && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
      return "this machine looks like a container; set TESTCONTAINERS_HOST_OVERRIDE=localhost";
    }
    return fitsTheCode().isBefore(newestSource())
        ? OURS + " is older than the code; infra/airgap/build makes it anew"
        : "";
  }

  /**
   * When our image was last known to be made of the code: when it was made, or when {@code
   * infra/airgap/build} last found that it would make the same one again. A fresh clone's files are
   * younger than an image that an earlier clone left to the engine.
   */
  private static Instant fitsTheCode() {
    Instant made = Instant.parse(run("docker", "image", "inspect", "-f", "{{.Created}}", OURS));
    Path checked = REPOSITORY.resolve("target/airgap/checked");
    String image = run("docker", "image", "inspect", "-f", "{{.Id}}", OURS);
    try {
      return Files.exists(checked) && Files.readString(checked).strip().equals(image)
          ? Stream.of(made, changed(checked)).max(Instant::compareTo).orElseThrow()
          : made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant newestSource() {
    try (Stream<Path> schemas = Files.walk(REPOSITORY.resolve("schemas"));
        Stream<Path> services = Files.walk(REPOSITORY.resolve("services"))) {
      return Stream.concat(schemas, services)
          .filter(path -> path.toString().contains("/src/main/"))
          .map(ItMode::changed)
          .max(Instant::compareTo)
          .orElse(Instant.EPOCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant changed(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command says; empty if it fails, is not there or does not come to an end. */
  private static String run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      String said = new String(process.getInputStream().readAllBytes()).strip();
      return process.exitValue() == 0 ? said : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
