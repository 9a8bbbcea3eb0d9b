package io.countermand.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of examples/ compile against this module's own class path, and are short. */
class ExamplesTest {

  private static final Path SOURCES = Path.of("../../examples/src/main/java");

  @TempDir private Path classes;

  @Test
  void shouldCompile() throws IOException {
    // Given
    var said = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      // When
      boolean done =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-d", classes.toString(), "-proc:none", "-Xlint:all", "-Werror"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources()))
              .call();
      // Then
      assertThat(done).as("%s", said).isTrue();
    }
  }

  @Test
  void shouldBeReadInAMinute() throws IOException {
    assertThat(sources()).hasSize(3);
    for (Path each : sources()) {
      assertThat(Files.readAllLines(each)).as("%s", each).hasSizeLessThan(60);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
