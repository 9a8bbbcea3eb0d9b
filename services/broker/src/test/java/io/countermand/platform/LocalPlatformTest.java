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
import io.countermand.platform.process.ChildProcess;
import io.countermand.platform.process.ClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
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

  /** Also children that have not yet come so far as to serve; else they would go on for ever. */
  @Test
  void shouldLeaveNoChildWhenItsProcessIsKilled() throws Exception {
    Process parent = holder("starting");
    try {
      List<ProcessHandle> children = children(parent);

      parent.destroyForcibly().waitFor();

      awaitEnd(children);
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  @Tag("long")
  void shouldStartAgainWhileTheKilledOnesChildrenStillEnd() throws Exception {
    Process parent = holder("ready");
    try {
      List<ProcessHandle> children = children(parent);
      parent.destroyForcibly().waitFor();

      try (LocalPlatform platform = start()) {
        assertThat(platform.isRunning()).isTrue();
        awaitEnd(children);
      }
    } finally {
      parent.destroyForcibly();
    }
  }

  private Process holder(String when) throws IOException {
    return new ProcessBuilder(
            ChildProcess.java(),
            "-Xmx128m",
            "-Dlogback.configurationFile=io/countermand/platform/broker-logback.xml",
            "-Dbroker.logs=" + data,
            "-cp",
            ClassPath.own(),
            Holder.class.getName(),
            data.toString(),
            when)
        .redirectError(data.resolve("parent.err").toFile())
        .start();
  }

  /** Returns when the holder has said which they are. */
  private List<ProcessHandle> children(Process parent) throws IOException {
    BufferedReader out = parent.inputReader();
    String pids = "";
    while (pids != null && !pids.startsWith("pids ")) {
      pids = out.readLine();
    }
    assertThat(pids).as(Files.readString(data.resolve("parent.err"))).isNotNull();
    List<ProcessHandle> children =
        Arrays.stream(pids.substring(5).split(" "))
            .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
            .toList();
    assertThat(children).hasSize(2);
    return children;
  }

  private static void awaitEnd(List<ProcessHandle> children) {
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
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
    ChildProcess child =
        ChildProcess.start("child", List.of(ChildProcess.java(), "-XX:NoSuchOption"), data, log);

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
          .atMost(Duration.ofSeconds(120))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()[0]));
                return values.size() >= end;
              });
      return values;
    }
  }

  /** A process with a platform that it never stops; says which its children are. */
  static final class Holder {

    /** The directory, and when to say it: {@code starting} or {@code ready}. */
    public static void main(String[] args) throws Exception {
      Path data = Path.of(args[0]);
      var starting =
          CompletableFuture.supplyAsync(() -> LocalPlatform.start(new Options(data, 0, 0)));
      if (args[1].equals("ready")) {
        starting.join();
      }
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> ProcessHandle.current().children().count() == 2);
      System.out.println(
          ProcessHandle.current()
              .children()
              .map(child -> Long.toString(child.pid()))
              .collect(Collectors.joining(" ", "pids ", "")));
      new CountDownLatch(1).await();
    }
  }
}
