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
record Flow(String name, List<Step> steps) {

  static Flow of(String name, List<Step> steps) {
    return new Flow(name, steps.stream().sorted(Comparator.comparing(Step::at)).toList());
  }

  long count(Step.Expect expect) {
    return steps.stream()
        .filter(
            step ->
                switch (step) {
                  case Step.Send send -> send.expect() == expect;
                  case Step.SendRaw _ -> expect == Step.Expect.DEAD_LETTER;
                  default -> false;
                })
        .count();
  }

  /** The orders that its intents name. */
  Set<String> orderIds() {
    return steps.stream()
        .filter(step -> step instanceof Step.Send)
        .map(step -> ((Step.Send) step).intent().order().orderId())
        .collect(Collectors.toSet());
  }

  /** Intents that must have an outcome. */
  long answerable() {
    return count(Step.Expect.OUTCOME) + count(Step.Expect.MALFORMED);
  }

  Duration length() {
    return steps.isEmpty() ? Duration.ZERO : steps.getLast().at();
  }
}
