package io.countermand.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import io.countermand.simulator.book.NewOrder;
import io.countermand.simulator.options.JournalOptions;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.options.VenueKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator in a process of its own is killed in the middle of its work. */
class KillTest {

  private static final int ORDERS = 2_000;

  @TempDir Path dir;

  /** The child: serves until it is killed, and says where. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      var options =
          SimulatorOptions.of(VenueKind.CROSSTRADE)
              .withJournal(JournalOptions.file(Path.of(args[0])));
      var simulator = Simulator.start(options);
      for (int i = 0; i < ORDERS; i++) {
        simulator.book().place(NewOrder.of("crosstrade", "a", "o" + i, "1"));
      }
      System.out.println(simulator.baseUrl("crosstrade"));
      Thread.currentThread().join();
    }
  }

  @Test
  void shouldKnowAfterAKillWhatItAnsweredBefore() throws Exception {
    // Given
    var file = dir.resolve("journal.jsonl");
    var child = start(file);
    var answered = new ArrayList<OrderRef>();
    try (BufferedReader out = child.inputReader()) {
      var client = new Client(URI.create(out.readLine()), "sim-token");
      var next = new AtomicInteger();

      // When
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < 4; i++) {
        threads.add(Thread.ofVirtual().start(() -> cancel(client, next, answered)));
      }
      while (size(answered) < 300) {
        Thread.onSpinWait();
      }
      child.destroyForcibly().waitFor();
      for (var thread : threads) {
        thread.join();
      }
    } finally {
      child.destroyForcibly(); // it ends with nothing else
    }

    // Then
    var options = SimulatorOptions.of(VenueKind.CROSSTRADE).withJournal(JournalOptions.file(file));
    try (var simulator = Simulator.start(options)) {
      assertThat(simulator.book().size()).isEqualTo(ORDERS);
      assertThat(answered).allMatch(ref -> !simulator.book().find(ref).open());
      var canceled = simulator.book().orders().stream().filter(order -> !order.open()).count();
      assertThat(canceled).isBetween((long) answered.size(), answered.size() + 4L);
      assertThat(simulator.journal().histories()).hasSize(ORDERS);
    }
  }

  private static Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dtest.log=child", // what it prints is the answer to us
            "-Dlogback.configurationFile="
                + System.getProperty("logback.configurationFile", "logback-test.xml"),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Until nobody answers any more. */
  private static void cancel(Client client, AtomicInteger next, List<OrderRef> answered) {
    try {
      while (true) {
        var id = "o" + next.getAndIncrement();
        var answer = client.post("/v1/api/accounts/a/orders/" + id + "/cancel", "{}");
        if (answer.statusCode() != 200) {
          return;
        }
        synchronized (answered) {
          answered.add(new OrderRef("crosstrade", "a", id));
        }
      }
    } catch (IOException | InterruptedException e) {
      // The kill.
    }
  }

  private static int size(List<OrderRef> answered) {
    synchronized (answered) {
      return answered.size();
    }
  }
}
