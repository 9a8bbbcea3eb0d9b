package io.countermand.app.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.platform.DataLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code up} does not start, before it has made anything. */
class StackKindTest {

  @TempDir private Path data;

  private LocalStack.Options options(boolean locked, Map<String, String> environment) {
    return new LocalStack.Options(data, 0, 0, Map.of(), "1ms", false, environment, locked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COUNTERMAND_KAFKA_BOOTSTRAP_SERVERS",
        "COUNTERMAND_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
        "COUNTERMAND_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
        "COUNTERMAND_REGISTRY_URL",
        "COUNTERMAND_REGISTRY_PROPERTIES_BASIC_AUTH_USER_INFO",
        "COUNTERMAND_STATE_DIR"
      })
  void shouldLetNoVariableReplaceTheLoginOfEachRole(String name) throws Exception {
    // When, then
    assertThatThrownBy(() -> LocalStack.start(options(true, Map.of(name, "secret")), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name + " would replace: unset it")
        .hasMessageNotContaining("secret");
    assertThat(Files.list(data)).isEmpty();
    // and where there is no lock, it is as it always was
    assertThatCode(() -> StackKind.require(options(false, Map.of(name, "secret"))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"COUNTERMAND_REGISTRY_HOME", "COUNTERMAND_DOOR_PORT", "KAFKA_OPTS"})
  void shouldLeaveOtherVariablesAlone(String name) {
    assertThatCode(() -> StackKind.require(options(true, Map.of(name, "x"))))
        .doesNotThrowAnyException();
  }

  @Test
  void shouldStayLockedThoughSomebodyDeletesTheLocks() throws Exception {
    // Given
    StackLock.open(data, _ -> {});
    try (Stream<Path> locks = Files.walk(data.resolve("locks"))) {
      for (Path each : locks.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    // When, then
    assertThatThrownBy(() -> LocalStack.start(options(false, Map.of()), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is locked: start it with --locked");
    assertThatCode(() -> StackKind.require(options(true, Map.of()))).doesNotThrowAnyException();
  }

  @Test
  void shouldTouchNoLocksOfAStackThatRuns() throws Exception {
    // Given
    try (DataLock running = DataLock.take(data)) {
      assertThat(running).isNotNull();
      // When, then
      assertThatThrownBy(() -> LocalStack.start(options(true, Map.of()), _ -> {}))
          .hasMessageContaining("is in use by another platform");
      assertThat(Files.list(data).map(each -> each.getFileName().toString()))
          .containsExactly(DataLock.FILE);
    }
  }
}
