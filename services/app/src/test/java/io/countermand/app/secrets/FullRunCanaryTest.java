package io.countermand.app.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.config.Logging;
import io.countermand.app.local.LocalStack;
import io.countermand.app.rights.Role;
import io.countermand.platform.OwnFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A locked stack with a venue that repeats its credential, from its start to its end; then all that
 * it left and said is searched for every secret that it used: of no secret is anything anywhere but
 * in {@link #HOMES}. And for marks, which are none: the search must find them in every kind of
 * place, so that it is known to see. Not searched are environment variables, memory and the
 * machine's own directory for temporary files.
 */
@Tag("long")
class FullRunCanaryTest {

  /** Whence its processes read secrets. Each is its owner's alone, and below a closed directory. */
  private static final List<String> HOMES =
      List.of("locks/.+", "kafka/server\\.properties", "registry/config/application\\.properties");

  private static final String LOG = "countermand.log";
  private final Canary canary = new Canary();
  private final AtomicInteger turn = new AtomicInteger();

  @Test
  void shouldLeaveNoSecretInAnythingThatARunLeaves(@TempDir Path dir, TestReporter reporter)
      throws Exception {
    // Given
    String token = canary.secret("venue's token", "+/~&%\"\\<");
    List<String> forms = List.copyOf(Canary.written(token).values());
    Path tokens = dir.resolve("token");
    OwnFile.write(tokens, token.getBytes(UTF_8));
    Path data = dir.resolve(canary.secret(Places.DIRECTORY));
    String venue = UUID.randomUUID().toString().replace("-", "");
    canary.add(Places.VENUE, venue);
    canary.add(Places.REGISTRY, "io.apicurio.registry.storage");
    canary.add(Places.SCHEMA, "io.countermand.events");
    Map<String, String> properties = logTo(null);
    Said said = new Said();
    try (said;
        var echo = new EchoVenue()) {
      echo.http(request -> echo(forms));
      String url = "http://127.0.0.1:" + echo.port();
      // When
      try (LocalStack stack =
          LocalStack.start(options(data, venue, url, tokens), each -> said.add("start", each))) {
        learn(data.resolve("locks"));
        var run =
            new FullRun(
                stack,
                said,
                canary,
                venue,
                data,
                canary.secret(Places.ORDER),
                canary.secret(Places.REASON));
        run.cancels(forms.size());
        run.door();
        run.faults();
        run.commands();
        run.console();
        run.wrong(
            Map.of(
                stack.simulator().venueUrl(venue).toString(),
                url,
                data.resolve("secrets").resolve(venue + "-token").toString(),
                tokens.toString()));
        run.metrics();
        run.processes();
        String reason = run.reason();
        Awaitility.await("log of the pause")
            .atMost(Duration.ofSeconds(60))
            .until(() -> Files.readString(data.resolve("logs/countermand.log")).contains(reason));
      }
      assertThat(echo.requests())
          .hasSizeGreaterThan(forms.size())
          .anyMatch(each -> each.headers().stream().anyMatch(header -> header.contains(token)));
    } finally {
      logTo(properties);
    }
    // Then
    Traces traces = new Traces(canary);
    said.parts().forEach(each -> traces.text(each.where(), each.text().getBytes(UTF_8)));
    traces.directory(data);
    Places.shouldSee(traces, reporter);
    shouldHaveFoundThemAtHomeAlone(data, traces);
    assertThat(said.parts())
        .as("what the venue repeated was shown, less the credential")
        .anyMatch(each -> each.where().equals("client") && each.text().contains("***"));
  }

  private LocalStack.Options options(Path data, String venue, String url, Path tokens) {
    String part = "COUNTERMAND_VENUES_" + venue.toUpperCase(Locale.ROOT);
    return new LocalStack.Options(
        data,
        0,
        0,
        Map.of(venue, "crosstrade", FullRun.CALM, FullRun.CALM),
        "1ms",
        true,
        Map.of(
            part + "_BASE_URL",
            url,
            part + "_CREDENTIALS_TOKEN_FILE",
            tokens.toString(),
            "COUNTERMAND_HTTP_PORT",
            "0",
            "COUNTERMAND_DOOR_PORT",
            "0",
            "COUNTERMAND_CONSOLE_PORT",
            "0",
            "COUNTERMAND_CONSOLE_ACTIONS",
            "true",
            "COUNTERMAND_CONSOLE_USERS",
            data.resolve("console-users").toString()),
        true);
  }

  private void shouldHaveFoundThemAtHomeAlone(Path data, Traces traces) throws IOException {
    List<Canary.Find> finds =
        traces.finds().stream().filter(find -> !find.secret().startsWith(Places.MARK)).toList();
    var elsewhere = new TreeSet<String>();
    finds.stream()
        .filter(find -> HOMES.stream().noneMatch(find.place()::matches))
        .forEach(find -> elsewhere.add(find.secret() + " in " + find.where()));
    assertThat(elsewhere).isEmpty();
    var files = new TreeSet<String>();
    finds.forEach(find -> files.add(find.place()));
    assertThat(HOMES)
        .as("no home is excused for nothing")
        .allMatch(home -> files.stream().anyMatch(each -> each.matches(home)));
    assertThat(permissions(data)).isEqualTo("rwx------");
    for (String each : files) {
      Path file = data.resolve(each);
      assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).as(each).isTrue();
      assertThat(file.toRealPath()).as(each).startsWith(data.toRealPath());
      assertThat(permissions(file)).as(each).isEqualTo("rw-------");
    }
    assertThat(finds)
        .filteredOn(find -> find.where().startsWith("locks/"))
        .extracting(Canary.Find::secret)
        .as("each that is there")
        .containsAll(
            canary.secrets().keySet().stream()
                .filter(each -> each.startsWith("countermand-") || each.startsWith("keystore"))
                .toList());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private void learn(Path locks) throws IOException {
    try (Stream<Path> files = Files.list(locks)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".password")) {
          canary.add(name, Files.readString(file).strip());
        } else if (name.endsWith(".properties")) {
          var login = new Properties();
          try (var in = Files.newInputStream(file)) {
            login.load(in);
          }
          for (String key : List.of("kafka-password", "registry-password")) {
            String value = login.getProperty(key);
            if (value != null) {
              canary.add(name.replace(".properties", "") + " " + key, value);
            }
          }
        }
      }
    }
    assertThat(canary.secrets()).hasSizeGreaterThan(2 * Role.values().length);
  }

  /** One form after another, each first once. */
  private String echo(List<String> forms) {
    var words = new StringBuilder();
    int first = turn.getAndIncrement();
    for (int i = 0; i < 6; i++) {
      words.append(forms.get((first + i) % forms.size())).append(' ');
    }
    String quoted = words.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    int status = first % 3 == 0 ? 500 : 400;
    return EchoVenue.json(
        status, words.toString().strip(), "{\"success\":false,\"error\":\"" + quoted + "\"}");
  }

  /**
   * Where this process logs is decided once; here it is where the stack wants it, and Kafka's
   * clients say their settings.
   *
   * @param properties as they were; null: to be as after a start
   * @return as they were
   */
  private static Map<String, String> logTo(@Nullable Map<String, String> properties) {
    Map<String, String> before = new HashMap<>();
    for (String each : List.of(LOG, LOG + ".kafka")) {
      String value = System.clearProperty(each);
      if (value != null) {
        before.put(each, value);
      }
    }
    if (properties == null) {
      System.setProperty(LOG + ".kafka", "INFO");
    } else {
      String file = properties.get(LOG);
      properties.forEach(System::setProperty);
      if (file != null) {
        System.clearProperty(LOG);
        Logging.toFile(Path.of(file));
      }
    }
    return before;
  }
}
