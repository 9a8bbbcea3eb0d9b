package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countermand.events.CancelRequest;
import io.countermand.platform.TopicAdmin.Change;
import io.countermand.platform.TopicAdmin.Kind;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPlatform.class)
class TopicAdminTest {

  private final LocalPlatform platform = SharedPlatform.get();
  private final String topic = "t-" + UUID.randomUUID();
  private final Catalogue catalogue =
      new Catalogue(
          List.of(
              new TopicSpec(
                  topic, 2, (short) 1, Map.of("retention.ms", "604800000"), CancelRequest.class)));

  @Test
  void shouldCreateWhatIsMissingAndThenDoNothing() {
    try (Admin admin = Clients.admin(platform)) {
      List<Change> first = TopicAdmin.apply(admin, catalogue);
      List<Change> second = TopicAdmin.apply(admin, catalogue);

      assertThat(first)
          .extracting(Change::topic, Change::kind)
          .containsExactly(tuple(topic, Kind.CREATED));
      assertThat(second).isEmpty();
    }
  }

  @Test
  void shouldTellDifferencesAndLeaveThem() throws Exception {
    try (Admin admin = Clients.admin(platform)) {
      NewTopic odd = new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "1000"));
      admin.createTopics(List.of(odd)).all().get();

      List<Change> changes = TopicAdmin.apply(admin, catalogue);

      assertThat(changes)
          .containsExactly(
              new Change(
                  Kind.DIFFERS,
                  topic,
                  "has 1 partitions, not 2: adding some moves keys to other partitions; "
                      + "stop all roles first"),
              new Change(
                  Kind.DIFFERS,
                  topic,
                  "has retention.ms=1000, not 604800000: alter it with kafka-configs"));
      assertThat(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions())
          .hasSize(1);
    }
  }
}
