package io.countermand.app.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.events.OrderKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkInputTest {

  @TempDir private Path directory;

  @Test
  void shouldReadCsvAndJsonLinesAlike() {
    // When
    List<BulkRow> csv =
        new BulkInput(Map.of("venue", "v", "within", "9"))
            .read(
                List.of(
                    "account,orderId,reason", "a,1,\"too, much\"", "", "\"a\",9007199254740993,"))
            .rows();
    List<BulkRow> json =
        new BulkInput(Map.of("venue", "v", "within", "9"))
            .read(
                List.of(
                    "{\"account\":\"a\",\"orderId\":\"1\",\"reason\":\"too, much\"}",
                    "",
                    "",
                    "{\"account\":\"a\",\"orderId\":\"9007199254740993\"}"))
            .rows();
    // Then
    assertThat(csv)
        .extracting(BulkRow::order)
        .isEqualTo(json.stream().map(BulkRow::order).toList());
    assertThat(csv)
        .extracting(BulkRow::options)
        .isEqualTo(json.stream().map(BulkRow::options).toList());
    assertThat(csv.getFirst().order()).isEqualTo(OrderKey.of("v", "a", "1"));
    assertThat(csv.getFirst().options().reason()).isEqualTo("too, much");
    assertThat(csv.getLast().line()).isEqualTo(4);
  }

  @Test
  void shouldNameEachProblemWithItsLine() {
    List<String> problems =
        new BulkInput(Map.of())
            .read(
                List.of(
                    "venue,account,orderId,within,override",
                    "v,a,1,5,true",
                    "v,a",
                    "v,,1,,",
                    "v,a,1,-1,",
                    "v,a,1,,yes"))
            .problems();
    assertThat(problems).hasSize(4);
    assertThat(problems.getFirst()).startsWith("line 3:").contains("5");
    assertThat(problems.get(2)).contains("within");
    assertThat(problems.getLast()).contains("override");
  }

  @Test
  void shouldTakeNoNumberForAnOrderId() {
    assertThat(
            new BulkInput(Map.of("venue", "v", "account", "a"))
                .read(List.of("{\"orderId\": 9007199254740993}"))
                .problems())
        .singleElement()
        .asString()
        .contains("2^53");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orderId\n12\"3\"4",
        "orderId\n\"12\"34",
        "orderId\n\"12\"\"",
        "orderId,orderId\n1,2",
        "{\"orderId\": \"1\"} {\"orderId\": \"2\"}",
        "{\"orderId\": \"1\", \"orderId\": \"2\"}"
      })
  void shouldCancelNoOrderThatTheLineMayNotMean(String text) {
    // When
    BulkInput input =
        new BulkInput(Map.of("venue", "v", "account", "a")).read(text.lines().toList());
    // Then
    assertThat(input.rows()).isEmpty();
    assertThat(input.problems()).singleElement().asString().startsWith("line ");
  }

  /** The second line of a value looks like a row: of an order that nobody named. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "orderId,reason\n7,x\n1,\"see\n42,yesterday\"",
        "orderId,reason\n7\n1,\"\"\"see\n42,x",
        "orderId,\"reason\n42,x"
      })
  void shouldTakeNoRowOfAFileWithAnOpenQuote(String text) {
    // When
    List<String> lines = text.lines().toList();
    BulkInput input = new BulkInput(Map.of("venue", "v", "account", "a")).read(lines);
    // Then
    assertThat(input.rows()).isEmpty();
    assertThat(input.problems())
        .singleElement()
        .asString()
        .startsWith("line " + (lines.size() - 1) + ":")
        .contains("not closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orderId\n1", "\n\"orderId\"\n \"1\" ", "{\"orderId\": \"1\"}"})
  void shouldReadWhatASpreadsheetWrites(String text) {
    // When: with a byte order mark
    BulkInput input =
        new BulkInput(Map.of("venue", "v", "account", "a"))
            .read(("\uFEFF" + text).lines().toList());
    // Then
    assertThat(input.problems()).isEmpty();
    assertThat(input.rows()).extracting(BulkRow::order).containsExactly(OrderKey.of("v", "a", "1"));
  }

  @Test
  void shouldCancelTheOrderThatStandsInQuotesAndNoOther() {
    // When
    List<BulkRow> rows =
        new BulkInput(Map.of("venue", "v", "account", "a"))
            .read(List.of("orderId,reason", "\" 42\",x", " 43 , x", "\"44 \" , \"\""))
            .rows();
    // Then
    assertThat(rows)
        .extracting(BulkRow::order)
        .containsExactly(
            OrderKey.of("v", "a", " 42"),
            OrderKey.of("v", "a", "43"),
            OrderKey.of("v", "a", "44 "));
    assertThat(rows).extracting(each -> each.options().reason()).containsExactly("x", "x", null);
  }

  /** A second one would be dropped, or its options be, and nobody told. */
  @ParameterizedTest
  @ValueSource(strings = {"1,,5,true,", "1,c2,5,,", "1,,6,,", "1,,5,,why"})
  void shouldNameASecondRowOfAnOrderThatSaysSomethingElse(String second) {
    // When
    BulkInput input =
        new BulkInput(Map.of("venue", "v", "account", "a"))
            .read(
                List.of(
                    "orderId,cancelId,within,override,reason",
                    "1,,5,,",
                    "2,,5,,",
                    second,
                    "1,,5,,"));
    // Then: the same row once more is the same cancel
    assertThat(input.problems())
        .singleElement()
        .asString()
        .startsWith("line 4: line 2 is of the same order");
    assertThat(input.rows()).extracting(BulkRow::line).containsExactly(2, 3, 5);
  }

  @Test
  void shouldDeriveTheSameIdWhereverTheRowStands() {
    BulkRow one = row("account,orderId", "a,1", 0);
    BulkRow two = row("orderId,account,reason", "1,a,x", 0);
    assertThat(one.idIn("b")).isEqualTo(two.idIn("b")).isNotEqualTo(one.idIn("c"));
  }

  private static BulkRow row(String header, String line, int index) {
    return new BulkInput(Map.of("venue", "v")).read(List.of(header, line)).rows().get(index);
  }

  @Test
  void shouldGoOnAfterALineThatACrashCutShort() throws IOException {
    // Given
    Path path = directory.resolve("r.jsonl");
    try (ResultFile file = ResultFile.open(path, "one")) {
      file.append("{\"order\":\"v/a/1\",\"cancelId\":\"x\",\"result\":\"CANCELED\"}");
    }
    Files.writeString(path, "{\"order\":\"v/a/2\",\"cance", StandardOpenOption.APPEND);
    // When
    try (ResultFile file = ResultFile.open(path, "two")) {
      // Then
      assertThat(file.batch()).isEqualTo("one");
      assertThat(file.result("v/a/1", "x")).isEqualTo("CANCELED");
      assertThat(file.result("v/a/2", "x")).isNull();
      assertThatThrownBy(() -> ResultFile.open(path, "three")).hasMessageContaining("writes it");
    }
    assertThat(Files.readString(path)).endsWith("}\n").doesNotContain("v/a/2");
  }

  @Test
  void shouldLeaveAnotherFileAsItIs() throws IOException {
    Path path = Files.writeString(directory.resolve("precious"), "venue,account\n");
    assertThatThrownBy(() -> ResultFile.open(path, "b")).isInstanceOf(IllegalStateException.class);
    assertThat(Files.readString(path)).isEqualTo("venue,account\n");
  }
}
