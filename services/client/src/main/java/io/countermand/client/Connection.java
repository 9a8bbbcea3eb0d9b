package io.countermand.client;

import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUrls;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Where Kafka and the schema registry are. Immutable.
 *
 * @param bootstrapServers as Kafka's {@code bootstrap.servers}
 * @param registryUrl one URL or several, comma-separated
 * @param clientId tells this program from others in the broker's logs and quotas
 * @param kafka settings of every Kafka client (security and the like), over ours
 * @param registry settings of the registry client, as {@code basic.auth.user.info}, over ours
 */
public record Connection(
    String bootstrapServers,
    String registryUrl,
    String clientId,
    Map<String, String> kafka,
    Map<String, String> registry) {

  public Connection {
    kafka = Map.copyOf(kafka);
    registry = Map.copyOf(registry);
  }

  /** Without security. */
  public static Connection of(String bootstrapServers, String registryUrl) {
    return new Connection(bootstrapServers, registryUrl, "countermand-client", Map.of(), Map.of());
  }

  public Connection withClientId(String id) {
    return new Connection(bootstrapServers, registryUrl, id, kafka, registry);
  }

  public Connection withKafka(Map<String, String> settings) {
    return new Connection(bootstrapServers, registryUrl, clientId, settings, registry);
  }

  public Connection withRegistry(Map<String, String> settings) {
    return new Connection(bootstrapServers, registryUrl, clientId, kafka, settings);
  }

  /** Without the values of the settings and users in URLs: some are secrets. */
  @Override
  public String toString() {
    return "Connection[%s, %s, %s, %s, %s]"
        .formatted(
            bootstrapServers,
            RegistryUrls.shown(registryUrl),
            clientId,
            kafka.keySet(),
            registry.keySet());
  }

  /**
   * For a reader that looks at one place, then at another: a fetch that finds nothing waits less.
   */
  Connection answeredSoon() {
    Map<String, String> settings = new HashMap<>(kafka);
    settings.putIfAbsent("fetch.max.wait.ms", "20");
    return withKafka(settings);
  }

  EventSerdes serdes() {
    return new EventSerdes(registryUrl, registry);
  }

  /** Waits for all in-sync replicas, sends at once, and doubles nothing. */
  Properties producer(String part) {
    Properties settings = common(part);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("linger.ms", "0");
    settings.put("delivery.timeout.ms", "30000");
    settings.put("request.timeout.ms", "10000");
    settings.put("max.block.ms", "10000");
    // Else a producer that finds no broker forgets its topics, and every send waits for them anew.
    settings.put("metadata.recovery.strategy", "none");
    settings.putAll(kafka);
    return settings;
  }

  /**
   * Of a consumer that reads what is committed, without a group: it needs no right to one and
   * disturbs nobody. Holds the secrets that {@link #kafka} holds.
   *
   * @param part names it beside others, in the client's id
   */
  public Properties consumer(String part) {
    Properties settings = common(part);
    settings.put("enable.auto.commit", "false");
    settings.put("allow.auto.create.topics", "false");
    settings.put("auto.offset.reset", "none");
    settings.put("default.api.timeout.ms", "15000");
    settings.putAll(kafka);
    settings.put("isolation.level", "read_committed");
    return settings;
  }

  /** Whether the caller gave this setting of Kafka's. */
  boolean sets(String key) {
    return kafka.containsKey(key);
  }

  private Properties common(String part) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", clientId + "-" + part);
    settings.put("reconnect.backoff.max.ms", "1000");
    return settings;
  }
}
