package io.countermand.app.cli;

import io.countermand.app.config.NearestName;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A wrong call: what is wrong, and where it stands what is right. A whole usage would bury it. */
public final class UsageErrors {

  private UsageErrors() {}

  /**
   * Tells it.
   *
   * @param arguments of the whole call; none: the usage is what there is to say
   * @return the exit code
   */
  public static int tell(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    if (arguments.length == 0) {
      command.usage(err);
    } else {
      err.println("countermand: " + text(error, arguments));
      err.println("  `" + command.getCommandSpec().qualifiedName() + " --help` says what it takes");
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String text(ParameterException error, String[] arguments) {
    CommandSpec spec = error.getCommandLine().getCommandSpec();
    if (!(error instanceof UnmatchedArgumentException unmatched)) {
      return error instanceof MissingParameterException
          ? error.getMessage() + misspelled(spec, arguments)
          : String.valueOf(error.getMessage());
    }
    String first = unmatched.getUnmatched().stream().findFirst().orElse("");
    Set<String> commands = spec.subcommands().keySet();
    if (!first.startsWith("-") && !commands.isEmpty()) {
      return "there is no command " + first + meant(first, commands);
    }
    return option(spec, List.of(first)).orElse(String.valueOf(error.getMessage()));
  }

  /** What is missing may stand there; one hyphen also begins values. */
  private static String misspelled(CommandSpec spec, String[] arguments) {
    List<String> words =
        Stream.of(arguments).filter(each -> each.matches("--[a-z-]*(=.*)?")).toList();
    return option(spec, words).map(wrong -> "; " + wrong).orElse("");
  }

  /** The first option that there is not. */
  private static Optional<String> option(CommandSpec spec, List<String> arguments) {
    Set<String> known = new HashSet<>();
    for (CommandLine each = spec.commandLine(); each != null; each = each.getParent()) {
      known.addAll(each.getCommandSpec().optionsMap().keySet());
    }
    return arguments.stream()
        .takeWhile(each -> !each.equals("--"))
        .filter(each -> each.startsWith("-"))
        .map(each -> each.replaceFirst("=.*", ""))
        .filter(each -> each.length() > 1 && !known.contains(each))
        .findFirst()
        .map(each -> "there is no option " + each + meant(each, words(spec)));
  }

  /** Not the options of one letter: they are like any other letter. */
  private static List<String> words(CommandSpec spec) {
    return spec.optionsMap().keySet().stream().filter(each -> each.startsWith("--")).toList();
  }

  private static String meant(String name, Collection<String> known) {
    return NearestName.of(name, known).map(each -> "; did you mean " + each + "?").orElse("");
  }
}
