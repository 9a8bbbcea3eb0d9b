package io.countermand.platform;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Brings a cluster's topics to the catalogue, as far as that harms nothing. */
public final class TopicAdmin {

  private TopicAdmin() {}

  /**
   * What was done, or is to be done by hand.
   *
   * @param text a sentence for people
   */
  public record Change(Kind kind, String topic, String text) {}

  private static final Duration SPREADS_WITHIN = Duration.ofSeconds(30);

  /**
   * CREATED: done. MISSING: to be created. DIFFERS: left as it is, since changing it moves keys or
   * loses records.
   */
  public enum Kind {
    CREATED,
    MISSING,
    DIFFERS
  }

  /**
   * Creates what is missing and reports what differs; empty when all is as it must be.
   *
   * @throws PlatformException when the cluster refuses or does not answer
   */
  public static List<Change> apply(Admin admin, Catalogue catalogue) {
    try {
      Set<String> existing = admin.listTopics().names().get();
      List<Change> changes = new ArrayList<>();
      List<TopicSpec> present = new ArrayList<>();
      List<TopicSpec> missing = new ArrayList<>();
      for (TopicSpec spec : catalogue.topics()) {
        (existing.contains(spec.name()) ? present : missing).add(spec);
      }
      create(admin, missing, present, changes);
      compare(admin, present, changes);
      return List.copyOf(changes);
    } catch (ExecutionException e) {
      throw new PlatformException("Topics cannot be set up: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while setting up topics.", e);
    }
  }

  /**
   * Reports what is missing or differs, and changes nothing; empty when all is as it must be.
   *
   * @throws PlatformException when the cluster refuses or does not answer
   */
  public static List<Change> check(Admin admin, Catalogue catalogue) {
    try {
      Set<String> existing = admin.listTopics().names().get();
      List<Change> changes = new ArrayList<>();
      List<TopicSpec> present = new ArrayList<>();
      for (TopicSpec spec : catalogue.topics()) {
        if (existing.contains(spec.name())) {
          present.add(spec);
        } else {
          changes.add(new Change(Kind.MISSING, spec.name(), "is missing"));
        }
      }
      compare(admin, present, changes);
      return List.copyOf(changes);
    } catch (ExecutionException e) {
      throw new PlatformException("Topics cannot be looked at: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("Interrupted while looking at topics.", e);
    }
  }

  private static void create(
      Admin admin, List<TopicSpec> missing, List<TopicSpec> present, List<Change> changes)
      throws ExecutionException, InterruptedException {
    if (missing.isEmpty()) {
      return;
    }
    CreateTopicsResult result =
        admin.createTopics(
            missing.stream()
                .map(
                    spec ->
                        new NewTopic(spec.name(), spec.partitions(), spec.replication())
                            .configs(spec.config()))
                .toList());
    for (TopicSpec spec : missing) {
      KafkaFuture<Void> created = requireNonNull(result.values().get(spec.name()));
      try {
        created.get();
        changes.add(
            new Change(
                Kind.CREATED,
                spec.name(),
                "created with "
                    + spec.partitions()
                    + " partitions, replicated "
                    + spec.replication()
                    + " times"));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
        // Another instance was quicker; compare with what it made.
        present.add(spec);
      }
    }
  }

  private static void compare(Admin admin, List<TopicSpec> present, List<Change> changes)
      throws ExecutionException, InterruptedException {
    List<String> names = present.stream().map(TopicSpec::name).toList();
    Map<String, TopicDescription> topics = known(() -> admin.describeTopics(names).allTopicNames());
    Map<ConfigResource, Config> configs =
        known(() -> admin.describeConfigs(names.stream().map(TopicAdmin::resource).toList()).all());
    for (TopicSpec spec : present) {
      partitions(spec, requireNonNull(topics.get(spec.name())), changes);
      config(spec, requireNonNull(configs.get(resource(spec.name()))), changes);
    }
  }

  /** A topic that was just made is known to the controller first, to each broker a moment later. */
  private static <T> T known(Supplier<KafkaFuture<T>> ask)
      throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + SPREADS_WITHIN.toNanos();
    while (true) {
      try {
        return ask.get().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() >= end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static void partitions(TopicSpec spec, TopicDescription is, List<Change> changes) {
    if (is.partitions().size() != spec.partitions()) {
      changes.add(
          differs(
              spec,
              "has "
                  + is.partitions().size()
                  + " partitions, not "
                  + spec.partitions()
                  + ": adding some moves keys to other partitions; stop all roles first"));
    }
    int replicas = is.partitions().getFirst().replicas().size();
    if (replicas != spec.replication()) {
      changes.add(
          differs(
              spec,
              "is replicated "
                  + replicas
                  + " times, not "
                  + spec.replication()
                  + ": reassign its partitions"));
    }
  }

  private static void config(TopicSpec spec, Config is, List<Change> changes) {
    new TreeMap<>(spec.config())
        .forEach(
            (key, wanted) -> {
              ConfigEntry entry = is.get(key);
              String value = entry == null ? "(none)" : entry.value();
              if (!wanted.equals(value)) {
                changes.add(
                    differs(
                        spec,
                        "has "
                            + key
                            + "="
                            + value
                            + ", not "
                            + wanted
                            + ": alter it with kafka-configs"));
              }
            });
  }

  private static Change differs(TopicSpec spec, String text) {
    return new Change(Kind.DIFFERS, spec.name(), text);
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }
}
