package io.countermand.events.serde;

import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro loads only classes that the process trusts, none by default. This adds our generated
 * packages to whatever is trusted already: in code, since a system property would have to be given
 * to every process that embeds the client.
 */
public final class Trust {

  private static final Set<String> OURS = Set.of("io.countermand.events", "io.countermand.state");

  static {
    ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
    ClassSecurityPredicate ours = type -> OURS.contains(type.getPackageName());
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(before, ours));
  }

  private Trust() {}

  /** Returns once our packages are trusted. */
  public static void ourRecords() {}

  /** Whether it is a record of ours. */
  static boolean ours(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        && schema.getNamespace() != null
        && OURS.contains(schema.getNamespace());
  }
}
