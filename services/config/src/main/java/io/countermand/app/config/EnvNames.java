package io.countermand.app.config;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of environment variables: {@code desk.commit-every} is COUNTERMAND_DESK_COMMIT_EVERY. */
final class EnvNames {

  static final String PREFIX = "COUNTERMAND_";

  /** For the launcher and the platform; no keys of the configuration. */
  private static final Set<String> OTHERS =
      Set.of(
          "COUNTERMAND_JAVA_HOME",
          "COUNTERMAND_JAVA_OPTS",
          "COUNTERMAND_PLUGINS",
          "COUNTERMAND_AOT",
          "COUNTERMAND_LOG",
          "COUNTERMAND_CONFIG",
          "COUNTERMAND_REGISTRY_HOME");

  // Kubernetes tells each pod of each service in such variables; a service may be named like us.
  private static final Pattern KUBERNETES =
      Pattern.compile(
          "COUNTERMAND_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?"
              + "|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern KUBERNETES_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

  private EnvNames() {}

  static String of(String key) {
    return PREFIX + part(key);
  }

  /** A key's part inside a variable's name. */
  static String part(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Whether a variable is meant to be a key of the configuration. */
  static boolean isKey(String variable, String value) {
    return variable.startsWith(PREFIX)
        && !value.isBlank()
        && !OTHERS.contains(variable)
        && !KUBERNETES.matcher(variable).matches()
        && !(variable.endsWith("_PORT") && KUBERNETES_PORT.matcher(value).matches());
  }
}
