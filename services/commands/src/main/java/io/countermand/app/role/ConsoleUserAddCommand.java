package io.countermand.app.role;

import io.countermand.console.access.UserFile;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code console user-add}. */
@Command(
    name = "user-add",
    mixinStandardHelpOptions = true,
    description =
        "Makes the line of a user for the file of console.users, which holds the password's hash"
            + " only. Asks for the password at the terminal, twice.")
final class ConsoleUserAddCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "Who signs in.")
  private String name = "";

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "R",
      description = "By comma: viewer, operator, killer, auditor.")
  private String roles = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Its first line is the password; -: standard input.")
  private @Nullable String file;

  @Option(
      names = "--cost",
      paramLabel = "N",
      description = "Of bcrypt, 10 to 16; the same in the whole file. Default: 12.")
  private int cost = UserFile.COST;

  @Override
  public Integer call() throws IOException {
    try {
      spec.commandLine().getOut().println(UserFile.line(name, roles, password(), cost));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    return CommandLine.ExitCode.OK;
  }

  private String password() throws IOException {
    if (file != null) {
      try (var lines =
          file.equals("-")
              ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
              : Files.newBufferedReader(Path.of(file))) {
        String first = lines.readLine();
        return first == null ? "" : first;
      }
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new IllegalArgumentException(
          "there is no terminal to ask for the password: give --password-file FILE, or - for"
              + " standard input");
    }
    char[] once = console.readPassword("Password of %s: ", name);
    char[] again = console.readPassword("Once more: ");
    if (once == null || !Arrays.equals(once, again)) {
      throw new IllegalArgumentException("the two are not the same");
    }
    return new String(once);
  }
}
