package io.countermand.client;

import io.countermand.app.cancel.KillSwitchScenario;
import io.countermand.app.cancel.MassCancelScenario;
import io.countermand.app.json.JsonOutputScenario;
import io.countermand.app.local.LocalStack;
import io.countermand.app.pipeline.InVmStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stack for mass cancels, kill switches and what they say as JSON: other tests' orders are none
 * of their business, and to start one takes longer than most of their tests. Here, lest it is the
 * last that runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class MassStackTest {

  private InVmStack stack;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Map<String, String> venues = new LinkedHashMap<>();
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("COUNTERMAND_HTTP_PORT", "none");
    overrides.put("COUNTERMAND_TOPICS_PARTITIONS", "" + MassCancelScenario.PARTITIONS);
    overrides.put("COUNTERMAND_INTENTS_DEFAULT_DEADLINE", "60s");
    for (String venue : List.of("cadenza", "crosstrade", "neuratrade")) {
      venues.put(venue, venue);
      // A call that a busy machine delays is not unanswered, and not called again.
      overrides.put("COUNTERMAND_VENUES_" + venue.toUpperCase(Locale.ROOT) + "_TIMEOUT", "20s");
    }
    stack =
        InVmStack.start(new LocalStack.Options(directory, 0, 0, venues, "1ms", true, overrides));
  }

  @AfterAll
  void stop() {
    stack.close();
  }

  /** First: it audits all, and the other leaves a dead letter behind its own audit. */
  @Nested
  @Order(1)
  class MassCancelTest extends MassCancelScenario {
    @Override
    protected InVmStack stack() {
      return stack;
    }
  }

  @Nested
  @Order(2)
  class KillSwitchTest extends KillSwitchScenario {
    @Override
    protected InVmStack stack() {
      return stack;
    }
  }

  /** Last: it leaves no ledger. */
  @Nested
  @Order(3)
  class JsonOutputTest extends JsonOutputScenario {
    @Override
    protected InVmStack stack() {
      return stack;
    }
  }
}
