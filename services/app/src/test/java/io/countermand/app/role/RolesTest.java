package io.countermand.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.observe.OpsPort;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class RolesTest {

  private final Pipeline pipeline;

  RolesTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Test
  void shouldNameTheVenueThatIsAway() throws IOException {
    // Given: nobody listens there
    Config config =
        Config.load(
            Optional.of(pipeline.stack().configFile()),
            Map.of("COUNTERMAND_VENUES_TRADOVATE_BASE_URL", "http://127.0.0.1:1"));
    try (Roles roles = new Roles(config, OpsPort.none())) {
      // When
      roles.start("feed tradovate");
      assertThatThrownBy(() -> roles.start("feed crosstrade-webhook"))
          .hasMessageContaining("crosstrade-webhook");
      // Then
      assertThat(roles.missing()).containsOnlyKeys("feed tradovate");
      assertThat(roles.missing().toString()).contains("not connected");
      assertThat(roles.failed()).isEmpty();
    }
  }
}
