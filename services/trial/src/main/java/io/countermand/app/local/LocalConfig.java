package io.countermand.app.local;

import io.countermand.platform.OwnFile;
import io.countermand.simulator.Simulator;
import io.countermand.simulator.options.SimulatedCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes configurations with which any command can join a local stack. */
public final class LocalConfig {

  private final LocalStack.Options options;
  private final String bootstrapServers;
  private final String registryUrl;
  private final Simulator simulator;

  LocalConfig(
      LocalStack.Options options,
      String bootstrapServers,
      String registryUrl,
      Simulator simulator) {
    this.options = options;
    this.bootstrapServers = bootstrapServers;
    this.registryUrl = registryUrl;
    this.simulator = simulator;
  }

  /**
   * What a locked stack's configuration has beside an open one's.
   *
   * @param kafka {@code kafka.properties}; no secret, but where one is
   * @param registry {@code registry.properties}; the same
   * @param calls whether it names the venues' credentials
   * @param more further sections, as YAML
   */
  record Lock(
      Map<String, String> kafka, Map<String, String> registry, boolean calls, String more) {}

  /** Of an open stack. */
  public static Path write(
      LocalStack.Options options, String bootstrapServers, String registryUrl, Simulator simulator)
      throws IOException {
    return new LocalConfig(options, bootstrapServers, registryUrl, simulator)
        .write("countermand.yaml", null);
  }

  /**
   * @param lock null: of an open stack
   */
  Path write(String name, @Nullable Lock lock) throws IOException {
    var yaml = new StringBuilder();
    yaml.append("# Written by countermand for the stack in this directory.\n");
    yaml.append("state-dir: \"").append(options.data().resolve("state")).append("\"\n");
    yaml.append("kafka:\n  bootstrap-servers: \"").append(bootstrapServers).append("\"\n");
    properties(yaml, lock == null ? Map.of() : lock.kafka());
    yaml.append("registry:\n  url: \"").append(registryUrl).append("\"\n");
    properties(yaml, lock == null ? Map.of() : lock.registry());
    yaml.append("topics:\n  partitions: 4 # for one machine; fewer partitions, fewer tasks\n");
    if (options.unlimited()) {
      yaml.append(
          "intents:\n  default-deadline: 20s # a demo should not wait a minute for the last\n");
    }
    yaml.append(lock == null ? "" : lock.more());
    yaml.append("venues:\n");
    for (var venue : options.venues().entrySet()) {
      String instance = venue.getKey();
      yaml.append("  ").append(instance).append(":\n");
      yaml.append("    adapter: ").append(venue.getValue()).append('\n');
      yaml.append("    base-url: \"").append(simulator.venueUrl(instance)).append("\"\n");
      if (lock == null || lock.calls()) {
        credentials(yaml, instance, venue.getValue());
      }
      if (options.unlimited()) {
        yaml.append("    rate: 100000/s\n    burst: 100000\n    concurrency: 128\n");
      }
    }
    Path file = options.data().resolve(name);
    keep(file, yaml.toString());
    return file;
  }

  private static void properties(StringBuilder yaml, Map<String, String> properties) {
    if (!properties.isEmpty()) {
      yaml.append("  properties:\n");
      new TreeMap<>(properties)
          .forEach(
              (key, value) ->
                  yaml.append("    ").append(key).append(": \"").append(value).append("\"\n"));
    }
  }

  private void credentials(StringBuilder yaml, String instance, String adapter) throws IOException {
    Path secrets = Files.createDirectories(options.data().resolve("secrets"));
    yaml.append("    credentials:\n");
    for (var secret : credentials(adapter).entrySet()) {
      Path file = secrets.resolve(instance + "-" + secret.getKey());
      keep(file, secret.getValue());
      yaml.append("      ").append(secret.getKey()).append(": { file: \"");
      yaml.append(file).append("\" }\n");
    }
  }

  private void keep(Path file, String text) throws IOException {
    if (options.locked()) {
      OwnFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } else {
      Files.writeString(file, text, StandardCharsets.UTF_8);
    }
  }

  /** The simulator's own, which are no secret. */
  private static Map<String, String> credentials(String adapter) {
    SimulatedCredentials known = SimulatedCredentials.DEFAULT;
    Map<String, String> all = new LinkedHashMap<>();
    switch (adapter) {
      case "crosstrade-webhook" -> all.put("key", known.key());
      case "cadenza", "neuratrade" -> {
        all.put("email", known.user());
        all.put("password", known.password());
      }
      case "tradovate" -> {
        all.put("name", known.user());
        all.put("password", known.password());
        all.put("cid", "1");
        all.put("sec", known.key());
      }
      default -> all.put("token", known.token());
    }
    return all;
  }
}
