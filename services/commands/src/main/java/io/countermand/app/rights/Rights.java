package io.countermand.app.rights;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.console.Console;
import io.countermand.desk.Desk;
import io.countermand.ledger.Ledger;
import io.countermand.platform.TopicSpec;
import io.countermand.platform.Topics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Which role may do what: all that it needs, and nothing else. Names are literal wherever they are
 * known; what Kafka Streams makes for itself (changelogs) is named by the stores.
 *
 * <p>Nobody may alter or delete a topic of the pipeline, or alter a setting of the cluster: that is
 * a super user's. Whoever may alter ACLs (ADMIN) can give himself the rest.
 */
public final class Rights {

  /** What the groups of risk systems begin with, where they use groups; our own client does not. */
  public static final String RISK_GROUPS = "countermand-risk-";

  /** What the topics begin with that {@code doctor} makes, to compare clocks, and deletes. */
  private static final String DOCTORS = "countermand-doctor-";

  private final Config config;

  public Rights(Config config) {
    this.config = config;
  }

  /** Of a role; of DESK: of the desks that serve all venues. */
  public Set<Right> of(Role role) {
    var of = new Builder();
    switch (role) {
      case PRODUCER -> of.write(Topics.INTENTS).read(Topics.OUTCOMES);
      case OMS -> of.write(Topics.ORDER_EVENTS);
      case FEED -> of.write(Topics.ORDER_EVENTS, Topics.PAUSES).read(Topics.PAUSES);
      case DESK -> of.add(desk(Set.of()));
      case LEDGER -> ledger(of);
      case DOOR ->
          of.write(Topics.INTENTS, Topics.MASS_CANCELS)
              .read(
                  Topics.OUTCOMES, Topics.ORDER_STATES, Topics.MASS_REPORTS, Topics.KILL_SWITCHES);
      case GUARDED -> of.write(Topics.HEARTBEATS).read(Topics.HEARTBEATS);
      case CONSOLE ->
          of.read(Console.READS.toArray(String[]::new))
              .write(Topics.CONSOLE_ACTIONS, Topics.PAUSES, Topics.MASS_CANCELS)
              // Dead letters, as for an operator.
              .read(Topics.ORDER_EVENTS)
              .write(Topics.INTENTS, Topics.ORDER_EVENTS);
      case READER -> reader(of);
      case RISK ->
          of.read(Topics.OUTCOMES, Topics.FINDINGS).add(Right.group(RISK_GROUPS, true, READ));
      case AUDITOR ->
          of.read(
              Topics.INTENTS,
              Topics.PROGRESS,
              Topics.OUTCOMES,
              Topics.FINDINGS,
              Topics.RETRIES,
              Topics.ORDER_EVENTS,
              Topics.ORDER_STATES,
              Topics.DEAD_LETTERS,
              Topics.MASS_CANCELS,
              Topics.MASS_COMMANDS,
              Topics.MASS_PROGRESS,
              Topics.MASS_REPORTS,
              Topics.KILL_SWITCHES,
              Topics.HEARTBEATS,
              Topics.CONSOLE_ACTIONS);
      case OPERATOR ->
          of.write(Topics.MASS_CANCELS, Topics.PAUSES, Topics.HEARTBEATS)
              .read(Topics.HEARTBEATS)
              .read(Topics.MASS_REPORTS, Topics.KILL_SWITCHES, Topics.DEAD_LETTERS)
              // Dead letters of others' records are sent once more; those of ours need an admin.
              .read(Topics.INTENTS, Topics.ORDER_EVENTS)
              .write(Topics.INTENTS, Topics.ORDER_EVENTS);
      case ADMIN -> admin(of);
    }
    return of.rights;
  }

  /**
   * Of the desks that serve these venues, in a group of their own.
   *
   * @param only empty: of those that serve all
   */
  public Set<Right> desk(Set<String> only) {
    String group = Settings.deskGroup(config, only);
    return new Builder()
        .read(
            Topics.INTENTS,
            Topics.RETRIES,
            Topics.ORDER_EVENTS,
            Topics.OUTCOMES,
            Topics.MASS_COMMANDS,
            Topics.KILL_SWITCHES,
            Topics.PAUSES)
        .write(
            Topics.PROGRESS,
            Topics.ORDER_STATES,
            Topics.DEAD_LETTERS,
            Topics.PAUSES,
            Topics.MASS_PROGRESS)
        // A mass cancel's intents, and records that stood in a wrong partition.
        .write(Topics.INTENTS, Topics.ORDER_EVENTS)
        .add(Right.group(group, false, READ))
        .changelogs(group, Desk.STORES)
        .rights;
  }

