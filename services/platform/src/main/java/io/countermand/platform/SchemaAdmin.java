package io.countermand.platform;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUrls;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;

/** Brings the registry's subjects to this build's schemas, and tells how they stand. */
public final class SchemaAdmin {

  private static final String COMPATIBILITY = "FULL_TRANSITIVE";

  private SchemaAdmin() {}

  /** How a subject stands to this build's schema. */
  public enum Status {
    /** No such subject. */
    MISSING,
    /** Registered. */
    SAME,
    /** Not registered; fits every version. */
    COMPATIBLE,
    /** Not registered, and cannot be: some version cannot be read, or cannot read it. */
    INCOMPATIBLE
  }

  /**
   * A subject and how it stands.
   *
   * @param text a sentence for people
   */
  public record Subject(String name, Status status, String text) {}

  /**
   * Registers what is missing or newer and sets FULL_TRANSITIVE; nothing is registered when one
   * subject is incompatible.
   *
   * @return how each subject stood before, in the catalogue's order
   * @throws PlatformException when a subject is incompatible or the registry does not answer
   */
  public static List<Subject> register(String registryUrl, Catalogue catalogue) {
    return register(registryUrl, Map.of(), catalogue);
  }

  /**
   * The same.
   *
   * @param properties of the registry client (authentication, TLS), as every role has them
   */
  public static List<Subject> register(
      String registryUrl, Map<String, String> properties, Catalogue catalogue) {
    return with(
        registryUrl,
        properties,
        registry -> {
          List<Subject> before = check(registry, catalogue);
          List<String> incompatible =
              before.stream()
                  .filter(subject -> subject.status() == Status.INCOMPATIBLE)
                  .map(subject -> subject.name() + " " + subject.text())
                  .toList();
          if (!incompatible.isEmpty()) {
            throw new PlatformException(
                "Schemas of this build do not fit the registry's, nothing was registered: "
                    + String.join("; ", incompatible));
          }
          for (TopicSpec topic : catalogue.topics()) {
            registry.register(topic.subject(), schema(topic));
            registry.updateCompatibility(topic.subject(), COMPATIBILITY);
          }
          return before;
        });
  }

  /**
   * How each subject stands, in the catalogue's order.
   *
   * @throws PlatformException when the registry does not answer
   */
  public static List<Subject> check(String registryUrl, Catalogue catalogue) {
    return check(registryUrl, Map.of(), catalogue);
  }

  /**
   * The same.
   *
   * @param properties of the registry client (authentication, TLS), as every role has them
   */
  public static List<Subject> check(
      String registryUrl, Map<String, String> properties, Catalogue catalogue) {
    return with(registryUrl, properties, registry -> check(registry, catalogue));
  }

  private static List<Subject> check(SchemaRegistryClient registry, Catalogue catalogue)
      throws IOException, RestClientException {
    Collection<String> subjects = registry.getAllSubjects();
    List<Subject> all = new ArrayList<>();
    for (TopicSpec topic : catalogue.topics()) {
      all.add(
          subjects.contains(topic.subject())
              ? compare(registry, topic)
              : new Subject(topic.subject(), Status.MISSING, "is not registered"));
    }
    return all;
  }

  private static Subject compare(SchemaRegistryClient registry, TopicSpec topic)
      throws IOException, RestClientException {
    String subject = topic.subject();
    AvroSchema ours = schema(topic);
    if (isRegistered(registry, subject, ours)) {
      return new Subject(subject, Status.SAME, "is registered");
    }
    List<Schema> versions = new ArrayList<>();
    for (int version : registry.getAllVersions(subject)) {
      var registered = registry.getByVersion(subject, version, false);
      if (!AvroSchema.TYPE.equals(registered.getSchemaType())) {
        return new Subject(subject, Status.INCOMPATIBLE, "has a version that is no Avro schema");
      }
      versions.add(new AvroSchema(registered.getSchema()).rawSchema());
    }
    try {
      new SchemaValidatorBuilder()
          .mutualReadStrategy()
          .validateAll()
          .validate(ours.rawSchema(), versions);
      return new Subject(
          subject, Status.COMPATIBLE, "fits the " + versions.size() + " registered versions");
    } catch (SchemaValidationException e) {
      return new Subject(subject, Status.INCOMPATIBLE, "does not fit: " + e.getMessage());
    }
  }

  /** As the serializers ask: word for word, docs included. */
  private static boolean isRegistered(
      SchemaRegistryClient registry, String subject, AvroSchema schema)
      throws IOException, RestClientException {
    try {
      registry.getId(subject, schema);
      return true;
    } catch (RestClientException e) {
      if (e.getStatus() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static AvroSchema schema(TopicSpec topic) {
    return EventSerdes.schemaOf(topic.valueType());
  }

  private static <R> R with(String registryUrl, Map<String, String> properties, Work<R> work) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("http.connect.timeout.ms", 2_000);
    settings.put("http.read.timeout.ms", 10_000);
    settings.putAll(properties);
    SchemaRegistryClient registry =
        new CachedSchemaRegistryClient(
            List.of(registryUrl.split(",", -1)), 1000, List.of(new AvroSchemaProvider()), settings);
    try (registry) {
      return work.on(registry);
    } catch (IOException | RestClientException e) {
      throw new PlatformException(
          "The schema registry at "
              + RegistryUrls.shown(registryUrl)
              + " does not do as asked: "
              + e.getMessage()
              + ". Check its address, that it runs, and registry.properties if it asks who calls.",
          e);
    }
  }

  private interface Work<R> {
    R on(SchemaRegistryClient registry) throws IOException, RestClientException;
  }
}
