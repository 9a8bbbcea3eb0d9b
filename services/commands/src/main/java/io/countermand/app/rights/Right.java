package io.countermand.app.rights;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One thing that a role may do. READ and WRITE imply DESCRIBE, in Kafka as here.
 *
 * @param prefix whether {@code name} stands for all that begin with it
 */
public record Right(ResourceType type, String name, boolean prefix, AclOperation operation) {

  static Right topic(String name, AclOperation operation) {
    return new Right(ResourceType.TOPIC, name, false, operation);
  }

  static Right cluster(AclOperation operation) {
    return new Right(ResourceType.CLUSTER, Resource.CLUSTER_NAME, false, operation);
  }

  static Right group(String name, boolean prefix, AclOperation operation) {
    return new Right(ResourceType.GROUP, name, prefix, operation);
  }

  /** Given to this principal, from any host. */
  public AclBinding to(String principal) {
    return new AclBinding(
        new ResourcePattern(type, name, prefix ? PatternType.PREFIXED : PatternType.LITERAL),
        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }
}
