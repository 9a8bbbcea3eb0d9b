package io.countermand.simulation;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Asynchronous sends of one part to one partition: in order, durable some time later. */
final class Outbox<T> {

  private record Send<T>(T value, @Nullable Runnable durable) {}

  private final Part owner;
  private final Log<T> log;
  private final ArrayDeque<Send<T>> unsent = new ArrayDeque<>();
  private final int lateChance;
  private final boolean changelog;
  private final long held;
  private boolean planned;

  Outbox(Part owner, Log<T> log) {
    this(owner, log, owner.world.faults.lateSend(), false, 3);
  }

  /** Of a changelog: its owner's sends only. */
  Outbox(Part owner, Log<T> log, int lateChance) {
    this(owner, log, lateChance, true, 3);
  }

  /** Of a store with a cache: mostly written when offsets are committed, or when it is full. */
  static <T> Outbox<T> cached(Part owner, Log<T> log, int lateChance) {
    return new Outbox<>(owner, log, lateChance, true, 400);
  }

  private Outbox(Part owner, Log<T> log, int lateChance, boolean changelog, long held) {
    this.held = held;
    this.owner = owner;
    this.log = log;
    this.lateChance = lateChance;
    this.changelog = changelog;
  }

  void send(T value, @Nullable Runnable durable) {
    unsent.add(new Send<>(value, durable));
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
      log.append(send.value(), null);
      if (send.durable() != null) {
        send.durable().run();
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
