package io.countermand.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.OrderRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The schema registry is away when the roles start. */
@Tag("pipeline")
@ExtendWith(PipelineExtension.class)
class RegistryAwayTest {

  private static final String VENUE = "crosstrade";

  private final Pipeline pipeline;

  RegistryAwayTest(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  @AfterEach
  void back() {
    if (pipeline.stack() instanceof InVmStack(LocalStack local)) {
      local.platform().restartRegistry();
      local.roles().start("ledger");
      local.roles().start("desk");
      local.roles().awaitReady();
    }
  }

  @Test
  void shouldAnswerWithRolesThatStartWhileTheRegistryIsAway() {
    Assumptions.assumeTrue(pipeline.stack() instanceof InVmStack, "stops the registry's process");
    LocalStack local = ((InVmStack) pipeline.stack()).local();
    // Given: the roles have read and written all kinds before; the publisher knows its schema
    OrderRef first = pipeline.place(VENUE);
    assertThat(pipeline.cancel(Pipeline.patient(first)).result()).isEqualTo(CancelResult.CANCELED);
    local.roles().stop("desk");
    local.roles().stop("ledger");
    local.platform().stopRegistry();
    // When
    local.roles().start("ledger");
    local.roles().start("desk");
    local.roles().awaitReady();
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.patient(order);
    // Then
    assertThat(pipeline.cancel(intent).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
  }
}
