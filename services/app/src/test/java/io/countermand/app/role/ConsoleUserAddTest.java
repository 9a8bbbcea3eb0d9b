package io.countermand.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleUserAddTest {

  private final StringWriter out = new StringWriter();

  @TempDir private Path directory;

  private int run(String password, String... arguments) throws IOException {
    Path file = Files.writeString(directory.resolve("password"), password);
    List<String> all = new ArrayList<>(List.of("console", "user-add", "--cost", "10"));
    all.addAll(List.of("--password-file", file.toString()));
    all.addAll(List.of(arguments));
    var writer = new PrintWriter(out);
    return Countermand.commandLine()
        .setOut(writer)
        .setErr(writer)
        .execute(all.toArray(String[]::new));
  }

  @Test
  void shouldMakeALineWithTheHashOnly() throws IOException {
    // When
    int code = run("canary of forty-two\nand more\n", "alice", "--roles", "operator,auditor");
    // Then
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString().strip()).matches("alice operator,auditor \\$2a\\$10\\$\\S{53}");
  }

  @Test
  void shouldSayWhatIsWrongAndNotThePassword() throws IOException {
    assertThat(run("canary", "alice", "--roles", "viewer")).isEqualTo(2);
    assertThat(run("canary of forty-two", "alice", "--roles", "owner")).isEqualTo(2);
    assertThat(run("canary of forty-two", "al/ice", "--roles", "viewer")).isEqualTo(2);
    assertThat(out.toString())
        .contains("less than 12 characters", "a role is one of", "a name is")
        .doesNotContain("canary");
  }
}
