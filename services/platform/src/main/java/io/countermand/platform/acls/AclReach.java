package io.countermand.platform.acls;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a set of ACLs is about, and whether another ACL is about some of that, too.
 *
 * @param patterns topics, groups, transactional ids that are ours
 * @param principals of ours
 */
record AclReach(Set<ResourcePattern> patterns, Set<String> principals) {

  private static final String ANY_NAME = "*";

  /** With these on the cluster somebody gives himself every right, or reads around them. */
  private static final Set<AclOperation> OVER_ALL =
      Set.of(
          AclOperation.ALL,
          AclOperation.ALTER,
          AclOperation.ALTER_CONFIGS,
          AclOperation.CLUSTER_ACTION);

  static AclReach of(Collection<AclBinding> wanted) {
    return new AclReach(
        wanted.stream()
            .map(AclBinding::pattern)
            .filter(each -> each.resourceType() != ResourceType.CLUSTER)
            .collect(Collectors.toUnmodifiableSet()),
        wanted.stream().map(each -> each.entry().principal()).collect(Collectors.toSet()));
  }

  /** Whether it reaches anything of ours; a token in the name of one of us does. */
  boolean touches(AclBinding other) {
    if (other.pattern().resourceType() == ResourceType.CLUSTER) {
      return principals.contains(other.entry().principal())
          || OVER_ALL.contains(other.entry().operation());
    }
    if (other.pattern().resourceType() == ResourceType.USER) {
      return every(other.pattern()) || principals.contains(other.pattern().name());
    }
    return patterns.stream().anyMatch(each -> meet(each, other.pattern()));
  }

  /**
   * Whether it is a right that reaches nothing of somebody else's. What is refused is no right:
   * without it another ACL may allow more.
   */
  boolean holds(AclBinding other) {
    if (other.entry().permissionType() == AclPermissionType.DENY) {
      return false;
    }
    if (other.pattern().resourceType() == ResourceType.USER) {
      return principals.contains(other.pattern().name());
    }
    if (other.pattern().resourceType() == ResourceType.CLUSTER) {
      return principals.contains(other.entry().principal());
    }
    return patterns.stream().anyMatch(each -> within(other.pattern(), each));
  }

  static boolean isPrefix(AclBinding binding) {
    return binding.pattern().patternType() == PatternType.PREFIXED;
  }

  private static boolean meet(ResourcePattern one, ResourcePattern other) {
    return one.resourceType() == other.resourceType()
        && (every(one) || every(other) || within(one, other) || within(other, one));
  }

  /** Whether all names of the one are names of the other. */
  private static boolean within(ResourcePattern one, ResourcePattern other) {
    if (one.resourceType() != other.resourceType() || every(one)) {
      return false;
    }
    return other.patternType() == PatternType.PREFIXED
        ? one.name().startsWith(other.name())
        : one.patternType() == PatternType.LITERAL && one.name().equals(other.name());
  }

  private static boolean every(ResourcePattern pattern) {
    return pattern.patternType() == PatternType.LITERAL && pattern.name().equals(ANY_NAME);
  }
}
