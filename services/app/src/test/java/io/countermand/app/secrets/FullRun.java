// Over 300 lines: a run in its order, which is read from top to bottom.
package io.countermand.app.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Settings;
import io.countermand.app.local.LocalConsole;
import io.countermand.app.local.LocalStack;
import io.countermand.app.rights.Role;
import io.countermand.app.role.DoorMasses;
import io.countermand.client.CancelClient;
import io.countermand.console.access.UserFile;
import io.countermand.door.Door;
import io.countermand.door.TokenFile;
import io.countermand.events.CancelOutcome;
import io.countermand.events.CancelResult;
import io.countermand.events.OrderKey;
import io.countermand.platform.OwnFile;
import io.countermand.platform.Topics;
import io.countermand.platform.tls.ServerTls;
import io.countermand.simulator.book.NewOrder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * What people and programs do with a locked stack: cancels, commands, a console, a door, wrong
 * passwords, and what stands in no place as it should.
 *
 * @param venue of an account {@code Sim101}, which repeats its credential
 * @param data of the stack
 * @param order id of an order, a mark
 * @param reason of pauses and mass cancels, a mark
 */
record FullRun(
    LocalStack stack,
    Said said,
    Canary canary,
    String venue,
    Path data,
    String order,
    String reason) {

  static final String CALM = "cadenza";
  private static final Pattern PLACE = Pattern.compile("dead-letters-\\d+@\\d+");
  private static final Pattern LETTER =
      Pattern.compile("/dead-letter\\?partition=\\d+&amp;offset=\\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> PAGES =
      List.of(
          "/",
          "/cancels",
          "/orders",
          "/unresolved",
          "/dead-letters",
          "/venues",
          "/mass-cancels",
          "/kill",
          "/actions");

  /**
   * @param times that the venue repeats its credential at the least
   */
  void cancels(int times) throws Exception {
    try (CancelClient client = CancelClient.connect(Settings.client(stack.config(Role.PRODUCER)))) {
      List<CompletableFuture<CancelOutcome>> asked = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        OrderKey key = OrderKey.of(venue, "Sim101", "echo-" + i);
        asked.add(client.cancel(key).within(Duration.ofSeconds(5)).send());
      }
      place(order);
      CancelOutcome outcome =
          client
              .cancel(calm(order))
              .because(reason)
              .within(PATIENCE)
              .send()
              .get(90, TimeUnit.SECONDS);
      said.add("client", outcome.toString());
      assertThat(outcome.getResult()).isEqualTo(CancelResult.CANCELED);
      for (var each : asked) {
        said.add("client", each.get(90, TimeUnit.SECONDS).toString());
      }
    }
  }

  private static OrderKey calm(String id) {
    return OrderKey.of(CALM, "Sim101", id);
  }

  private void place(String id) {
    stack.simulator().book().place(NewOrder.of(CALM, "Sim101", id, "10"));
  }

  /** A record that is none, and an outcome twice: so dead letters and differences are there. */
  void faults() throws Exception {
    produce(
        Role.PRODUCER, new ProducerRecord<>(Topics.INTENTS, bytes(order), bytes("no " + order)));
    Awaitility.await("dead letter")
        .atMost(PATIENCE)
        .until(() -> !command(0, Role.READER, "dead-letters", "list").isBlank());
    ConsumerRecord<byte[], byte[]> first = outcome();
    produce(
        Role.LEDGER,
        new ProducerRecord<>(first.topic(), first.partition(), first.key(), first.value()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private void produce(Role role, ProducerRecord<byte[], byte[]> record) throws Exception {
    Properties settings = Settings.connection(stack.config(role)).producer("canary");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }

  private ConsumerRecord<byte[], byte[]> outcome() {
    Properties settings = Settings.connection(stack.config(Role.RISK)).consumer("canary");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.OUTCOMES).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return Awaitility.await("outcome")
          .atMost(PATIENCE)
          .until(
              () -> {
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                  if (new String(each.value(), UTF_8).contains(order)) {
                    return each;
                  }
                }
                return null;
              },
              each -> each != null);
    }
  }

  void commands() throws IOException {
    String key = calm(order).key();
    command(0, Role.READER, "order", key);
    command(0, Role.READER, "order", OrderKey.of(venue, "Sim101", "echo-1").key(), "--json");
    command(0, Role.READER, "watch", "--from", "beginning", "--most", "1", "--order-id", order);
    command(0, Role.READER, "story", key);
    command(0, Role.READER, "story", OrderKey.of(venue, "Sim101", "echo-2").key());
    String letters = command(0, Role.READER, "dead-letters", "list");
    Matcher place = PLACE.matcher(letters);
    assertThat(place.find()).as(letters).isTrue();
    command(0, Role.READER, "dead-letters", "show", place.group());
    String[] kill = {"kill", "--venue", CALM, "--account", "Sim101", "--reason", reason, "--by"};
    String[] keep = {reason, "--mass-id", "mass-1", "--keep", "--yes", "--within", "60s"};
    command(0, Role.OPERATOR, Stream.of(kill, keep).flatMap(Stream::of).toArray(String[]::new));
    command(0, Role.OPERATOR, "kill", "list");
    command(0, Role.OPERATOR, "kill", "release", "mass-1", "--reason", reason, "--by", reason);
    String archive = data.resolve("archive").toString();
    command(4, Role.AUDITOR, "audit", "--out", data.resolve("report").toString());
    command(0, Role.AUDITOR, "archive", "--out", archive);
    command(0, Role.AUDITOR, "story", key, "--archive", archive);
    command(0, Role.ADMIN, "acls", "check");
    command(0, Role.ADMIN, "schemas", "check");
    command(0, Role.DESK, "config", "check");
  }

  /** Where the venue answers each call with its credential; and with passwords of others. */
  void wrong(Map<String, String> credential) throws IOException {
    Path echo = changed(Role.ADMIN, "echo", credential);
    said.command(1, echo, "venues");
    said.command(1, echo, "doctor", "--probe-venues");
    Path registry = changed(Role.RISK, "registry", Map.of(":registry}", ":kafka-password}"));
    said.command(1, registry, "schemas", "check");
    String own = "countermand-risk.properties:jaas}";
    Path none = changed(Role.RISK, "jaas", Map.of(own, "countermand-desk.properties:registry}"));
    said.command(1, none, "watch", "--from", "beginning", "--most", "1");
    Path file = data.resolve("locks/wrong.properties");
    String jaas = Files.readString(data.resolve("locks/countermand-risk.properties"));
    OwnFile.write(file, bytes(jaas.replace("countermand-risk", "countermand-oms")));
    Path other = changed(Role.RISK, "login", Map.of(own, "wrong.properties:jaas}"));
    said.command(1, other, "watch", "--from", "beginning", "--most", "1");
  }

  private Path changed(Role role, String name, Map<String, String> changes) throws IOException {
    String text = Files.readString(stack.configFile(role));
    for (var each : changes.entrySet()) {
      assertThat(text).contains(each.getKey());
      text = text.replace(each.getKey(), each.getValue());
    }
    return Files.writeString(data.resolve("wrong-" + name + ".yaml"), text);
  }

  /** Somebody mistypes his password, types it as his name, signs in, looks around, and pauses. */
  void console() throws Exception {
    String password = canary.secret("console password", "+/~&%\"\\<");
    String mistyped = canary.secret("mistyped password");
    String line = UserFile.line("olivia", "operator,killer,auditor", password, 10);
    OwnFile.write(data.resolve("console-users"), bytes(line + "\n"));
    try (var console = LocalConsole.open(stack);
        var guest = new ConsoleGuest(console.port(), said)) {
      Awaitility.await("console").atMost(PATIENCE).until(() -> console.missing().isEmpty());
      assertThat(guest.post("/sign-in", Map.of("name", "olivia", "password", mistyped)))
          .isNotEqualTo(303);
      assertThat(guest.post("/sign-in", Map.of("name", password, "password", "olivia")))
          .isNotEqualTo(303);
      assertThat(guest.post("/sign-in", Map.of("name", "olivia", "password", password)))
          .isEqualTo(303);
      canary.add("console session", guest.session());
      assertThat(
              guest.post(
                  "/venues/pause", Map.of("venue", venue, "until", "resumed", "reason", reason)))
          .isEqualTo(303);
      Awaitility.await("pause").atMost(PATIENCE).until(() -> guest.get("/venues").contains(reason));
      for (String page : PAGES) {
        guest.get(page);
      }
      Matcher letter = LETTER.matcher(guest.get("/dead-letters"));
      assertThat(letter.find()).isTrue();
      guest.get(letter.group().replace("&amp;", "&"));
      guest.get("/order?key=" + ConsoleGuest.encoded(calm(order).key()));
    }
  }

  void door() throws Exception {
    String token = TokenFile.newToken();
    canary.add("door token", token);
    OwnFile.write(
        data.resolve("door-tokens"),
        bytes(TokenFile.line(token, "desk-a", "cancel,read", CALM + "/Sim101") + "\n"));
    String id = order + "-door";
    place(id);
    try (DoorMasses masses = DoorMasses.of(stack.config(Role.DOOR));
        Door door = Door.open(Settings.door(stack.config(Role.DOOR)), masses)) {
      assertThat(post(door.port(), canary.secret("wrong door token"), id)).isEqualTo(401);
      assertThat(post(door.port(), token, id)).isEqualTo(200);
    }
  }

  private int post(int port, String token, String id) throws IOException {
    URI url = URI.create("https://127.0.0.1:" + port + "/v1/cancels");
    var request = (HttpsURLConnection) url.toURL().openConnection();
    request.setSSLSocketFactory(
        new ServerTls(data.resolve("none"), "", data.resolve("locks/authority.pem")).sockets());
    request.setRequestProperty("Authorization", "Bearer " + token);
    request.setRequestProperty("Content-Type", "application/json");
    request.setRequestProperty("Prefer", "wait=60");
    request.setDoOutput(true);
    String body =
        "{\"venue\":\"%s\",\"account\":\"Sim101\",\"orderId\":\"%s\"}".formatted(CALM, id);
    request.getOutputStream().write(bytes(body));
    int status = request.getResponseCode();
    try (var answer = status < 400 ? request.getInputStream() : request.getErrorStream()) {
      String text = new String(answer.readAllBytes(), UTF_8);
      said.add("door", request.getHeaderFields() + "\n" + text);
    }
    return status;
  }

  void metrics() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      for (String path : List.of("/metrics", "/health/ready")) {
        URI url = URI.create("http://127.0.0.1:" + stack.opsPort() + path);
        HttpResponse<String> answer =
            http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        said.add("page " + path, answer.headers().map() + "\n" + answer.body());
      }
    }
  }

  /** The arguments of broker and registry, which everybody on the machine can list. */
  void processes() {
    List<String> theirs =
        ProcessHandle.current()
            .descendants()
            .map(each -> arguments(String.valueOf(each.pid())))
            .filter(each -> each.contains(data.toString()))
            .toList();
    assertThat(theirs).as("broker and registry").hasSize(2);
    theirs.forEach(each -> said.add("arguments of a process", each));
    said.add("arguments of the roles' process", arguments("self"));
  }

  /** Empty: gone meanwhile. */
  private static String arguments(String process) {
    try {
      return Files.readString(Path.of("/proc", process, "cmdline"));
    } catch (IOException e) {
      return "";
    }
  }

  private String command(int code, Role role, String... arguments) {
    return said.command(code, stack.configFile(role), arguments);
  }
}
