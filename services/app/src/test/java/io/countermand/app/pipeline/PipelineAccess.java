package io.countermand.app.pipeline;

import io.countermand.app.audit.AuditSettings;
import io.countermand.audit.source.AuditRules;
import io.countermand.kafka.KafkaConnection;
import io.countermand.simulator.Simulator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The module's pipeline for tests in other packages. */
public final class PipelineAccess implements ParameterResolver {

  private final PipelineExtension pipeline = new PipelineExtension();

  /** What they may use of it. */
  public record Stack(
      KafkaConnection connection,
      Simulator simulator,
      Map<String, String> venues,
      AuditRules rules,
      Path config) {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stack.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    PipelineStack stack = ((Pipeline) pipeline.resolveParameter(parameter, context)).stack();
    Map<String, String> venues = new LinkedHashMap<>();
    stack.venues().forEach(venue -> venues.put(venue, venue));
    return new Stack(
        stack.connection(),
        stack.simulator(),
        venues,
        AuditSettings.rules(stack.config()),
        stack.configFile());
  }
}
