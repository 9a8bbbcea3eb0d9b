package io.countermand.app.demo;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What happens, in order of time.
 *
 * @param name for people
 */
record Flow(String name, List<FlowStep> steps) {

  static Flow of(String name, List<FlowStep> steps) {
    return new Flow(name, steps.stream().sorted(Comparator.comparing(FlowStep::at)).toList());
  }

  long count(FlowStep.Expect expect) {
    return steps.stream()
        .filter(
            step ->
                switch (step) {
                  case FlowStep.Send send -> send.expect() == expect;
                  case FlowStep.SendRaw _ -> expect == FlowStep.Expect.DEAD_LETTER;
                  default -> false;
                })
        .count();
  }

  /** The orders that its intents name. */
  Set<String> orderIds() {
    return steps.stream()
        .filter(step -> step instanceof FlowStep.Send)
        .map(step -> ((FlowStep.Send) step).intent().order().orderId())
        .collect(Collectors.toSet());
  }

  /** Intents that must have an outcome. */
  long answerable() {
    return count(FlowStep.Expect.OUTCOME) + count(FlowStep.Expect.MALFORMED);
  }

  Duration length() {
    return steps.isEmpty() ? Duration.ZERO : steps.getLast().at();
  }
}
