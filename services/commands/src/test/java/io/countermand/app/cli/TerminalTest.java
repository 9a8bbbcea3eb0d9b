package io.countermand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-28T08:00:00Z");
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void shouldWipeThePictureBeforeALineThatStays() {
    // Given
    var terminal = new Terminal(out, true, () -> now);
    terminal.picture(List.of("two sent", "a 1", "b 1"));
    // When
    terminal.line("MISSING");
    terminal.line("more");
    // Then the three lines are gone up over, once
    assertThat(written()).isEqualTo("two sent\na 1\nb 1\n\u001b[3A\r\u001b[JMISSING\nmore\n");
  }

  @Test
  void shouldDrawNoMoreThanOnceASecond() {
    var terminal = new Terminal(out, true, () -> now);
    terminal.picture(List.of("one"));
    now = now.plusMillis(999);
    terminal.picture(List.of("two"));
    assertThat(written()).isEqualTo("one\n");
    now = now.plusMillis(1);
    terminal.picture(List.of("three"));
    assertThat(written()).endsWith("three\n");
  }

  @Test
  void shouldLeaveNothingBehindForWhoSaysSomethingElse() {
    // Given
    var terminal = new Terminal(out, true, () -> now);
    terminal.progress("half of it");
    // When
    terminal.end();
    terminal.end();
    // Then
    assertThat(written()).isEqualTo("\r\u001b[Khalf of it\r\u001b[K");
  }

  @Test
  void shouldPrintOnePlainLineWhereThereIsNoTerminal() {
    // Given
    var terminal = new Terminal(out, false, () -> now);
    // When
    terminal.picture(List.of("two sent", "a 1", "b 1"));
    terminal.line("done");
    // Then
    assertThat(written()).isEqualTo("two sent\ndone\n");
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
