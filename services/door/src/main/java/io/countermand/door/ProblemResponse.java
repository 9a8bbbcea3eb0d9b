package io.countermand.door;

import io.countermand.client.Problem;
import java.util.Set;

/** An answer that is a problem (RFC 9457). */
final class ProblemResponse extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /**
   * @param code stable, for programs
   * @param detail in words, for people: what, where, and what to do
   */
  ProblemResponse(int status, String code, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
  }

  static ProblemResponse of(Problem problem, String detail) {
    int status =
        switch (problem) {
          case INVALID -> 400;
          case ID_IN_USE -> 409;
          case TOO_LARGE -> 413;
          case KAFKA_UNREACHABLE, REGISTRY_UNREACHABLE, CLOSED -> 503;
          case NO_OUTCOME -> 504;
          case SCHEMA_INCOMPATIBLE, TOPIC_MISSING, NOT_AUTHORISED, POSITION_LOST, OTHER -> 502;
        };
    return new ProblemResponse(status, problem.name(), detail);
  }

  static ProblemResponse badRequest(String detail) {
    return new ProblemResponse(400, "INVALID", detail);
  }

  static ProblemResponse noVenue(String name, Set<String> venues) {
    return badRequest(
        "no venue '" + name + "' is configured; there are " + venues.stream().sorted().toList());
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
