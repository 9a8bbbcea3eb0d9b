package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code infra/build/artifacts} in a clone whose path has a blank, with a Maven that takes one
 * artifact twice, as its threads do, and nothing else.
 */
class ArtifactsTest {

  private static final Path BUILD = Path.of("../../infra/build");
  private static final String NAME = "g/a/1/a-1.jar";

  /** Reads MAVEN_OPTS as Maven's own script does. */
  private static final String STUB =
      """
      #!/usr/bin/env bash
      set -eu
      [[ $1 != -version ]] || exec "%1$s" -version
      [[ $1 != clean ]] || rm -rf target
      home=$("%1$s" -version | sed -n 's/^Maven home: *//p')
      for option in $MAVEN_OPTS; do
        [[ $option != -Dmaven.ext.class.path=* ]] || classes=${option#*=}
      done
      echo "classes $classes"
      exec "%2$s" $MAVEN_OPTS -cp "$classes:$home/lib/*" "%3$s" "%4$s"
      """;

  private static final String MAVEN =
      """
      import java.io.File;
      import java.lang.reflect.Proxy;
      import org.eclipse.aether.RepositoryEvent;
      import org.eclipse.aether.RepositorySystemSession;
      import org.eclipse.aether.artifact.DefaultArtifact;
      import org.eclipse.aether.repository.LocalRepository;

      public class TakesTwice {
        public static void main(String[] arguments) throws Exception {
          var local = new File(arguments[0]);
          var session =
              (RepositorySystemSession)
                  Proxy.newProxyInstance(
                      TakesTwice.class.getClassLoader(),
                      new Class<?>[] {RepositorySystemSession.class},
                      (proxy, method, given) ->
                          method.getName().equals("getLocalRepository")
                              ? new LocalRepository(local)
                              : null);
          var event =
              new RepositoryEvent.Builder(
                      session, RepositoryEvent.EventType.ARTIFACT_RESOLVED)
                  .setArtifact(
                      new DefaultArtifact("g:a:1").setFile(new File(local, "g/a/1/a-1.jar")))
                  .build();
          var listener = new LockedArtifacts();
          listener.init(null);
          for (int i = 1; i <= 2; i++) {
            try {
              listener.onEvent(event);
              System.out.println("take " + i + " passed");
            } catch (Error e) {
              System.out.println("take " + i + " refused");
            }
          }
          listener.close();
        }
      }
      """;

  @TempDir private Path directory = Path.of(".");
  private Path clone = directory;
  private String hash = "";

  @BeforeEach
  void set() throws Exception {
    Optional<Path> maven =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(each -> Path.of(each, "mvn"))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(maven.isPresent(), "Maven is not on the path");
    clone = Files.createDirectories(directory.resolve("a clone"));
    Path build = Files.createDirectories(clone.resolve("infra/build"));
    for (String name : new String[] {"artifacts", "LockedArtifacts.java"}) {
      Files.copy(BUILD.resolve(name), build.resolve(name));
    }
    Files.createDirectories(clone.resolve("target"));
    Files.createDirectories(clone.resolve(".mvn"));
    Path local = directory.resolve("repository");
    Path artifact = local.resolve(NAME);
    Files.createDirectories(artifact.getParent());
    Files.writeString(artifact, "a jar");
    hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest("a jar".getBytes(StandardCharsets.UTF_8)));
    Path driver = Files.writeString(directory.resolve("TakesTwice.java"), MAVEN);
    Path stub = Files.createDirectories(directory.resolve("bin")).resolve("mvn");
    Files.writeString(
        stub,
        STUB.formatted(
            maven.get(), Path.of(System.getProperty("java.home"), "bin", "java"), driver, local));
    assertThat(stub.toFile().setExecutable(true)).isTrue();
  }

  private record Run(int code, String said) {}

  private Run run(String... arguments) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of("bash", clone.resolve("infra/build/artifacts").toString(), "mvn"),
                        Stream.of(arguments))
                    .toList())
            .redirectErrorStream(true);
    builder.environment().remove("MAVEN_OPTS");
    builder.environment().compute("PATH", (_, path) -> directory.resolve("bin") + ":" + path);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }

  private void lock(String lines) throws IOException {
    Files.writeString(clone.resolve(".mvn/artifacts.sha256"), lines);
  }

  @Test
  void shouldTakeWhatIsListedAlsoWhereMavenCleansUpAndLeaveNothingBehind() throws Exception {
    // Given
    lock(hash + "  " + NAME + "\n");
    // When
    Run run = run("clean", "package");
    // Then
    assertThat(run.said())
        .contains("take 1 passed", "take 2 passed", "checked 1, all as .mvn/artifacts.sha256 says");
    assertThat(run.code()).isZero();
    String classes = run.said().replaceFirst("(?s).*classes (\\S+).*", "$1");
    assertThat(Path.of(classes)).isAbsolute().doesNotExist();
  }

  @Test
  void shouldRefuseOneThatIsNotListedEachTimeItIsAskedFor() throws Exception {
    // Given
    lock("# none\n");
    // When
    Run run = run("package");
    // Then
    assertThat(run.said())
        .contains("take 1 refused", "take 2 refused")
        .contains("artifacts: FAILED: not in .mvn/artifacts.sha256: " + NAME);
    assertThat(run.code()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnotherOfThatNameEachTimeItIsAskedFor() throws Exception {
    // Given
    lock("0".repeat(64) + "  " + NAME + "\n");
    // When
    Run run = run("package");
    // Then
    assertThat(run.said())
        .contains("take 1 refused", "take 2 refused")
        .contains("artifacts: FAILED: not what .mvn/artifacts.sha256 says: " + NAME);
    assertThat(run.code()).isEqualTo(1);
  }
}
