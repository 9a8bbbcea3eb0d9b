package io.countermand.app.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.countermand.app.Countermand;
import io.countermand.app.lookup.DeadLetterBox;
import io.countermand.events.DeadLetter;
import io.countermand.events.DeadLetterReason;
import io.countermand.events.Evidence;
import io.countermand.platform.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whoever may only read dead letters: nothing in the log says that something is broken. */
@Tag("long")
class DeadLetterLogTest {

  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  @Test
  void shouldLogNoErrorForWhoMayNotProduce(@TempDir Path dir) throws Exception {
    Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            String cause =
                event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage();
            if (event.getLevel() == Level.ERROR
                && event.getFormattedMessage().contains("requeue")) {
              errors.add(event.getFormattedMessage() + " " + cause);
            }
          }
        };
    appender.setContext(kafka.getLoggerContext());
    appender.start();
    try (var pipeline = new LockedPipeline(dir)) {
      // Given
      kafka.addAppender(appender);
      // When
      String list = run(pipeline, "dead-letters", "list");
      try (var box = new DeadLetterBox(pipeline.connection(Role.READER))) {
        assertThatThrownBy(() -> box.requeue(letter(), "test", "test"))
            .hasMessageContaining("is not known to be sent");
      }
      // Then
      assertThat(list).isBlank();
      assertThat(errors).filteredOn(each -> each.contains("transaction")).isEmpty();
    } finally {
      kafka.detachAppender(appender);
    }
  }

  private static DeadLetterBox.Entry letter() {
    ByteBuffer value = ByteBuffer.wrap(new byte[] {1, 2, 3});
    return new DeadLetterBox.Entry(
        Topics.DEAD_LETTERS + "-0@0",
        DeadLetter.newBuilder()
            .setSource(
                Evidence.newBuilder().setTopic(Topics.INTENTS).setPartition(0).setOffset(0).build())
            .setTimestamp(Instant.EPOCH)
            .setValue(value)
            .setValueSize(3)
            .setReason(DeadLetterReason.NOT_AVRO)
            .setText("test")
            .setBy("test")
            .setAt(Instant.EPOCH)
            .build());
  }

  private static String run(LockedPipeline pipeline, String... arguments) {
    var out = new StringWriter();
    int code =
        Countermand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(
                Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                            "--config", pipeline.file(LockedPipeline.user(Role.READER)).toString()))
                    .toArray(String[]::new));
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }
}
