package io.countermand.app.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import io.countermand.app.pipeline.Pipeline;
import io.countermand.app.pipeline.PipelineExtension;
import io.countermand.domain.CancelResult;
import io.countermand.domain.Intent;
import io.countermand.domain.mass.MassCancel;
import io.countermand.domain.mass.MassReport;
import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.OrderRef;
import io.countermand.kafka.client.MassCancels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The schema registry is away when the roles start. */
@Tag("pipeline")
@Tag("long")
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
  void shouldAnswerWithRolesThatStartWhileTheRegistryIsAway() throws Exception {
    Assumptions.assumeTrue(pipeline.stack() instanceof InVmStack, "stops the registry's process");
    LocalStack local = ((InVmStack) pipeline.stack()).local();
    // Given: the roles have read and written all kinds before; the publisher knows its schema
    switchOnAndOff();
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

  @Test
  void shouldWaitForARegistryThatItNeverHeardAndLoseNoThread() throws Exception {
    Assumptions.assumeTrue(pipeline.stack() instanceof InVmStack, "stops the registry's process");
    LocalStack local = ((InVmStack) pipeline.stack()).local();
    // Given: the publisher knows its schema, the roles know none
    switchOnAndOff();
    OrderRef first = pipeline.place(VENUE);
    assertThat(pipeline.cancel(Pipeline.patient(first)).result()).isEqualTo(CancelResult.CANCELED);
    local.roles().stop("desk");
    local.roles().stop("ledger");
    try (var files = Files.newDirectoryStream(local.config().stateDir(), "*.schemas")) {
      for (Path kept : files) {
        Files.delete(kept);
      }
    }
    long died = deaths();
    local.platform().stopRegistry();
    // When
    local.roles().start("ledger");
    local.roles().start("desk");
    OrderRef order = pipeline.place(VENUE);
    Intent intent = Pipeline.patient(order);
    pipeline.publish(intent);
    // Then
    Awaitility.await("what is missing is said")
        .atMost(Duration.ofSeconds(60))
        .until(() -> ready(local).contains("the schema registry was never heard"));
    // When
    local.platform().restartRegistry();
    // Then
    assertThat(pipeline.await(intent.cancelId()).result()).isEqualTo(CancelResult.CANCELED);
    assertThat(pipeline.cancelCalls(order)).hasSize(1);
    assertThat(deaths()).isEqualTo(died);
  }

  /** A record that a desk must have read before it begins. */
  private void switchOnAndOff() throws Exception {
    var on =
        new MassCancel(
            UUID.randomUUID().toString(),
            MassScope.of(VENUE, "nobody-" + UUID.randomUUID()),
            "test",
            "drill",
            null,
            false,
            false,
            Instant.now(),
            true,
            null);
    var off =
        MassCancel.release(
            UUID.randomUUID().toString(), on.massId(), "test", "over", Instant.now());
    try (var masses = new MassCancels(pipeline.stack().connection())) {
      Set<String> done = new HashSet<>();
      for (MassCancel each : List.of(on, off)) {
        masses.ask(each);
        Awaitility.await(each.massId())
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  masses.poll(Duration.ofMillis(50)).stream()
                      .filter(MassReport::last)
                      .forEach(one -> done.add(one.mass().massId()));
                  return done.contains(each.massId());
                });
      }
    }
  }

  private long deaths() throws IOException {
    return pipeline.stack().log().stream()
        .filter(line -> line.contains("stream thread failed"))
        .count();
  }

  private static String ready(LocalStack local) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + local.opsPort() + "/health/ready");
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
