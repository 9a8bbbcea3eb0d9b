package io.countermand.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.countermand.events.OrderEvent;
import io.countermand.events.serde.EventDecoder;
import io.countermand.events.serde.EventSerdes;
import io.countermand.events.serde.RegistryUnavailableException;
import io.countermand.platform.LocalPlatform.Options;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping and dying. */
class LocalPlatformTest {

  @TempDir private Path data;

  @Test
  @Tag("long")
  void shouldKeepRecordsAndSchemaIdsWhateverStopsIt() throws Exception {
    String topic;
    int id;
    String cluster;
    try (LocalPlatform platform = start()) {
      topic = Clients.topic(platform);
      id = register(platform);
      cluster = cluster(platform);
      produce(platform, topic, 1);

      // A Ctrl-C at the terminal: only the parent's business.
      interrupt(platform.brokerPid());
      interrupt(platform.registryPid());
      produce(platform, topic, 2);
      assertThat(platform.isRunning()).isTrue();

      platform.killBroker();
      platform.killRegistry();
      assertThat(platform.isRunning()).isFalse();
      EventDecoder<OrderEvent> decoder =
          new EventSerdes(platform.registryUrl()).decoder(OrderEvent.class);
      byte[] value = ByteBuffer.allocate(10).put((byte) 0).putInt(id).array();
      assertThatThrownBy(() -> decoder.decode("x", value))
          .isInstanceOf(RegistryUnavailableException.class);
      platform.restartBroker();
      platform.restartRegistry();

      assertThat(values(platform, topic)).containsExactly((byte) 1, (byte) 2);
      assertThat(register(platform)).isEqualTo(id);
      produce(platform, topic, 3);
    }
    try (LocalPlatform platform = start()) {
      assertThat(values(platform, topic)).containsExactly((byte) 1, (byte) 2, (byte) 3);
      assertThat(register(platform)).isEqualTo(id);
      assertThat(cluster(platform)).isEqualTo(cluster);
    }
  }

  @Test
  void shouldLeaveNoChildWhenItsProcessIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Child.java(),
                "-Xmx128m",
                "-Dlogback.configurationFile=io/countermand/platform/broker-logback.xml",
                "-Dbroker.logs=" + data,
                "-cp",
                ClassPath.own(),
                Holder.class.getName(),
                data.toString())
            .redirectError(data.resolve("parent.err").toFile())
            .start();
    try (BufferedReader out = parent.inputReader()) {
      String pids = out.lines().filter(l -> l.startsWith("pids ")).findFirst().orElse("none");
      assertThat(pids).as(Files.readString(data.resolve("parent.err"))).startsWith("pids ");
      List<ProcessHandle> children =
          List.of(pids.substring(5).split(" ")).stream()
              .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
              .toList();

      parent.destroyForcibly().waitFor();

      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  @Tag("long")
  void shouldStartAgainWhileTheKilledOnesChildrenStillEnd() throws Exception {
    Process parent =
        new ProcessBuilder(
                Child.java(),
                "-Xmx128m",
                "-Dlogback.configurationFile=io/countermand/platform/broker-logback.xml",
                "-Dbroker.logs=" + data,
                "-cp",
                ClassPath.own(),
                Holder.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = parent.inputReader()) {
      assertThat(out.lines().anyMatch(l -> l.startsWith("pids "))).isTrue();
    }
    parent.destroyForcibly().waitFor();

    try (LocalPlatform platform = start()) {
      assertThat(platform.isRunning()).isTrue();
    }
  }

  @Test
  void shouldSayThatAPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> LocalPlatform.start(new Options(data, port, 0)))
          .isInstanceOf(PlatformException.class)
          .hasMessage(
              "Kafka port " + port + " is taken: stop what listens there, or give another port.");
      assertThatThrownBy(() -> LocalPlatform.start(new Options(data, 0, port)))
          .isInstanceOf(PlatformException.class)
          .hasMessageStartingWith("Schema registry port " + port + " is taken");
    }
  }

  @Test
  void shouldRefuseDataThatIsInUse() {
    try (DataLock held = DataLock.take(data)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> LocalPlatform.start(new Options(data, 0, 0)))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("in use by another platform");
    }
  }

  @Test
  void shouldSayThatDataCannotBeWritten() throws Exception {
    Path file = Files.createFile(data.resolve("file"));

    assertThatThrownBy(() -> LocalPlatform.start(new Options(file.resolve("data"), 0, 0)))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("Give a directory that is writable");
  }

  @Test
  void shouldSayWhereItLooksForTheRegistry() {
    assertThatThrownBy(() -> RegistryHome.find(null, data.toString(), data))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining(data.toString())
        .hasMessageContaining(RegistryHome.VARIABLE);
  }

  @Test
  void shouldShowWhyAChildEnded() {
    Path log = data.resolve("child.out");
    Child child = Child.start("child", List.of(Child.java(), "-XX:NoSuchOption"), data, log);

    assertThatThrownBy(() -> child.await(() -> false))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("NoSuchOption");
  }

  private LocalPlatform start() {
    return LocalPlatform.start(new Options(data, 0, 0));
  }

  private static int register(LocalPlatform platform) throws Exception {
    try (var registry = new CachedSchemaRegistryClient(platform.registryUrl(), 10)) {
      return registry.register("x-value", EventSerdes.schemaOf(OrderEvent.class));
    }
  }

  private static void interrupt(long pid) throws Exception {
    new ProcessBuilder("kill", "-INT", String.valueOf(pid)).start().waitFor();
  }

  private static String cluster(LocalPlatform platform) throws Exception {
    try (Admin admin = Clients.admin(platform)) {
      return admin.describeCluster().clusterId().get();
    }
  }

  private static void produce(LocalPlatform platform, String topic, int value) throws Exception {
    try (var producer = Clients.producer(platform, Map.of())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {(byte) value})).get();
    }
  }

  private static List<Byte> values(LocalPlatform platform, String topic) {
    try (var consumer = Clients.consumer(platform, Map.of())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<Byte> values = new java.util.ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()[0]));
                return values.size() >= end;
              });
      return values;
    }
  }

  /** A process with a platform that never stops it. */
  static final class Holder {

    public static void main(String[] args) throws Exception {
      LocalPlatform platform = LocalPlatform.start(new Options(Path.of(args[0]), 0, 0));
      System.out.println("pids " + platform.brokerPid() + " " + platform.registryPid());
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }
}
