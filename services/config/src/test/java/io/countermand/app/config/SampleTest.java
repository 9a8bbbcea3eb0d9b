package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("CROSSTRADE_TOKEN", "t", "HOSTNAME", "h");

  @TempDir private Path directory;

  @Test
  void shouldHoldTheDefaults() throws IOException {
    // Given
    Path least =
        write(
            """
            venues: {crosstrade: {adapter: crosstrade, credentials: {token.env: CROSSTRADE_TOKEN}}}
            simulator: {venues: {crosstrade: {adapter: crosstrade}}}
            """);
    Config defaults = Config.load(Optional.of(least), ENVIRONMENT);

    // When
    Config sample = Config.load(Optional.of(write(Config.sample())), ENVIRONMENT);

    // Then
    assertThat(sample).isEqualTo(defaults);
  }

  @Test
  void shouldHoldEveryKey() {
    // Given
    List<ConfigProblem> problems = new ArrayList<>();
    String uncommented = Config.sample().replaceAll("(?m)^( *)# ([a-z-]+: [^ ]+)$", "$1$2");
    YamlFile all = YamlFile.parse(uncommented, "sample", problems);

    // When
    Set<String> keys = KeyBinder.keys(all, ENVIRONMENT);

    // Then
    Set<String> written = new TreeSet<>(all.values().keySet());
    written.addAll(all.sections().keySet());
    assertThat(problems).isEmpty();
    assertThat(keys)
        .hasSizeGreaterThan(40)
        .allSatisfy(
            key ->
                assertThat(written)
                    .contains(key.replace(".*.adapter", ".crosstrade.adapter").replace(".*", "")));
  }

  @Test
  void shouldExplainEveryKey() {
    // Given
    List<String> lines = Config.sample().lines().toList();

    // Then
    List<String> bare = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      boolean key = lines.get(i).matches(" +[a-z-]+: \\S.*");
      boolean told = lines.get(i - 1).strip().startsWith("#");
      if (key && !told) {
        bare.add(lines.get(i).strip());
      }
    }
    assertThat(bare).containsExactly("standbys: 0", "env: CROSSTRADE_TOKEN", "longest-backoff: 5s");
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("c.yaml"), yaml);
  }
}
