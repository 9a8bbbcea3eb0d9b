package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.spi.LoggingEventBuilder;

class LoggingTest {

  /** The shared stack of other tests has set them for this JVM. */
  private static final List<String> KEYS = List.of("countermand.log", "countermand.log.level");

  private final Map<String, String> before = new HashMap<>();

  @TempDir private Path directory;

  @BeforeEach
  void hideWhatIsSet() {
    for (String key : KEYS) {
      String value = System.clearProperty(key);
      if (value != null) {
        before.put(key, value);
      }
    }
  }

  @AfterEach
  void restore() {
    before.forEach(System::setProperty);
  }

  @Test
  void shouldWriteJsonLinesWithKeysToTheFile() throws Exception {
    // Given
    Path file = directory.resolve("new/countermand.log");
    LoggerContext context = configured("countermand.log", file.toString());

    // When
    context.getMDCAdapter().put("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
    event(context.getLogger("io.countermand.x").atWarn()).log("venue paused");
    context.getLogger("io.countermand.x").info("below the level");
    context.getLogger("org.apache.kafka.clients").info("below the level");
    context.stop();

    // Then
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1);
    JsonNode line = new ObjectMapper().readTree(lines.getFirst());
    assertThat(line.at("/level").asText()).isEqualTo("WARN");
    assertThat(line.at("/formattedMessage").asText()).isEqualTo("venue paused");
    assertThat(line.at("/kvpList/0/venue").asText()).isEqualTo("ct");
    assertThat(line.at("/mdc/trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(line.at("/throwable/message").asText()).isEqualTo("why");
  }

  @Test
  void shouldWriteKeysToStandardError() throws Exception {
    // When
    String line = standardError("none", "none");

    // Then
    assertThat(line).contains("WARN  x venue paused venue=\"ct\"").contains("IOException: why");
  }

  @Test
  void shouldWriteJsonToStandardErrorWhenAskedTo() throws Exception {
    // When
    String line = standardError("countermand.log.format", "json");

    // Then
    assertThat(new ObjectMapper().readTree(line).at("/kvpList/0/venue").asText()).isEqualTo("ct");
  }

  private static String standardError(String key, String value) throws JoranException {
    PrintStream before = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      LoggerContext context = configured(key, value);
      event(context.getLogger("io.countermand.x").atWarn()).log("venue paused");
      context.stop();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static LoggingEventBuilder event(LoggingEventBuilder event) {
    return event.addKeyValue("venue", "ct").setCause(new IOException("why"));
  }

  private static LoggerContext configured(String key, String value) throws JoranException {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty(key, value);
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
    return context;
  }
}
