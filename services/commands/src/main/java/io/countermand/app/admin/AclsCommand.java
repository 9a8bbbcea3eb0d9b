package io.countermand.app.admin;

import io.countermand.app.cli.ConfigOption;
import io.countermand.app.cli.OutcomeText;
import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.app.rights.Grant;
import io.countermand.app.rights.Principals;
import io.countermand.platform.acls.AclAdmin;
import io.countermand.platform.acls.AclAdmin.Difference;
import io.countermand.platform.acls.AclAdmin.Kind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code acls list}, {@code acls check} and {@code acls apply}. */
@Command(
    name = "acls",
    mixinStandardHelpOptions = true,
    description = "Looks after who may do what in Kafka.",
    synopsisSubcommandLabel = "COMMAND")
public final class AclsCommand implements Runnable {

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** What all three take. */
  static final class Who {

    @Option(
        names = "--principals",
        paramLabel = "FILE",
        description =
            "YAML: who is which role, as `desk: User:NAME`, or a list. A role that is left out is"
                + " User:countermand-ROLE, an empty list nobody. Desks with --venues come under"
                + " `desks:`, as `\"a,b\": User:NAME`.")
    private @Nullable Path file;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    List<Grant> grants(Config config) {
      return Grant.all(config, file == null ? Principals.defaults() : Principals.read(file));
    }
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Which? `acls list`, `acls check` or `acls apply`");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows what each role needs, and nothing more. Asks no broker.")
  int list(
      @Mixin ConfigOption option,
      @Mixin Who who,
      @Option(names = "--role", paramLabel = "NAME", description = "This one only.")
          @Nullable String only) {
    if (only != null && Principals.role(only) == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "no role '" + only + "'; there are " + Principals.roles());
    }
    List<Grant> grants =
        who.grants(option.load()).stream()
            .filter(
                each ->
                    only == null || each.role().equals(only) || each.role().startsWith(only + " "))
            .toList();
    if (who.json) {
      print(Map.of("acls", grants.stream().map(each -> fields(each.role(), each)).toList()));
    } else {
      grants.forEach(
          each -> out().println("%-9s %s".formatted(each.role(), AclAdmin.text(each.binding()))));
    }
    return CommandLine.ExitCode.OK;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Compares the brokers' ACLs with `acls list`, and changes nothing. Exit code 1 if one is"
              + " missing, or one is there that is too much.")
  int check(@Mixin ConfigOption option, @Mixin Who who) {
    Config config = option.load();
    List<Grant> grants = who.grants(config);
    try (Admin admin = admin(config)) {
      List<Difference> differences = AclAdmin.check(admin, bindings(grants));
      report(who, grants, differences, _ -> "");
      return differences.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Creates the ACLs that are missing. What is too much stays, unless --remove says otherwise;"
            + " what reaches beyond the pipeline (WIDE) stays always: it is somebody else's, too.",
        "Exit code 1 if anything is not as it must be afterwards."
      })
  int apply(
      @Mixin ConfigOption option,
      @Mixin Who who,
      @Option(names = "--remove", description = "Also removes what is EXCESS.") boolean remove,
      @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
          boolean dryRun) {
    Config config = option.load();
    List<Grant> grants = who.grants(config);
    try (Admin admin = admin(config)) {
      List<Difference> differences = AclAdmin.check(admin, bindings(grants));
      Set<Kind> done = remove ? Set.of(Kind.MISSING, Kind.EXCESS) : Set.of(Kind.MISSING);
      if (!dryRun) {
        // In this order: nobody who works is without his rights meanwhile.
        AclAdmin.create(admin, of(Kind.MISSING, differences));
        if (remove) {
          AclAdmin.remove(admin, of(Kind.EXCESS, differences));
        }
      }
      report(
          who,
          grants,
          differences,
          each -> {
            if (!done.contains(each.kind())) {
              return "left";
            }
            String what = each.kind() == Kind.MISSING ? "created" : "removed";
            return dryRun ? "would be " + what : what;
          });
      boolean well = dryRun ? differences.isEmpty() : done.containsAll(kinds(differences));
      return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static Admin admin(Config config) {
    var settings = Settings.connection(config).admin("acls");
    if (!settings.containsKey("default.api.timeout.ms")
        && !settings.containsKey("request.timeout.ms")) {
      settings.put("default.api.timeout.ms", "15000"); // else a minute, before it says anything
      settings.put("request.timeout.ms", "5000");
    }
    return Admin.create(settings);
  }

  private static Set<AclBinding> bindings(List<Grant> grants) {
    return grants.stream().map(Grant::binding).collect(Collectors.toSet());
  }

  private static List<AclBinding> of(Kind kind, List<Difference> differences) {
    return differences.stream()
        .filter(each -> each.kind() == kind)
        .map(Difference::binding)
        .toList();
  }

  private static Set<Kind> kinds(List<Difference> differences) {
    return differences.stream().map(Difference::kind).collect(Collectors.toSet());
  }

  /**
   * @param done what was done about it; empty: nothing was to be
   */
  private void report(
      Who who,
      List<Grant> grants,
      List<Difference> differences,
      Function<Difference, String> done) {
    if (who.json) {
      List<Map<String, @Nullable Object>> all = new ArrayList<>();
      for (Difference each : differences) {
        var fields = fields(role(grants, each.binding()), new Grant("", each.binding()));
        fields.put("kind", each.kind().name());
        fields.put("done", done.apply(each));
        all.add(fields);
      }
      print(Map.of("wanted", bindings(grants).size(), "differences", all));
      return;
    }
    for (Difference each : differences) {
      String role = role(grants, each.binding());
      String said = done.apply(each);
      out()
          .println(
              "%-7s %s%s%s"
                  .formatted(
                      each.kind(),
                      AclAdmin.text(each.binding()),
                      role.isEmpty() ? "" : " (" + role + ")",
                      said.isEmpty() ? "" : ": " + said));
    }
    if (differences.isEmpty()) {
      out().println("all " + bindings(grants).size() + " ACLs are there, and none is too much");
    }
  }

  /** Whose it is; empty: nobody's of ours. */
  private static String role(List<Grant> grants, AclBinding binding) {
    return grants.stream()
        .filter(each -> each.binding().equals(binding))
        .map(Grant::role)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Map<String, @Nullable Object> fields(String role, Grant grant) {
    AclBinding binding = grant.binding();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("role", role);
    fields.put("principal", binding.entry().principal());
    fields.put("host", binding.entry().host());
    fields.put("permission", binding.entry().permissionType().name());
    fields.put("operation", binding.entry().operation().name());
    fields.put("resource", binding.pattern().resourceType().name());
    fields.put("pattern", binding.pattern().patternType().name());
    fields.put("name", binding.pattern().name());
    return fields;
  }

  private void print(Map<String, @Nullable Object> object) {
    out().println(OutcomeText.write(object));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
