package io.countermand.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {

  @TempDir private Path data = Path.of(".");

  private static String script(String shell) {
    var out = new StringWriter();
    assertThat(
            Countermand.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("completion", shell))
        .isZero();
    return out.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "countermand ki, kill",
    "./countermand dri, drill",
    "countermand kill re, release",
    "countermand kill --acc, --account",
    "countermand drill --fau, --faults"
  })
  void shouldCompleteInBash(String typed, String completed) throws Exception {
    // Given
    Path file = data.resolve("completion");
    Files.writeString(file, script("bash"));
    // When: as bash does it when somebody presses the tabulator
    List<String> replies =
        bash(
            "source "
                + file
                + "; COMP_WORDS=("
                + typed
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='"
                + typed
                + "'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; complete -p countermand >/dev/null"
                + " && _complete_countermand && printf '%s\\n' \"${COMPREPLY[@]}\"");
    // Then
    assertThat(replies).contains(completed);
  }

  @Test
  void shouldAskZshForWhatTheScriptNeeds() {
    assertThat(script("zsh").lines().findFirst())
        .hasValue("autoload -U +X bashcompinit && bashcompinit");
    assertThat(script("bash")).startsWith("#!");
  }

  private static List<String> bash(String script) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-c", script)
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.lines().map(String::strip).toList();
  }
}
