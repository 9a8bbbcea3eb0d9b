package io.countermand.desk.bulk;

import io.countermand.domain.order.OrderRef;
import io.countermand.venues.CallResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The attempts that one call carries: first the marker of each, then the call, then an answer for
 * each. One that has no marker keeps all from being called: the call would hit its order, too.
 * Thread-safe.
 */
public final class CarriedAttempts {

  private final CountDownLatch lacking;
  private final CompletableFuture<Function<OrderRef, CallResult>> answers =
      new CompletableFuture<>();
  private volatile boolean broken;

  public CarriedAttempts(int attempts) {
    this.lacking = new CountDownLatch(attempts);
  }

  /** An attempt's marker is durable: waits for the call that carries it, and has its answer. */
  public CallResult marked(OrderRef order) throws InterruptedException {
    lacking.countDown();
    try {
      return answers.get().apply(order);
    } catch (ExecutionException e) { // nobody completes it so
      throw new IllegalStateException(e);
    }
  }

  /** Whether each has its answer; one that has no marker by then is not called. */
  public boolean over() {
    return answers.isDone();
  }

  /** An attempt will have no marker. */
  public void leaves() {
    broken = true;
    lacking.countDown();
  }

  /** Whether every marker is durable within that time. */
  boolean complete(Duration within) throws InterruptedException {
    return lacking.await(within.toNanos(), TimeUnit.NANOSECONDS) && !broken;
  }

  /** The answer of each; only the first word counts. */
  public void answered(Function<OrderRef, CallResult> each) {
    answers.complete(each);
  }
}
