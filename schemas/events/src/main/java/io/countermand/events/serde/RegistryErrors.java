package io.countermand.events.serde;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;

/** Tells what the registry client's exceptions mean. */
final class RegistryErrors {

  /** Subject, version or schema not found: the registry looked and says so. */
  private static final Set<Integer> NOT_FOUND = Set.of(40401, 40402, 40403);

  private RegistryErrors() {}

  /** A bare 404 is not enough: a wrong path or a proxy says that too, of every schema. */
  static boolean isUnknownSchema(Exception e) {
    return e instanceof RestClientException rest && NOT_FOUND.contains(rest.getErrorCode());
  }

  /**
   * The client fetched the schema and can make nothing of it (JSON, Protobuf, broken Avro). It says
   * so by unchecked exceptions, or by an IOException that only its words tell from trouble.
   */
  static boolean isForeignSchema(Exception e) {
    String message = e.getMessage();
    return e instanceof RuntimeException
        ? !isTransient(e)
        : e.getClass() == IOException.class
            && message != null
            && message.startsWith("Invalid schema");
  }

  /** True for trouble that says nothing of schema or record. */
  static boolean isTransient(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof RestClientException rest) {
        return !NOT_FOUND.contains(rest.getErrorCode()) && rest.getStatus() != 422;
      }
      if (at instanceof IOException || at instanceof RetriableException) {
        return true;
      }
    }
    return false;
  }

  /** What the trouble is, in the words of who met it first. */
  static String trouble(Throwable e) {
    Throwable first = e;
    while (first.getCause() != null && first.getCause().getMessage() != null) {
      first = first.getCause();
    }
    return String.valueOf(first.getMessage());
  }
}
