package io.countermand.app.doctor;

import io.countermand.app.rights.Right;
import io.countermand.app.rights.Role;
import io.countermand.platform.Catalogue;
import io.countermand.platform.TopicSpec;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** What the brokers say that this user may do to topics; nothing where they have no authorizer. */
final class RightsCheck {

  private static final String CHECK = "acls";

  private final Admin admin;
  private final Catalogue catalogue;
  private final Diagnosis diagnosis;

  RightsCheck(Admin admin, Catalogue catalogue, Diagnosis diagnosis) {
    this.admin = admin;
    this.catalogue = catalogue;
    this.diagnosis = diagnosis;
  }

  /**
   * @param role whose rights this user must have; null: what it may not do is a note
   * @param needs of that role
   */
  void run(@Nullable Role role, Set<Right> needs) throws InterruptedException, TimeoutException {
    Map<String, Set<AclOperation>> wanted = role == null ? readAndWrite() : topics(needs);
    boolean told = false;
    boolean lacks = false;
    for (Map.Entry<String, KafkaFuture<TopicDescription>> each : describe(wanted).entrySet()) {
      Set<AclOperation> missing = EnumSet.copyOf(wanted.get(each.getKey()));
      try {
        Set<AclOperation> may = ClusterChecks.got(each.getValue()).authorizedOperations();
        if (may == null) {
          continue;
        }
        missing.removeAll(may);
      } catch (ExecutionException e) {
        if (role == null || !(e.getCause() instanceof TopicAuthorizationException)) {
          continue; // missing: said already
        }
      }
      told = true;
      if (!missing.isEmpty()) {
        lacks = true;
        tell(role, each.getKey(), missing);
      }
    }
    if (!told) {
      diagnosis.note(CHECK, "", "the brokers do not tell rights", "");
    } else if (!lacks) {
      diagnosis.ok(
          CHECK,
          role == null
              ? "this user may read and write every topic"
              : "this user may do to topics what a " + role.label() + " must");
    }
  }

  private void tell(@Nullable Role role, String topic, Set<AclOperation> missing) {
    if (role == null) {
      diagnosis.note(
          CHECK,
          topic,
          "this user has no right to " + missing,
          "`--role ROLE` says whether its role needs it");
    } else {
      diagnosis.wrong(
          CHECK,
          topic,
          "this user has no right to " + missing + ", which a " + role.label() + " needs",
          "is this the user of that role (kafka.properties)? An admin gives each role its rights:"
              + " `countermand acls apply`");
    }
  }

  private Map<String, KafkaFuture<TopicDescription>> describe(
      Map<String, Set<AclOperation>> wanted) {
    return new TreeMap<>(
        admin
            .describeTopics(
                wanted.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues());
  }

  private Map<String, Set<AclOperation>> readAndWrite() {
    Map<String, Set<AclOperation>> wanted = new TreeMap<>();
    for (TopicSpec topic : catalogue.topics()) {
      wanted.put(topic.name(), EnumSet.of(AclOperation.READ, AclOperation.WRITE));
    }
    return wanted;
  }

  private static Map<String, Set<AclOperation>> topics(Set<Right> needs) {
    Map<String, Set<AclOperation>> wanted = new TreeMap<>();
    for (Right right : needs) {
      if (right.type() == ResourceType.TOPIC && !right.prefix()) {
        wanted
            .computeIfAbsent(right.name(), _ -> EnumSet.noneOf(AclOperation.class))
            .add(right.operation());
      }
    }
    return wanted;
  }
}
