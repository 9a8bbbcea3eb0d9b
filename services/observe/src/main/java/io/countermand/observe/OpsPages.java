package io.countermand.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countermand.observe.HealthRegistry.Finding;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What each path answers. */
final class OpsPages {

  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HealthRegistry health;
  private final Supplier<String> scrape;

  /**
   * @param scrape the metrics, in Prometheus' text format
   */
  OpsPages(HealthRegistry health, Supplier<String> scrape) {
    this.health = health;
    this.scrape = scrape;
  }

  /** An answer over HTTP. */
  record Page(int status, String type, String body) {}

  Page get(String path) {
    return switch (path) {
      case "/health/live" -> health("live", Finding::live, true);
      case "/health/ready" -> health("ready", Finding::ready, false);
      case "/metrics" -> new Page(200, TEXT, scrape.get());
      default ->
          new Page(404, JSON, "{\"paths\":[\"/health/live\",\"/health/ready\",\"/metrics\"]}");
    };
  }

  /**
   * @param alone the answer of a process without roles, so far
   */
  private Page health(String word, Predicate<Finding> well, boolean alone) {
    SortedMap<RoleInstance, Finding> findings = health.findings();
    boolean all = findings.isEmpty() ? alone : findings.values().stream().allMatch(well);
    ObjectNode body = MAPPER.createObjectNode().put(word, all);
    ObjectNode roles = body.putObject("roles");
    findings.forEach(
        (part, finding) -> {
          ObjectNode role = roles.putObject(part.toString());
          role.put(word, well.test(finding));
          ArrayNode missing = role.putArray("missing");
          finding.missing().forEach(missing::add);
        });
    return new Page(all ? 200 : 503, JSON, body.toString());
  }
}
