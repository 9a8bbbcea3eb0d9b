package io.countermand.app.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.countermand.app.cli.ConfigOption;
import io.countermand.app.doctor.Diagnosis;
import io.countermand.app.doctor.Doctor;
import io.countermand.app.rights.Principals;
import io.countermand.app.rights.Role;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Looks at Java, configuration, Kafka, topics, rights, schemas, clocks and the OIDC"
            + " issuers, and says what is wrong, where, and what to do. Exit code 0 if nothing is,"
            + " else 1. To compare clocks it makes a topic of its own and deletes it; it changes nothing else.")
public final class DoctorCommand implements Callable<Integer> {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private ConfigOption option = new ConfigOption();

  @Option(
      names = "--probe-venues",
      description =
          "Also asks each venue whether it is at work and lets us in, without touching an order and"
              + " without a login.")
  private boolean probeVenues;

  @Option(
      names = "--log-in",
      description =
          "With --probe-venues: also log in where the credential is a login (Tradovate, Cadenza,"
              + " NeuraTrade). This takes one of the venue's logins, and may end the session of a"
              + " running desk.")
  private boolean logIn;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "What the user of this configuration is to be, as `acls` names it (producer, desk,"
              + " ledger, ...): a right to a topic that it lacks is wrong, not a note; venues' secrets"
              + " are wanted of desk and feed alone.")
  private @Nullable String roleName;

  @Option(names = "--json", description = "One JSON object; its names stay.")
  private boolean json;

  private final InstantSource clock;

  DoctorCommand() {
    this(InstantSource.system());
  }

  DoctorCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws Exception {
    if (logIn && !probeVenues) {
      throw new ParameterException(spec.commandLine(), "--log-in goes with --probe-venues");
    }
    Doctor.Probing venues =
        !probeVenues ? Doctor.Probing.LEFT : logIn ? Doctor.Probing.LOG_IN : Doctor.Probing.PROBE;
    Diagnosis diagnosis = new Doctor().examine(option::load, venues, clock, role());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      List<Map<String, String>> checks =
          diagnosis.findings().stream().map(DoctorCommand::fields).toList();
      out.println(
          new ObjectMapper()
              .writeValueAsString(
                  new TreeMap<>(Map.of("well", diagnosis.well(), "findings", checks))));
    } else {
      diagnosis.findings().forEach(finding -> out.println(finding.line()));
      out.println(diagnosis.well() ? "all is well" : "something is wrong");
    }
    out.flush();
    return diagnosis.well() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private @Nullable Role role() {
    if (roleName == null) {
      return null;
    }
    Role role = Principals.role(roleName);
    if (role == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--role: there is no role '" + roleName + "', only " + Principals.roles());
    }
    return role;
  }

  private static Map<String, String> fields(Diagnosis.Finding finding) {
    Map<String, String> fields =
        new TreeMap<>(
            Map.of(
                "check", finding.check(),
                "status", finding.status().name().toLowerCase(Locale.ROOT),
                "where", finding.where(),
                "what", finding.what(),
                "todo", finding.todo()));
    if (finding.credential() != null) {
      fields.put("credential", finding.credential().word());
    }
    return fields;
  }
}
