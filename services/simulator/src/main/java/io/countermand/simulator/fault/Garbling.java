package io.countermand.simulator.fault;

import io.countermand.simulator.request.HttpAnswer;

/** How a right answer is spoilt. */
public enum Garbling {
  /** Half the body, with a length that fits. */
  TRUNCATED,
  /** Half the body, then the connection closes. */
  CUT,
  NOT_JSON,
  HTML,
  EMPTY,
  WRONG_CONTENT_TYPE,
  EXTRA_FIELDS,
  /** An object without a field. */
  MISSING_FIELDS,
  /** 10 MB in front of the right fields. */
  HUGE,
  /** Never ends. */
  ENDLESS,
  /** Half the body, then nothing, with the connection open. */
  STALLED;

  /** The spoilt answer, for those that spoil its text; the others are the transport's work. */
  public HttpAnswer spoil(HttpAnswer answer) {
    var body = answer.body();
    return switch (this) {
      case TRUNCATED -> answer.withBody(body.substring(0, body.length() / 2));
      case NOT_JSON -> answer.withBody("OK, done.").withContentType("text/plain");
      case HTML ->
          answer
              .withBody("<html><head><title>Bad gateway</title></head><body>nginx</body></html>")
              .withContentType("text/html");
      case EMPTY -> answer.withBody("");
      case WRONG_CONTENT_TYPE -> answer.withContentType("text/html");
      case EXTRA_FIELDS -> answer.withBody(prefixed(body, "\"extra\":{\"list\":[1,null,{}]}"));
      case MISSING_FIELDS -> answer.withBody("{}");
      case HUGE -> answer.withBody(prefixed(body, "\"pad\":\"" + "a".repeat(10_000_000) + "\""));
      case CUT, ENDLESS, STALLED -> answer;
    };
  }

  private static String prefixed(String object, String field) {
    if (!object.startsWith("{")) {
      return object;
    }
    var rest = object.substring(1);
    return "{" + field + (rest.isBlank() || rest.strip().startsWith("}") ? "" : ",") + rest;
  }
}
