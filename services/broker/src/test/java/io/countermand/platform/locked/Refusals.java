package io.countermand.platform.locked;

import static io.countermand.platform.locked.LockedPlatformTest.OWN;
import static io.countermand.platform.locked.LockedPlatformTest.READER;
import static io.countermand.platform.locked.LockedPlatformTest.WRITER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.countermand.platform.BrokerLock;
import io.countermand.platform.Catalogue;
import io.countermand.platform.LocalPlatform;
import io.countermand.platform.SchemaAdmin;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a locked broker and a locked registry refuse, each with one thing wrong. */
final class Refusals implements AutoCloseable {

  /** What the JDK's client and Kafka's compare the name by. */
  private static final String NAMES = "ssl.endpoint.identification.algorithm";

  private static final String TRUST = "ssl.truststore.location";
  private static final String OF_REGISTRY = "schema.registry.";
  private static final String SUBJECT = "forbidden-value";
  private static final String SCHEMA = "{\"schema\":\"\\\"string\\\"\"}";

  private final LocalPlatform platform;
  private final LockDirectory locks;
  private final LockDirectory others;
  private final Path both;
  private final List<Relay> relays = new ArrayList<>();
  private final Map<String, Integer> ports = new HashMap<>();

  interface Work {
    void run() throws Exception;
  }

  /**
   * Something that nobody may do so.
   *
   * @param name a sentence
   * @param lock in what alone {@code allowed} differs from {@code refused}
   * @param error what says the refusal; of its chain of causes
   */
  record Deed(
      String name, String lock, Class<? extends Throwable> error, Work refused, Work allowed) {

    void shouldBeRefusedButForItsLock() throws Exception {
      assertThatThrownBy(refused::run)
          .satisfies(e -> assertThat(chain(e)).as(name).hasAtLeastOneElementOfType(error));
      allowed.run();
    }

    private static List<Throwable> chain(Throwable e) {
      return Stream.iterate(e, each -> each != null, Throwable::getCause).toList();
    }

    @Override
    public String toString() {
      return name + ", but with " + lock;
    }
  }

  /** What an HTTP server says by a status alone. */
  static final class Status extends Exception {
    private static final long serialVersionUID = 1L;

    Status(int status) {
      super("status " + status);
    }
  }

  Refusals(LocalPlatform platform, LockDirectory locks, Path elsewhere) throws Exception {
    this.platform = platform;
    this.locks = locks;
    this.others = LockDirectory.open(elsewhere, List.of(READER), Instant.now(), _ -> {});
    var aged = new AgedCertificates(elsewhere.resolve("aged"));
    aged.make("expired", "-10d", 5).make("early", "+5d", 5).make("renewed", "-10d", 100);
    this.both = elsewhere.resolve("both.pem");
    Files.writeString(both, Files.readString(locks.authority()) + aged.authority());
    var inside = locks.registry(List.of(WRITER), WRITER).tls().sockets();
    for (String server : List.of("kafka", "registry")) {
      for (String name : List.of("expired", "early", "renewed")) {
        relay(server + name, "127.0.0.1", aged.listens(name), inside, port(server));
      }
      // Another name for it, as of who has taken an address: what it shows is for 127.0.0.1.
      relay(
          server + "name",
          "127.0.0.2",
          ServerSocketFactory.getDefault(),
          SocketFactory.getDefault(),
          port(server));
    }
  }

  private void relay(
      String name, String address, ServerSocketFactory from, SocketFactory to, int port)
      throws IOException {
    var relay = new Relay(address, from, to, port);
    relays.add(relay);
    ports.put(name, relay.port());
  }

  private int port(String server) {
    String bootstrap = platform.bootstrapServers();
    return server.equals("kafka")
        ? Integer.parseInt(bootstrap.substring(bootstrap.indexOf(':') + 1))
        : URI.create(platform.registryUrl()).getPort();
  }

  @Override
  public void close() throws IOException {
    for (Relay each : relays) {
      each.close();
    }
  }

