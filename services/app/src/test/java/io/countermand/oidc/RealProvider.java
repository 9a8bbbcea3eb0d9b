package io.countermand.oidc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A provider that we did not write: npm's {@code oidc-provider}, which is certified, installed
 * below {@code target} once.
 */
public final class RealProvider implements AutoCloseable {

  private static final String PROVIDER = "oidc-provider@9.13.3";
  private static final Path DIRECTORY = Path.of("target", "oidc-provider").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** It cannot be had; empty: it can. Null: not tried yet. */
  private static @Nullable String why;

  private final Process process;
  private final Path log;

  private RealProvider(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Why it cannot be had here; empty: it can. */
  public static synchronized String missing() throws Exception {
    String known = why;
    if (known == null) {
      known = install();
      why = known;
    }
    return known;
  }

  /**
   * Running, after {@link #missing} said nothing.
   *
   * @param settings for {@code provider.mjs}
   */
  public static RealProvider start(Map<String, String> settings) throws IOException {
    Path log = Files.createTempFile(DIRECTORY, "provider", ".log");
    ProcessBuilder command =
        new ProcessBuilder("node", "provider.mjs").directory(DIRECTORY.toFile());
    command.environment().putAll(settings);
    return new RealProvider(
        command.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  public String issuer() {
    return Awaitility.await("it listens")
        .atMost(PATIENCE)
        .until(() -> issuer(log), issuer -> !issuer.isEmpty());
  }

  private static String issuer(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("issuer "))
        .map(line -> line.substring(7))
        .findFirst()
        .orElse("");
  }

  /** Empty: it is there; or why not. */
  private static String install() throws Exception {
    Files.createDirectories(DIRECTORY);
    try (InputStream script = RealProvider.class.getResourceAsStream("/oidc/provider.mjs")) {
      Files.write(DIRECTORY.resolve("provider.mjs"), script.readAllBytes());
    }
    if (Files.isDirectory(DIRECTORY.resolve("node_modules/oidc-provider"))) {
      return "";
    }
    Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\":true}");
    List<String> command =
        List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", PROVIDER);
    Path log = DIRECTORY.resolve("npm.log");
    try {
      Process npm =
          new ProcessBuilder(command)
              .directory(DIRECTORY.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!npm.waitFor(120, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
        return "npm did not install " + PROVIDER + " within two minutes";
      }
      return npm.exitValue() == 0 ? "" : "npm cannot install " + PROVIDER + ", see " + log;
    } catch (IOException e) {
      return "npm is missing";
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
