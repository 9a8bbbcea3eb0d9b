package io.countermand.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Requests that the OpenAPI document forbids, made by reading it: any operation, with one thing
 * wrong. One thread.
 */
final class OpenApiRequests {

  private record Operation(String method, String path, JsonNode described) {}

  private final JsonNode document;
  private final Random random;
  private final List<Operation> operations = new ArrayList<>();

  OpenApiRequests(JsonNode document, long seed) {
    this.document = document;
    this.random = new Random(seed);
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(new Operation(method.getKey(), path.getKey(), method.getValue()));
      }
    }
  }

  int operations() {
    return operations.size();
  }

  HttpRequest next(DoorVisitor visitor) {
    Operation operation = operations.get(random.nextInt(operations.size()));
    if (random.nextInt(12) == 0) {
      return HttpRequest.newBuilder(visitor.request(path(operation)).build().uri()).build();
    }
    return operation.method().equals("post") ? post(visitor, operation) : get(visitor, operation);
  }

  /** Nothing that there is, or a query that makes no sense. */
  private HttpRequest get(DoorVisitor visitor, Operation operation) {
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.described().get("parameters")) {
      if (parameter.get("in").asText().equals("query")) {
        query
            .append(query.isEmpty() ? "?" : "&")
            .append(parameter.get("name").asText())
            .append("=x")
            .append(encoded(text()));
      }
    }
    return visitor.request(path(operation) + query).GET().build();
  }

  private String path(Operation operation) {
    String path = operation.path();
    while (path.contains("{")) {
      path =
          path.substring(0, path.indexOf('{'))
              + encoded(text())
              + path.substring(path.indexOf('}') + 1);
    }
    return path;
  }

  private HttpRequest post(DoorVisitor visitor, Operation operation) {
    JsonNode schema =
        resolved(operation.described().at("/requestBody/content/application~1json/schema"));
    String type = "application/json";
    String body;
    switch (random.nextInt(6)) {
      case 0 -> {
        ObjectNode wrong = valid(operation);
        spoil(wrong, schema);
        body = wrong.toString();
      }
      case 1 -> body = missing(valid(operation), schema);
      case 2 -> body = valid(operation).put("x" + text(), text()).toString();
      case 3 -> {
        String whole = valid(operation).toString();
        body = whole.substring(0, random.nextInt(whole.length()));
      }
      case 4 -> {
        body = valid(operation).toString();
        type = random.nextBoolean() ? "text/plain" : "application/xml";
      }
      default -> body = text().repeat(1 + random.nextInt(20)) + "}";
    }
    return visitor
        .request(path(operation))
        .header("Content-Type", type)
        .method("POST", BodyPublishers.ofString(body))
        .build();
  }

  /** Makes one field of it wrong, or one of an object in it. */
  private void spoil(ObjectNode body, JsonNode schema) {
    List<Map.Entry<String, JsonNode>> all = List.copyOf(schema.get("properties").properties());
    Map.Entry<String, JsonNode> field = all.get(random.nextInt(all.size()));
    JsonNode described = resolved(field.getValue());
    switch (described.get("type").asText()) {
      case "string" -> {
        if (described.has("maxLength") && random.nextBoolean()) {
          int most = described.get("maxLength").asInt();
          body.put(field.getKey(), "é".repeat(most + random.nextInt(50)));
        } else {
          body.put(field.getKey(), random.nextLong());
        }
      }
      case "number" -> body.put(field.getKey(), random.nextBoolean() ? -1.5 : 1e300);
      case "integer" -> body.put(field.getKey(), random.nextBoolean() ? 0.5 : 1e19);
      case "object" -> {
        if (random.nextBoolean()) {
          spoil(body.withObjectProperty(field.getKey()), described);
        } else {
          body.withObjectProperty(field.getKey()).put("x" + text(), text());
        }
      }
      default -> body.put(field.getKey(), text());
    }
  }

  private String missing(ObjectNode body, JsonNode schema) {
    JsonNode required = schema.get("required");
    body.remove(required.get(random.nextInt(required.size())).asText());
    return body.toString();
  }

  /** Which would be taken: so one thing wrong is all that is. */
  private static ObjectNode valid(Operation operation) {
    return operation
        .described()
        .at("/requestBody/content/application~1json/example")
        .<ObjectNode>require()
        .deepCopy();
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
  }

  private String text() {
    int length = 1 + random.nextInt(12);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c =
          switch (random.nextInt(4)) {
            case 0 -> 1 + random.nextInt(127);
            case 1 -> 0x1F600 + random.nextInt(50);
            case 2 -> "/\\%;?#<>\"'&{}[].. ".charAt(random.nextInt(18));
            default -> 'a' + random.nextInt(26);
          };
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
