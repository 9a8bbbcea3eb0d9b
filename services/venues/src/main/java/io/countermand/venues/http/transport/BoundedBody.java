package io.countermand.venues.http.transport;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Keeps at most so many bytes; at one more the connection is given up and the body is cut. Called
 * by one thread at a time (Flow).
 */
final class BoundedBody implements HttpResponse.BodySubscriber<BoundedBody.Body> {

  /** A body, or no body because it was too long. */
  static final class Body {
    final byte[] bytes;
    final boolean cut;

    private Body(byte[] bytes, boolean cut) {
      this.bytes = bytes;
      this.cut = cut;
    }
  }

  private static final Body CUT = new Body(new byte[0], true);

  private final int max;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final CompletableFuture<Body> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int max) {
    this.max = max;
  }

  @Override
  public CompletionStage<Body> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription to) {
    subscription = to;
    to.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (body.isDone()) {
        return;
      }
      if (kept.size() + buffer.remaining() > max) {
        body.complete(CUT);
        kept.reset();
        if (subscription != null) {
          subscription.cancel();
        }
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      kept.writeBytes(bytes);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(new Body(kept.toByteArray(), false));
  }
}
