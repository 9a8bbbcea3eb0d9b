package io.countermand.platform.acls;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.platform.acls.AclAdmin.Difference;
import io.countermand.platform.acls.AclAdmin.Kind;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AclAdminTest {

  /** Ours: topic cancel-outcomes, and transactional ids that begin with countermand-ledger-. */
  private static final List<AclBinding> WANTED =
      List.of(
          acl("User:ledger", "WRITE", "TOPIC", "LITERAL", "cancel-outcomes"),
          acl("User:ledger", "WRITE", "TRANSACTIONAL_ID", "PREFIXED", "countermand-ledger-"));

  @ParameterizedTest
  @CsvSource({
    "User:ledger, WRITE, TOPIC, LITERAL, cancel-outcomes, NONE",
    "User:x, WRITE, TOPIC, LITERAL, cancel-outcomes, EXCESS",
    "User:ledger, ALL, TOPIC, LITERAL, cancel-outcomes, EXCESS",
    "User:*, READ, TOPIC, LITERAL, cancel-outcomes, EXCESS",
    "User:x, READ, TOPIC, LITERAL, prices, NONE",
    "User:ledger, READ, TOPIC, LITERAL, prices, NONE",
    "User:x, READ, GROUP, LITERAL, cancel-outcomes, NONE",
    "User:x, READ, TOPIC, LITERAL, *, WIDE",
    "User:x, READ, TOPIC, PREFIXED, cancel-, WIDE",
    "User:x, READ, TOPIC, PREFIXED, cancel-outcomes-of, NONE",
    "User:x, WRITE, TRANSACTIONAL_ID, LITERAL, countermand-ledger-0, EXCESS",
    "User:x, WRITE, TRANSACTIONAL_ID, PREFIXED, countermand-ledger-0, EXCESS",
    "User:x, WRITE, TRANSACTIONAL_ID, PREFIXED, countermand, WIDE",
    "User:x, WRITE, TRANSACTIONAL_ID, LITERAL, oms, NONE",
    "User:ledger, ALTER, CLUSTER, LITERAL, kafka-cluster, EXCESS",
    "User:x, ALTER, CLUSTER, LITERAL, kafka-cluster, WIDE",
    "User:x, CREATE_TOKENS, USER, LITERAL, User:ledger, EXCESS",
    "User:x, CREATE_TOKENS, USER, LITERAL, *, WIDE",
    "User:x, CREATE_TOKENS, USER, LITERAL, User:oms, NONE",
    "User:x, IDEMPOTENT_WRITE, CLUSTER, LITERAL, kafka-cluster, NONE"
  })
  void shouldTellWhatIsTooMuchFromWhatIsNoneOfOurBusiness(
      String who, String operation, String type, String pattern, String name, String kind) {
    // Given
    AclBinding there = acl(who, operation, type, pattern, name);
    // When
    List<Difference> found = AclAdmin.compare(List.of(WANTED.get(0), WANTED.get(1), there), WANTED);
    // Then
    assertThat(found)
        .isEqualTo(
            kind.equals("NONE") ? List.of() : List.of(new Difference(Kind.valueOf(kind), there)));
  }

  /** Some other ACL may allow what it refuses: whoever made it must take it away. */
  @Test
  void shouldLeaveWhatIsRefusedToWhoRefusedIt() {
    // Given
    AclBinding allowed = acl("User:x", "WRITE", "TOPIC", "LITERAL", "cancel-outcomes");
    var refused =
        new AclBinding(
            allowed.pattern(),
            new AccessControlEntry("User:x", "*", AclOperation.WRITE, AclPermissionType.DENY));
    // When
    List<Difference> found =
        AclAdmin.compare(List.of(WANTED.get(0), WANTED.get(1), refused), WANTED);
    // Then
    assertThat(found).containsExactly(new Difference(Kind.WIDE, refused));
  }

  @ParameterizedTest
  @CsvSource({"0", "1"})
  void shouldMissWhatIsNotThere(int index) {
    assertThat(AclAdmin.compare(List.of(WANTED.get(1 - index)), WANTED))
        .containsExactly(new Difference(Kind.MISSING, WANTED.get(index)));
  }

  private static AclBinding acl(
      String who, String operation, String type, String pattern, String name) {
    return new AclBinding(
        new ResourcePattern(ResourceType.valueOf(type), name, PatternType.valueOf(pattern)),
        new AccessControlEntry(who, "*", AclOperation.valueOf(operation), AclPermissionType.ALLOW));
  }
}
