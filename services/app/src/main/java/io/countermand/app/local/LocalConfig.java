package io.countermand.app.local;

import io.countermand.simulator.Simulator;
import io.countermand.simulator.options.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes a configuration with which any command can join a local stack. */
public final class LocalConfig {

  private LocalConfig() {}

  public static Path write(
      LocalStack.Options options, String bootstrapServers, String registryUrl, Simulator simulator)
      throws IOException {
    Path secrets = Files.createDirectories(options.data().resolve("secrets"));
    var yaml = new StringBuilder();
    yaml.append("# Written by countermand for the stack in this directory.\n");
    yaml.append("state-dir: \"").append(options.data().resolve("state")).append("\"\n");
    yaml.append("kafka:\n  bootstrap-servers: \"").append(bootstrapServers);
    yaml.append("\"\nregistry:\n  url: \"").append(registryUrl).append("\"\n");
    yaml.append("topics:\n  partitions: 4 # for one machine; fewer partitions, fewer tasks\n");
    if (options.unlimited()) {
      yaml.append(
          "intents:\n  default-deadline: 20s # a demo should not wait a minute for the last\n");
    }
    yaml.append("venues:\n");
    for (var venue : options.venues().entrySet()) {
      String name = venue.getKey();
      yaml.append("  ").append(name).append(":\n");
      yaml.append("    adapter: ").append(venue.getValue()).append('\n');
      yaml.append("    base-url: \"").append(simulator.venueUrl(name)).append("\"\n");
      yaml.append("    credentials:\n");
      for (var secret : credentials(venue.getValue()).entrySet()) {
        Path file = secrets.resolve(name + "-" + secret.getKey());
        Files.writeString(file, secret.getValue(), StandardCharsets.UTF_8);
        yaml.append("      ").append(secret.getKey()).append(": { file: \"");
        yaml.append(file).append("\" }\n");
      }
      if (options.unlimited()) {
        yaml.append("    rate: 100000/s\n    burst: 100000\n    concurrency: 128\n");
      }
    }
    Path file = options.data().resolve("countermand.yaml");
    Files.writeString(file, yaml, StandardCharsets.UTF_8);
    return file;
  }

  /** The simulator's own, which are no secret. */
  private static Map<String, String> credentials(String adapter) {
    Credentials known = Credentials.DEFAULT;
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