  Map<String, Object> kafka(Map<String, String> security) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", platform.bootstrapServers());
    settings.put("default.api.timeout.ms", "60000");
    settings.put("request.timeout.ms", "30000");
    settings.putAll(security);
    return settings;
  }

  Map<String, String> reader() {
    Map<String, String> settings = new HashMap<>(scram(READER, locks.login(READER).kafka()));
    settings.put("security.protocol", "SASL_SSL");
    settings.put("ssl.truststore.type", "PEM");
    settings.put(TRUST, locks.authority().toString());
    return settings;
  }

  private static Map<String, String> scram(String user, String password) {
    Map<String, String> settings = new HashMap<>(BrokerLock.client(user, password));
    settings.remove("security.protocol");
    return settings;
  }

  private static Map<String, String> with(Map<String, String> settings, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    return all;
  }

  int nodes(Map<String, String> security) throws Exception {
    try (Admin admin = Admin.create(kafka(security))) {
      return admin.describeCluster().nodes().get(90, TimeUnit.SECONDS).size();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Work broker(Map<String, String> more) {
    return () -> assertThat(nodes(with(reader(), more))).isEqualTo(1);
  }

  Map<String, String> registry(String user) {
    return registry(user, locks.login(user).registry());
  }

  private Map<String, String> registry(String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.put(OF_REGISTRY + "ssl.truststore.type", "PEM");
    settings.put(OF_REGISTRY + TRUST, locks.authority().toString());
    settings.put(OF_REGISTRY + NAMES, "https");
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", user + ":" + password);
    return settings;
  }

  private Work schemas(String url, Map<String, String> settings) {
    return () ->
        assertThat(SchemaAdmin.check(url, settings, Catalogue.of(1, (short) 1))).isNotEmpty();
  }

  /** That the broker was told of the reader before. */
  Login before() {
    return others.login(READER);
  }

  /** To broker and registry but by TLS, their own name, and the right authority. */
  Stream<Deed> ways() {
    Map<String, String> two = Map.of(TRUST, both.toString());
    Map<String, String> anothers = Map.of(TRUST, others.authority().toString());
    String name = "127.0.0.2:" + ports.get("kafkaname");
    return Stream.concat(
        Stream.of(
            broker("comes without TLS", "TLS", TimeoutException.class, plain("SASL_PLAINTEXT")),
            broker(
                "comes without TLS or login", "both", TimeoutException.class, plain("PLAINTEXT")),
            broker("comes without a login", "one", KafkaException.class, plain("SSL")),
            broker(
                "believes another authority",
                "the broker's",
                SslAuthenticationException.class,
                anothers),
            new Deed(
                "a client meets an expired certificate at the broker",
                "one that was renewed",
                SslAuthenticationException.class,
                broker(with(two, at("kafkaexpired"))),
                broker(with(two, at("kafkarenewed")))),
            new Deed(
                "a client meets a certificate of the future at the broker",
                "one that has begun",
                SslAuthenticationException.class,
                broker(with(two, at("kafkaearly"))),
                broker(with(two, at("kafkarenewed")))),
            new Deed(
                "a client reaches the broker by a name that its certificate does not have",
                "names not compared",
                SslAuthenticationException.class,
                broker(Map.of("bootstrap.servers", name)),
                broker(Map.of("bootstrap.servers", name, NAMES, "")))),
        registryWays());
  }

  private Map<String, String> at(String relay) {
    return Map.of("bootstrap.servers", "127.0.0.1:" + ports.get(relay));
  }

  /** Nobody answers in words then, so it ends by its time alone. */
  private static Map<String, String> plain(String protocol) {
    return Map.of(
        "security.protocol",
        protocol,
        "default.api.timeout.ms",
        "4000",
        "request.timeout.ms",
        "3000");
  }

  private Deed broker(
      String what, String lock, Class<? extends Throwable> error, Map<String, String> wrong) {
    return new Deed("a client of the broker " + what, lock, error, broker(wrong), broker(Map.of()));
  }

  private Stream<Deed> registryWays() {
    String url = platform.registryUrl();
    Map<String, String> reader = registry(READER);
    Map<String, String> two = with(reader, Map.of(OF_REGISTRY + TRUST, both.toString()));
    String name =
        url.replace("127.0.0.1:" + port("registry"), "127.0.0.2:" + ports.get("registryname"));
    String others = this.others.authority().toString();
    return Stream.of(
        new Deed(
            "a client of the registry comes without TLS",
            "TLS",
            IOException.class,
            schemas(url.replace("https:", "http:"), reader),
            schemas(url, reader)),
        new Deed(
            "a client of the registry believes another authority",
            "the registry's",
            SSLException.class,
            schemas(url, with(reader, Map.of(OF_REGISTRY + TRUST, others))),
            schemas(url, reader)),
        new Deed(
            "a client meets an expired certificate at the registry",
            "one that was renewed",
            SSLException.class,
            schemas(instead("registryexpired"), two),
            schemas(instead("registryrenewed"), two)),
        new Deed(
            "a client reaches the registry by a name that its certificate does not have",
            "names not compared",
            SSLException.class,
            schemas(name, reader),
            schemas(name, with(reader, Map.of(OF_REGISTRY + NAMES, "")))));
  }

  private String instead(String relay) {
    return platform.registryUrl().replace(":" + port("registry"), ":" + ports.get(relay));
  }

  /** Passwords of others, of before and of none; and schemas by who may only read them. */
  Stream<Deed> passwords() {
    String url = platform.registryUrl();
    Class<? extends Throwable> wrong = SaslAuthenticationException.class;
    Work own = broker(Map.of());
    Work check = schemas(url, registry(READER));
    Map<String, String> nobody = registry(READER);
    nobody.keySet().removeIf(each -> each.startsWith("basic.auth."));
    Login login = locks.login(READER);
    return Stream.of(
        login("another's password", wrong, scram(READER, locks.login(WRITER).kafka()), own),
        login("the password of before", wrong, scram(READER, others.login(READER).kafka()), own),
        login("the registry's password", wrong, scram(READER, login.registry()), own),
        login("a name that nobody has", wrong, scram("nobody", login.kafka()), own),
        login("PLAIN, which is the broker's own", wrong, own(READER, login.kafka()), own),
        login(
            "the broker's name and one's own password",
            wrong,
            own(OWN, login.kafka()),
            broker(own(OWN, locks.login(OWN).kafka()))),
        registered(
            "another's password",
            schemas(url, registry(READER, locks.login(WRITER).registry())),
            check),
        registered(
            "a password of somebody of that name elsewhere",
            schemas(url, registry(READER, others.login(READER).registry())),
            check),
        registered("Kafka's password", schemas(url, registry(READER, login.kafka())), check),
        registered("no login", schemas(url, nobody), check),
        registered("a name that it does not know", schemas(url, registry(OWN)), check),
        written("registers a schema", "POST", "/subjects/" + SUBJECT + "/versions", SCHEMA),
        written(
            "sets a compatibility", "PUT", "/config/" + SUBJECT, "{\"compatibility\":\"NONE\"}"),
        written("sets everybody's compatibility", "PUT", "/config", "{\"compatibility\":\"NONE\"}"),
        written("deletes a subject", "DELETE", "/subjects/" + SUBJECT, null));
  }

  private static Map<String, String> own(String user, String password) {
    Map<String, String> settings = new HashMap<>(new BrokerLock(user, password).client());
    settings.remove("security.protocol");
    return settings;
  }

  private Deed login(
      String what, Class<? extends Throwable> error, Map<String, String> wrong, Work right) {
    return new Deed(
        "somebody logs in to the broker with " + what, "his own", error, broker(wrong), right);
  }

  private static Deed registered(String what, Work refused, Work allowed) {
    return new Deed(
        "somebody asks the registry with " + what,
        "his own",
        RestClientException.class,
        refused,
        allowed);
  }

  private Deed written(String what, String method, String path, @Nullable String body) {
    String whole = URI.create(platform.registryUrl()).getPath() + path;
    return new Deed(
        "who may only read schemas " + what,
        "the writer's login",
        Status.class,
        () -> {
          // It is there, so that it can be altered.
          String subjects = URI.create(platform.registryUrl()).getPath() + "/subjects/" + SUBJECT;
          succeed("POST", subjects + "/versions", WRITER, SCHEMA);
          succeed(method, whole, READER, body);
        },
        () -> succeed(method, whole, WRITER, body));
  }

  private void succeed(String method, String path, String user, @Nullable String body)
      throws Exception {
    int status = http(method, path, user, body);
    if (status == 403) {
      throw new Status(status);
    }
    assertThat(status).as("%s %s by %s", method, path, user).isBetween(200, 299);
  }

  int http(String method, String path, @Nullable String user, @Nullable String body)
      throws Exception {
    var request =
        (HttpsURLConnection)
            URI.create(platform.registryUrl()).resolve(path).toURL().openConnection();
    request.setSSLSocketFactory(locks.registry(List.of(WRITER), WRITER).tls().sockets());
    request.setRequestMethod(method);
    if (user != null) {
      byte[] login = (user + ":" + locks.login(user).registry()).getBytes(StandardCharsets.UTF_8);
      request.setRequestProperty(
          "Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
    }
    if (body != null) {
      request.setDoOutput(true);
      request.setRequestProperty("Content-Type", "application/vnd.schemaregistry.v1+json");
      request.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    return request.getResponseCode();
  }
}
