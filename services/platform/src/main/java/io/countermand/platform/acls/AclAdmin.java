package io.countermand.platform.acls;

import io.countermand.platform.PlatformException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TimeoutException;

/** Compares a cluster's ACLs with those that are wanted, and brings it there. */
public final class AclAdmin {

  /** A stable order for people: whose, on what, what. */
  public static final Comparator<AclBinding> ORDER =
      Comparator.comparing((AclBinding each) -> each.entry().principal())
          .thenComparing(each -> each.pattern().resourceType())
          .thenComparing(each -> each.pattern().name())
          .thenComparing(each -> each.pattern().patternType())
          .thenComparing(each -> each.entry().operation())
          .thenComparing(AclBinding::toString);

  private AclAdmin() {}

  /** How an ACL differs from what is wanted. */
  public enum Kind {
    /** Wanted, and not there. */
    MISSING,
    /** There, on what is ours alone, and not wanted: {@link #remove} takes it away. */
    EXCESS,
    /** There, and reaches into what is ours from without, or refuses: whoever made it decides. */
    WIDE
  }

  /** An ACL that differs. */
  public record Difference(Kind kind, AclBinding binding) {}

  /**
   * What differs, in {@link #ORDER}; empty: the cluster's ACLs are those. ACLs that concern nothing
   * of ours are not looked at.
   *
   * @throws PlatformException with what to do, when the cluster cannot say
   */
  public static List<Difference> check(Admin admin, Collection<AclBinding> wanted) {
    Collection<AclBinding> there =
        asked("seen", () -> admin.describeAcls(AclBindingFilter.ANY).values().get());
    return compare(there, wanted);
  }

  static List<Difference> compare(Collection<AclBinding> there, Collection<AclBinding> wanted) {
    Set<AclBinding> known = new HashSet<>(there);
    Set<AclBinding> right = new HashSet<>(wanted);
    AclReach ours = AclReach.of(wanted);
    List<Difference> differences = new ArrayList<>();
    right.stream()
        .filter(each -> !known.contains(each))
        .sorted(ORDER)
        .forEach(each -> differences.add(new Difference(Kind.MISSING, each)));
    known.stream()
        .filter(each -> !right.contains(each) && ours.touches(each))
        .sorted(ORDER)
        .forEach(
            each ->
                differences.add(new Difference(ours.holds(each) ? Kind.EXCESS : Kind.WIDE, each)));
    return List.copyOf(differences);
  }

  /**
   * Returns when the cluster has these; those that are there stay.
   *
   * @throws PlatformException with what to do, when the cluster refuses
   */
  public static void create(Admin admin, Collection<AclBinding> bindings) {
    if (!bindings.isEmpty()) {
      asked("made", () -> admin.createAcls(bindings).all().get());
    }
  }

  /**
   * Returns when the cluster has none of these.
   *
   * @throws PlatformException with what to do, when the cluster refuses
   */
  public static void remove(Admin admin, Collection<AclBinding> bindings) {
    if (!bindings.isEmpty()) {
      asked(
          "removed",
          () -> admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList()).all().get());
    }
  }

  /** As people read it: {@code User:x may READ topic cancel-outcomes}. */
  public static String text(AclBinding binding) {
    AccessControlEntry entry = binding.entry();
    return "%s %s %s %s %s%s%s"
        .formatted(
            entry.principal(),
            entry.permissionType() == AclPermissionType.DENY ? "must not" : "may",
            entry.operation(),
            binding.pattern().resourceType().name().toLowerCase(java.util.Locale.ROOT),
            binding.pattern().name(),
            AclReach.isPrefix(binding) ? "..." : "",
            entry.host().equals("*") ? "" : " from " + entry.host());
  }

  private interface Question<T> {
    T ask() throws ExecutionException, InterruptedException;
  }

  private static <T> T asked(String done, Question<T> question) {
    try {
      return question.ask();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PlatformException("ACLs cannot be " + done + ": " + words(cause), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while ACLs were to be " + done + ".", e);
    }
  }

  private static String words(Throwable cause) {
    return switch (cause) {
      case SecurityDisabledException _ ->
          "the brokers have no authorizer, so everybody may do everything; set"
              + " authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer and"
              + " super.users on every broker and controller";
      case ClusterAuthorizationException _ ->
          "this user must not; to see ACLs it needs Describe on the cluster, to change them Alter:"
              + " call as admin, or as a super user of the brokers";
      case AuthenticationException _ ->
          "the brokers do not let this user in (" + cause.getMessage() + "); see kafka.properties";
      case TimeoutException _ ->
          "the brokers do not answer; are they running, and are address and security settings right"
              + " (kafka.bootstrap-servers, kafka.properties)?";
      default -> String.valueOf(cause);
    };
  }
}
