package io.countermand.simulator.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.countermand.simulator.fault.AnswerToSend;
import io.countermand.simulator.fault.Fault;
import io.countermand.simulator.fault.Garbling;
import io.countermand.simulator.request.HttpAnswer;
import io.countermand.simulator.venue.Timer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends one answer over HTTP, or fails to in the scripted way. Blocks its virtual thread. */
final class AnswerSender {

  /** How long a stalled or endless answer goes on if the client does not end it. */
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Timer timer;

  AnswerSender(Request request, Response response, Callback callback, Timer timer) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.timer = timer;
  }

  void carry(AnswerToSend served) throws IOException {
    var answer = served.answer();
    switch (served.fault()) {
      case null -> send(answer);
      case Fault.Reset reset -> abort(true);
      case Fault.NoAnswer none -> {
        timer.pause(none.hold());
        abort(false);
      }
      case Fault.Garbled(Garbling how) when how == Garbling.CUT -> {
        half(answer);
        abort(false);
      }
      case Fault.Garbled(Garbling how) when how == Garbling.STALLED -> {
        half(answer);
        timer.pause(AT_MOST);
        abort(false);
      }
      case Fault.Garbled(Garbling how) when how == Garbling.ENDLESS -> endless(answer);
      default -> send(answer);
    }
  }

  void send(HttpAnswer answer) {
    var body = answer.body().getBytes(UTF_8);
    head(answer, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private void half(HttpAnswer answer) throws IOException {
    var body = answer.body().getBytes(UTF_8);
    head(answer, body.length);
    Content.Sink.write(response, false, ByteBuffer.wrap(body, 0, body.length / 2));
  }

  private void endless(HttpAnswer answer) throws IOException {
    head(answer, -1);
    var start = ByteBuffer.wrap("{\"pad\":\"".getBytes(UTF_8));
    Content.Sink.write(response, false, start);
    var more = "a".repeat(16_384).getBytes(UTF_8);
    long end = System.nanoTime() + AT_MOST.toNanos();
    while (System.nanoTime() - end < 0 && timer.pause(Duration.ofMillis(2))) {
      Content.Sink.write(response, false, ByteBuffer.wrap(more));
    }
    abort(false);
  }

  private void head(HttpAnswer answer, long length) {
    response.setStatus(answer.status());
    var headers = response.getHeaders();
    if (!answer.body().isEmpty()) {
      headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
    }
    answer.headers().forEach(headers::put);
    if (length >= 0) {
      headers.put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  /**
   * Closes the connection under the answer.
   *
   * @param reset by TCP RST, as if the venue's host had gone
   */
  private void abort(boolean reset) throws IOException {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (reset && endPoint.getTransport() instanceof SocketChannel channel) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
    endPoint.close();
    callback.failed(new IOException("scripted"));
  }
}
