package io.countermand.simulation;

import io.countermand.simulation.engine.Choices;
import io.countermand.simulation.engine.Log;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Asynchronous sends of one part to one partition: in order, durable some time later. */
final class SimulatedOutbox<T> {

  private record Send<T>(T value, @Nullable Then then) {}

  /** What is to follow a send. */
  interface Then {
    /**
     * @param offset where it stands
     */
    void durable(int offset);

    /** Nobody knows whether it was written, or it certainly was not. */
    void failed();
  }

  private final SimulatedProcess owner;
  private final Log<T> log;
  private final ArrayDeque<Send<T>> unsent = new ArrayDeque<>();
  private final int lateChance;
  private final boolean changelog;
  private final long held;
  private boolean planned;
  private @Nullable Runnable onLoss;

  SimulatedOutbox(SimulatedProcess owner, Log<T> log) {
    this(owner, log, owner.world.faults.lateSend(), false, 3);
  }

  /** Of a changelog: its owner's sends only. */
  SimulatedOutbox(SimulatedProcess owner, Log<T> log, int lateChance) {
    this(owner, log, lateChance, true, 3);
  }

  /** Of a store with a cache: mostly written when offsets are committed, or when it is full. */
  static <T> SimulatedOutbox<T> cached(SimulatedProcess owner, Log<T> log, int lateChance) {
    return new SimulatedOutbox<>(owner, log, lateChance, true, 400);
  }

  private SimulatedOutbox(
      SimulatedProcess owner, Log<T> log, int lateChance, boolean changelog, long held) {
    this.held = held;
    this.owner = owner;
    this.log = log;
    this.lateChance = lateChance;
    this.changelog = changelog;
  }

  void send(T value, @Nullable Then then) {
    unsent.add(new Send<>(value, then));
    if (!planned) {
      planned = true;
      World world = owner.world;
      owner.later(
          world.choices.delay(0, held, 400, world.slow()),
          () -> {
            planned = false;
            flush();
          });
    }
  }

  /** Everything sent is durable now. */
  void flush() {
    if (changelog && !owner.mayWrite()) {
      unsent.clear();
    }
    while (!unsent.isEmpty()) {
      Send<T> send = unsent.poll();
      if (onLoss != null && expires()) {
        expired(send, onLoss);
        continue;
      }
      int offset = log.append(send.value(), null);
      if (send.then() != null) {
        send.then().durable(offset);
      }
    }
  }

  /** Its records can be lost while its owner lives on, which then hears of it at once. */
  void expiring(Runnable told) {
    onLoss = told;
  }

  private boolean expires() {
    World world = owner.world;
    return world.faultsAllowed() && world.choices.chance(world.faults.expiry());
  }

  /** The time of its batch is over. */
  private void expired(Send<T> send, Runnable told) {
    owner.world.faultHappened(0);
    boolean written = owner.world.choices.chance(300);
    owner.world.say(owner.name, "loses a record" + (written ? ", it thinks" : ""));
    if (written) {
      log.append(send.value(), null);
    }
    if (send.then() != null) {
      send.then().failed();
    }
    told.run();
  }

  /** Ends its producer: what was not sent never is. */
  void end() {
    while (!unsent.isEmpty()) {
      Then then = unsent.poll().then();
      if (then != null) {
        then.failed();
      }
    }
  }

  /** What was not sent yet never is: of a changelog whose owner may write again, but not that. */
  void forget() {
    unsent.clear();
  }

  boolean isEmpty() {
    return unsent.isEmpty();
  }

  /** A kill: some prefix had got through, or gets through a little later; the rest is lost. */
  void lose() {
    planned = false;
    Choices choices = owner.world.choices;
    int through = changelog && !owner.mayWrite() ? 0 : choices.pick(unsent.size() + 1);
    long late = choices.chance(lateChance) ? choices.between(1, 3000) : 0;
    for (int i = 0; i < through; i++) {
      T value = unsent.remove().value();
      if (late == 0) {
        log.append(value, null);
      } else {
        owner.world.time.after(late, () -> log.append(value, null));
      }
    }
    unsent.clear();
  }
}
