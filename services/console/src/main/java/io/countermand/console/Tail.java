package io.countermand.console;

import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.KeptCancels;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Live views as server-sent events. Each runs on its request's own virtual thread, and a slow
 * reader holds up itself only. An event without a name is markup; {@code left-out} says how many
 * came that were not shown, and {@code beat} that nothing did. Thread-safe.
 */
final class Tail {

  private static final Duration ROUND = Duration.ofMillis(250);
  private static final Duration PICTURE = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** More rows in a second nobody reads. */
  private static final int MOST_A_ROUND = 10;

  private final Semaphore places;
  private final Predicate<Context> still;
  private volatile boolean closed;

  /**
   * @param most at once
   * @param still whether he who asked may still look
   */
  Tail(int most, Predicate<Context> still) {
    this.places = new Semaphore(most);
    this.still = still;
  }

  private interface Stream {
    void run(Out out) throws IOException;
  }

  /**
   * Rows of cancels as they get their outcomes, the newest first: from where the browser was, or
   * where its page was written.
   */
  void cancels(
      Context request, KeptCancels cancels, Filter filter, Function<CancelLife, String> row) {
    String last = request.header("Last-Event-ID");
    String from = last == null ? request.queryParam("from") : last;
    // Before the answer begins: what comes once somebody sees that it is open is told.
    String first = from == null ? cancels.mark() : from;
    serve(
        request,
        out -> {
          String next = first;
          while (goesOn(request)) {
            KeptCancels.News news = cancels.since(next);
            next = news.mark();
            List<CancelLife> wanted =
                news.lives().stream().filter(filter::wants).toList().reversed();
            long left = Math.max(0, wanted.size() - MOST_A_ROUND) + news.lost();
            if (!wanted.isEmpty()) {
              var rows = new StringBuilder();
              wanted.stream().limit(MOST_A_ROUND).map(row).forEach(rows::append);
              out.event(null, rows.toString(), next);
            }
            if (left > 0) {
              out.event("left-out", Long.toString(left), next);
            }
            out.quiet();
            LockSupport.parkNanos(ROUND.toNanos());
          }
        });
  }

  /** A picture again and again. */
  void picture(Context request, Supplier<String> markup) {
    serve(
        request,
        out -> {
          while (goesOn(request)) {
            out.event(null, markup.get(), null);
            LockSupport.parkNanos(PICTURE.toNanos());
          }
        });
  }

  private boolean goesOn(Context request) {
    return !closed && still.test(request);
  }

  private void serve(Context request, Stream stream) {
    if (!places.tryAcquire()) {
      request.status(503).result("as many live views are open as may be; try again later");
      return;
    }
    try {
      stream.run(new Out(request.res()));
    } catch (IOException e) {
      // nobody listens any more
    } finally {
      places.release();
    }
  }

  /** Streams end within some seconds. */
  void close() {
    closed = true;
  }

  /** One stream; one thread. */
  private static final class Out {

    private final OutputStream out;
    private long written = System.nanoTime();

    Out(HttpServletResponse response) throws IOException {
      response.setContentType("text/event-stream");
      response.setCharacterEncoding("UTF-8");
      response.setHeader("X-Accel-Buffering", "no");
      response.flushBuffer();
      this.out = response.getOutputStream();
    }

    void event(@Nullable String name, String data, @Nullable String id) throws IOException {
      var text = new StringBuilder();
      if (id != null) {
        text.append("id: ").append(id).append('\n');
      }
      if (name != null) {
        text.append("event: ").append(name).append('\n');
      }
      data.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
      write(text.append('\n').toString());
    }

    /** Shows us whether anybody still listens, and the page that we still speak. */
    void quiet() throws IOException {
      if (System.nanoTime() - written > QUIET.toNanos()) {
        event("beat", "-", null);
      }
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
      written = System.nanoTime();
    }
  }
}
