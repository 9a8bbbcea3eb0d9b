package io.countermand.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Somebody with a live view open, who counts what it shows and what it says that it left out. */
final class LiveReader implements AutoCloseable {

  private final InputStream body;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final Thread thread;
  private volatile boolean ended;

  private LiveReader(InputStream body) {
    this.body = body;
    this.thread = Thread.startVirtualThread(this::read);
  }

  static LiveReader open(HttpClient http, URI at) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IOException(at + " says " + answer.statusCode());
    }
    return new LiveReader(answer.body());
  }

  private void read() {
    try (var in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          events.incrementAndGet();
          event = "";
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
        } else if (line.startsWith("data: ") && event.isEmpty()) {
          rows.addAndGet(line.split("<tr ", -1).length - 1L);
        } else if (line.startsWith("data: ") && event.equals("left-out")) {
          left.addAndGet(Long.parseLong(line.substring(6)));
        }
      }
    } catch (IOException e) {
      // the console is gone, or this was closed
    } finally {
      ended = true;
    }
  }

  boolean ended() {
    return ended;
  }

  long rows() {
    return rows.get();
  }

  /** As the live view says. */
  long left() {
    return left.get();
  }

  long events() {
    return events.get();
  }

  @Override
  public void close() {
    try {
      body.close();
      thread.join();
    } catch (IOException e) {
      // it was open no more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
