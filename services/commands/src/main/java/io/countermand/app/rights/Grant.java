package io.countermand.app.rights;

import io.countermand.app.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclBinding;

/**
 * A right in somebody's hands.
 *
 * @param role as people say it: {@code desk}, or {@code desk a,b} of some venues
 */
public record Grant(String role, AclBinding binding) {

  /** All of a pipeline, role by role. One principal in two roles has the rights of both. */
  public static List<Grant> all(Config config, Principals principals) {
    var rights = new Rights(config);
    List<Grant> all = new ArrayList<>();
    for (Role role : Role.values()) {
      add(all, role.label(), principals.of().getOrDefault(role, Set.of()), rights.of(role));
    }
    principals
        .desks()
        .forEach(
            (venues, who) ->
                add(
                    all,
                    Role.DESK.label() + " " + String.join(",", new TreeSet<>(venues)),
                    who,
                    rights.desk(venues)));
    return List.copyOf(all);
  }

  private static void add(List<Grant> all, String role, Set<String> who, Set<Right> rights) {
    for (String principal : who) {
      rights.forEach(right -> all.add(new Grant(role, right.to(principal))));
    }
  }
}