  private void ledger(Builder of) {
    String group = Settings.ledgerGroup(config);
    of.read(
            Topics.INTENTS,
            Topics.PROGRESS,
            Topics.ORDER_EVENTS,
            Topics.MASS_CANCELS,
            Topics.MASS_PROGRESS,
            Topics.HEARTBEATS)
        .write(
            Topics.OUTCOMES,
            Topics.FINDINGS,
            Topics.RETRIES,
            Topics.PROGRESS,
            Topics.ORDER_EVENTS,
            Topics.DEAD_LETTERS,
            Topics.MASS_COMMANDS,
            Topics.MASS_PROGRESS,
            Topics.MASS_REPORTS,
            Topics.KILL_SWITCHES)
        // A dead-man's switch fires, and its clock ticks.
        .write(Topics.MASS_CANCELS, Topics.HEARTBEATS)
        .add(Right.group(group, false, READ))
        .changelogs(group, Ledger.STORES)
        // Kafka Streams: application id, process, thread.
        .add(new Right(ResourceType.TRANSACTIONAL_ID, group + "-", true, WRITE));
  }

  private void reader(Builder of) {
    of.read(
            Topics.INTENTS,
            Topics.ORDER_EVENTS,
            Topics.ORDER_STATES,
            Topics.PROGRESS,
            Topics.RETRIES,
            Topics.OUTCOMES,
            Topics.FINDINGS,
            Topics.DEAD_LETTERS,
            Topics.PAUSES,
            Topics.MASS_CANCELS,
            Topics.MASS_PROGRESS,
            Topics.MASS_REPORTS,
            Topics.KILL_SWITCHES,
            Topics.HEARTBEATS,
            Topics.CONSOLE_ACTIONS)
        .add(Right.group(Settings.ledgerGroup(config), false, DESCRIBE));
    deskGroups(of, DESCRIBE);
  }

  private void admin(Builder of) {
    for (TopicSpec topic : Settings.catalogue(config).topics()) {
      for (AclOperation each : List.of(CREATE, DESCRIBE, DESCRIBE_CONFIGS)) {
        of.add(Right.topic(topic.name(), each));
      }
    }
    // Offsets by hand: hand-over and start-anew.
    of.read(Desk.STARTS_ANEW.toArray(String[]::new))
        .read(Ledger.SOURCES.toArray(String[]::new))
        .write(Topics.INTENTS)
        .add(Right.group(Settings.ledgerGroup(config), false, READ));
    deskGroups(of, READ);
    for (AclOperation each : List.of(CREATE, WRITE, DELETE)) {
      of.add(new Right(ResourceType.TOPIC, DOCTORS, true, each));
    }
    for (AclOperation each : List.of(DESCRIBE, ALTER, DESCRIBE_CONFIGS)) {
      of.add(Right.cluster(each));
    }
  }

  /** Those of {@code --venues}, and the notes of who has a venue, too. */
  private void deskGroups(Builder of, AclOperation operation) {
    String all = Settings.deskGroup(config, Set.of());
    of.add(Right.group(all, false, operation)).add(Right.group(all + "-", true, operation));
  }

  private static final class Builder {

    private final Set<Right> rights = new LinkedHashSet<>();

    Builder add(Right right) {
      rights.add(right);
      return this;
    }

    Builder add(Set<Right> more) {
      rights.addAll(more);
      return this;
    }

    Builder read(String... topics) {
      List.of(topics).forEach(each -> add(Right.topic(each, READ)));
      return this;
    }

    Builder write(String... topics) {
      List.of(topics).forEach(each -> add(Right.topic(each, WRITE)));
      return this;
    }

    Builder changelogs(String group, List<String> stores) {
      List<AclOperation> all = new ArrayList<>(List.of(CREATE, READ, WRITE));
      for (String store : stores) {
        all.forEach(each -> add(Right.topic(group + "-" + store + "-changelog", each)));
      }
      return this;
    }
  }
}
