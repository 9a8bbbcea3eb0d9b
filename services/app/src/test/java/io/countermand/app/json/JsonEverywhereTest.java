package io.countermand.app.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.Countermand;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** No command without {@code --json}, but those that the page gives a reason for. */
class JsonEverywhereTest {

  @Test
  void shouldBeAnOptionOfEachCommandOrHaveAReasonWhyNot() {
    // Given
    Set<String> with = new TreeSet<>();
    Set<String> without = new TreeSet<>();
    collect(Countermand.commandLine(), "", with, without);
    // Then
    Set<String> documented = new TreeSet<>();
    JsonNames.documented()
        .keySet()
        .forEach(command -> documented.add(command.replaceFirst(" --.*", "")));
    assertThat(documented).isEqualTo(with);
    assertThat(new TreeSet<>(JsonNames.without().keySet())).isEqualTo(without);
  }

  @Test
  void shouldHaveNamesOfOneForm() {
    List<String> names = new ArrayList<>();
    JsonNames.documented().values().forEach(names::addAll);
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(JsonNames.bare(name).split("\\.", -1))
                    .allMatch(part -> part.matches("[a-z][a-zA-Z0-9]*(\\[\\])?|\\*")));
  }

  /** Those that only ask which of their own commands is meant have nothing to print. */
  private static void collect(
      CommandLine command, String name, Set<String> with, Set<String> without) {
    boolean group =
        command.getCommandSpec().usageMessage().synopsisSubcommandLabel().equals("COMMAND");
    if (!group && !name.equals("help")) {
      boolean json = command.getCommandSpec().optionsMap().containsKey("--json");
      (json ? with : without).add(name);
    }
    command
        .getSubcommands()
        .forEach(
            (word, each) ->
                collect(each, name.isEmpty() ? word : name + " " + word, with, without));
  }
}
