package io.countermand.kafka;

import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUrls;
import io.countermand.platform.Catalogue;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;

/**
 * Where Kafka and the schema registry are, and how every client of a role is set up.
 *
 * @param instance tells this process from others of its role, in logs and records
 * @param kafka settings for every Kafka client (security and the like), over ours
 * @param registry settings for the registry client
 */
public record KafkaConnection(
    String bootstrapServers,
    String registryUrl,
    String instance,
    Map<String, String> kafka,
    Map<String, String> registry) {

  /** The largest record that any of our producers may send: a dead letter with its value. */
  public static final int MOST_BYTES = 4 * 1024 * 1024;

  /** Without the values of the settings and users in URLs: some are secrets. */
  @Override
  public String toString() {
    return "KafkaConnection[%s, %s, %s, %s, %s]"
        .formatted(
            bootstrapServers,
            RegistryUrls.shown(registryUrl),
            instance,
            kafka.keySet(),
            registry.keySet());
  }

  public EventSerdes serdes() {
    return new EventSerdes(registryUrl, registry);
  }

  /**
   * For a role that must start and go on while the registry is away or wiped.
   *
   * @param kept where it keeps the schema ids that it knows
   */
  public EventSerdes serdes(Path kept) {
    Map<String, Class<? extends SpecificRecord>> written = new HashMap<>();
    Catalogue.of(1, (short) 1).topics().forEach(each -> written.put(each.name(), each.valueType()));
    return new EventSerdes(registryUrl, registry, kept, written);
  }

  /** Settings of a producer that waits for all in-sync replicas and sends at once. */
  public Properties producer(String role) {
    Properties settings = common(role);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("linger.ms", "0");
    settings.put("max.request.size", Integer.toString(MOST_BYTES));
    settings.put("compression.type", "none");
    settings.put("delivery.timeout.ms", "30000");
    settings.put("request.timeout.ms", "10000");
    settings.put("max.block.ms", "20000");
    settings.putAll(kafka);
    return settings;
  }

  /** Settings of a consumer without automatic commits. */
  public Properties consumer(String role) {
    Properties settings = common(role);
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    settings.put("session.timeout.ms", "6000");
    settings.put("heartbeat.interval.ms", "2000");
    settings.putAll(kafka);
    return settings;
  }

  public Properties admin(String role) {
    Properties settings = common(role);
    settings.putAll(kafka);
    return settings;
  }

  private Properties common(String role) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", role + "-" + instance);
    settings.put("reconnect.backoff.max.ms", "1000");
    return settings;
  }
}
