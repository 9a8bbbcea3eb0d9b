package io.countermand.desk.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Awaits what another thread does. */
final class Until {

  private Until() {}

  interface Condition {
    boolean met();
  }

  /** For a minute at most. */
  static void until(Condition condition) throws InterruptedException {
    var never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.met() && System.nanoTime() < end) {
      boolean _ = never.await(10, TimeUnit.MILLISECONDS);
    }
    assertThat(condition.met()).isTrue();
  }
}
