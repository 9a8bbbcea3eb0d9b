package io.countermand.simulator.fault;

import io.countermand.simulator.options.SimulatedLimits;
import io.countermand.simulator.request.HttpAnswer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What goes wrong with one request. */
public sealed interface Fault {

  /** Whether the book does what the request asks. */
  default boolean effect() {
    return true;
  }

  /** For the journal. */
  String label();

  /** Takes so much longer. */
  record Delay(Duration by) implements Fault {
    @Override
    public String label() {
      return "delay";
    }
  }

  /** Takes until somebody counts it down, a minute at the most. Not to be had by HTTP. */
  record Held(CountDownLatch until) implements Fault {
    public static final Duration MOST = Duration.ofMinutes(1);

    @Override
    public String label() {
      return "held";
    }
  }

  /** Holds the connection without a byte, then closes it. */
  record NoAnswer(boolean effect, Duration hold) implements Fault {
    @Override
    public String label() {
      return "no-answer";
    }
  }

  /** Resets the connection (TCP RST); drops the WebSocket. */
  record Reset(boolean effect) implements Fault {
    @Override
    public String label() {
      return "reset";
    }
  }

  /** The venue's words for a failure of its own. */
  record ServerError(boolean effect, int status) implements Fault {
    @Override
    public String label() {
      return "server-error";
    }
  }

  /**
   * The venue's 429.
   *
   * @param retryAfter the header's value, seconds or an HTTP date; null for no header
   */
  record TooMany(@Nullable String retryAfter) implements Fault {
    @Override
    public boolean effect() {
      return false;
    }

    @Override
    public String label() {
      return "too-many";
    }
  }

  /** The venue's 401 although the token is good. */
  record Unauthorized() implements Fault {
    @Override
    public boolean effect() {
      return false;
    }

    @Override
    public String label() {
      return "unauthorized";
    }
  }

  /** Tradovate's penalty ticket: the request counts when it comes again, with it and in time. */
  record Ticket(int seconds, boolean captcha) implements Fault {
    public Duration time() {
      return Duration.ofSeconds(seconds);
    }

    @Override
    public boolean effect() {
      return false;
    }

    @Override
    public String label() {
      return "ticket";
    }
  }

  /** The credential is locked out from now on, as {@link SimulatedLimits#lockOut} says. */
  record LockOut() implements Fault {
    @Override
    public boolean effect() {
      return false;
    }

    @Override
    public String label() {
      return "lock-out";
    }
  }

  /**
   * The order fills while the cancel is on its way: a venue that answers before it cancels says
   * that it took the cancel, another one says that the order is filled.
   */
  record FilledFirst() implements Fault {
    @Override
    public String label() {
      return "filled-first";
    }
  }

  /** Exactly this answer. */
  record Say(boolean effect, int status, String contentType, String body) implements Fault {
    @Override
    public String label() {
      return "say";
    }

    /** JSON and no effect. */
    public static Say json(int status, String body) {
      return new Say(false, status, HttpAnswer.JSON, body);
    }
  }

  /** The right answer, spoilt on its way. */
  record Garbled(Garbling how) implements Fault {
    @Override
    public String label() {
      return "garbled:" + how.name();
    }
  }

  /** Over a WebSocket: the answer comes twice. */
  record Twice() implements Fault {
    @Override
    public String label() {
      return "twice";
    }
  }

  /** Over a WebSocket: the answer comes after the next one, or after 200 ms. */
  record Overtaken() implements Fault {
    @Override
    public String label() {
      return "overtaken";
    }
  }
}
