package io.countermand.app.cli;

import io.countermand.app.config.Config;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The {@code --config} option of every command that joins a pipeline. */
public final class ConfigOption {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "YAML configuration (see `countermand config sample`); default: $COUNTERMAND_CONFIG, else"
              + " none. Environment variables COUNTERMAND_... override its keys.")
  private @Nullable Path file;

  /** Whether a file was named. */
  public boolean given() {
    return path().isPresent();
  }

  /** For a command that calls no venue, and so needs no venue's secrets. */
  public Config load() {
    return Config.load(path(), System.getenv(), Map.of(), venue -> false);
  }

  /** For a command that calls these venues. */
  public Config load(Predicate<String> called) {
    return Config.load(path(), System.getenv(), Map.of(), called);
  }

  private Optional<Path> path() {
    if (file != null) {
      return Optional.of(file);
    }
    String named = System.getenv("COUNTERMAND_CONFIG");
    return named == null || named.isBlank() ? Optional.empty() : Optional.of(Path.of(named));
  }
}
