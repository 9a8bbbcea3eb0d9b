package io.countermand.app.config;

import io.countermand.app.config.ConfigValue.Layer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What goes to Kafka's and the registry's clients as it is. */
final class Properties {

  private static final String SERVER = "([^\\s,:/@\\[\\]]+|\\[[0-9a-fA-F:.%]+]):[1-9]\\d{0,4}";

  static final Pattern SERVERS = Pattern.compile(SERVER + "( *, *" + SERVER + ")*");

  /** Ours: the promises rest on them, or another key sets them. */
  private static final Set<String> KAFKA_OURS =
      Set.of(
          "bootstrap.servers",
          "client.id",
          "group.id",
          "group.protocol",
          "application.id",
          "state.dir",
          "processing.guarantee",
          "acks",
          "enable.idempotence",
          "transactional.id",
          "enable.auto.commit",
          "auto.offset.reset",
          "isolation.level",
          "max.poll.records",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer");

  private static final Set<String> REGISTRY_OURS =
      Set.of("schema.registry.url", "auto.register.schemas", "use.latest.version");

  private static final String JAAS = "sasl.jaas.config";

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passphrase|secret|token|jaas\\.config|user\\.info|keystore\\.key)",
          Pattern.CASE_INSENSITIVE);

  /** A login module without any option, and so without a password: OAUTHBEARER's needs none. */
  private static final Pattern NO_SECRET = Pattern.compile("[\\w.]+\\s+required\\s*;");

  /** As Kafka's FileConfigProvider writes it: a key of a properties file. */
  private static final Pattern IN_FILE = Pattern.compile("\\$\\{file:(.+):([^:{}]+)}");

  private Properties() {}

  static Map<String, String> kafka(ConfigSection kafka) {
    return read(kafka, KAFKA_OURS, true, Properties::kafkaName);
  }

  static Map<String, String> registry(ConfigSection registry) {
    return read(registry, REGISTRY_OURS, false, Properties::dotted);
  }

  /** Allowed as the value of {@code registry.url}. */
  static String urls(String text) {
    for (String each : text.split(",", -1)) {
      ValueParsers.url(each.strip(), List.of("http", "https"));
    }
    return text;
  }

  /**
   * @param providers whether the client replaces {@code ${file:...}} and the like by itself; else
   *     {@code ${file:PATH:KEY}} is replaced here
   */
  private static Map<String, String> read(
      ConfigSection section, Set<String> ours, boolean providers, UnaryOperator<String> name) {
    SortedMap<String, String> properties = new TreeMap<>();
    section
        .layers()
        .any(section.key("properties"), name)
        .forEach(
            (key, given) -> {
              String full = "properties." + key;
              if (ours.contains(key)) {
                section.problem(full, "Countermand sets this itself", "leave it out");
              } else if (given.list()) {
                section.problem(full, "found a list", "allowed: one value, with commas");
              } else if (!providers && IN_FILE.matcher(given.text()).matches()) {
                inFile(section, full, given.text()).ifPresent(value -> properties.put(key, value));
              } else if (given.layer() == Layer.FILE
                  && SECRET.matcher(key).matches()
                  && !(key.equals(JAAS) && NO_SECRET.matcher(given.text()).matches())
                  && !(providers && given.text().startsWith("${"))) {
                section.problem(
                    full,
                    "found a secret (not shown)",
                    "set " + EnvNames.of(section.key(full)) + " instead");
              } else {
                properties.put(key, given.text());
              }
            });
    return Collections.unmodifiableMap(properties);
  }

  private static Optional<String> inFile(ConfigSection section, String key, String text) {
    Matcher place = IN_FILE.matcher(text);
    return place.matches()
        ? new SecretSource(section, Map.of()).property(key, place.group(1), place.group(2))
        : Optional.empty();
  }

  /** Kafka's own spelling, which may have a '-' or '_' that a variable's name cannot tell. */
  private static String kafkaName(String variable) {
    Map<String, String> names = new HashMap<>();
    for (Set<String> each :
        List.of(
            AdminClientConfig.configNames(),
            ConsumerConfig.configNames(),
            ProducerConfig.configNames(),
            StreamsConfig.configDef().names())) {
      each.forEach(name -> names.put(EnvNames.part(name), name));
    }
    return names.getOrDefault(variable, dotted(variable));
  }

  private static String dotted(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
