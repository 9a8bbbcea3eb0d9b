package io.countermand.console.access;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, signed in.
 *
 * @param csrf what each form of his pages carries
 * @param address the network's, as the console sees it
 * @param person the same for whatever names he has had
 */
public record SignedInUser(
    String name, Set<UserRole> roles, String csrf, String address, String person) {

  private static final String KEY = "visitor";

  public SignedInUser {
    roles = Set.copyOf(roles);
  }

  /** Null: nobody has to sign in here. */
  public static @Nullable SignedInUser of(Context request) {
    return request.attribute(KEY);
  }

  /**
   * Who asks, if he has that role.
   *
   * @throws ForbiddenResponse if not
   */
  public static SignedInUser with(UserRole role, Context request) {
    SignedInUser visitor = of(request);
    if (visitor == null || !visitor.roles().contains(role)) {
      throw new ForbiddenResponse(
          "This is for the role "
              + role.label()
              + (visitor == null ? "." : ", which " + visitor.name() + " does not have."));
    }
    return visitor;
  }

  void in(Context request) {
    request.attribute(KEY, this);
  }

  public boolean may(UserRole role) {
    return roles.contains(role);
  }

  /** For people. */
  public String roleWords() {
    return roles.stream().map(UserRole::label).sorted().collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return "Visitor[" + name + ", " + roles + ", " + address + "]";
  }
}
