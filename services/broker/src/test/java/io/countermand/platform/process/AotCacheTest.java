package io.countermand.platform.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

  @TempDir private Path directory;

  @AfterEach
  void noCaches() {
    System.clearProperty(AotCache.DIRECTORY);
    System.clearProperty(AotCache.TRAIN);
  }

  @Test
  void shouldNameNothingThatIsNotThere() {
    assertThat(AotCache.options("broker")).isEmpty();
    System.setProperty(AotCache.DIRECTORY, directory.toString());
    assertThat(AotCache.options("broker")).isEmpty();
  }

  @Test
  void shouldUseACacheThatIsThere() throws IOException {
    System.setProperty(AotCache.DIRECTORY, directory.toString());
    Path cache = Files.createFile(directory.resolve("broker.aot"));
    assertThat(AotCache.options("broker"))
        .containsExactly("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off");
    assertThat(AotCache.options("registry")).isEmpty();
  }

  @Test
  void shouldHaveEachChildWriteItsOwn() {
    System.setProperty(AotCache.DIRECTORY, directory.toString());
    System.setProperty(AotCache.TRAIN, "true");
    assertThat(AotCache.options("broker"))
        .contains("-XX:AOTCacheOutput=" + directory.resolve("broker.aot"));
    assertThat(AotCache.options("registry"))
        .contains("-XX:AOTCacheOutput=" + directory.resolve("registry.aot"));
  }
}
