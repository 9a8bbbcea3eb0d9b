package io.countermand.venues;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An adapter in front of another one, which does all that is not overridden. Thread-safe. */
public abstract class ForwardingAdapter implements VenueAdapter {

  protected final VenueAdapter venue;

  /**
   * @param venue closed with this one
   */
  protected ForwardingAdapter(VenueAdapter venue) {
    this.venue = venue;
  }

  @Override
  public Capabilities capabilities() {
    return venue.capabilities();
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return venue.check(request);
  }

  @Override
  public CallResult cancel(CancelRequest request, Duration timeout) {
    return venue.cancel(request, timeout);
  }

  @Override
  public CallResult status(CancelRequest request, Duration timeout) {
    return venue.status(request, timeout);
  }

  @Override
  public CallResult history(CancelRequest request, Duration timeout) {
    return venue.history(request, timeout);
  }

  @Override
  public OrderPage openOrders(@Nullable String account, @Nullable String cursor, Duration timeout) {
    return venue.openOrders(account, cursor, timeout);
  }

  @Override
  public BulkAnswer cancelAll(String account, Duration timeout) {
    return venue.cancelAll(account, timeout);
  }

  @Override
  public AccountList accounts(Duration timeout) {
    return venue.accounts(timeout);
  }

  @Override
  public Probe probe(Duration timeout) {
    return venue.probe(timeout);
  }

  @Override
  public Optional<String> loginCost() {
    return venue.loginCost();
  }

  @Override
  public Probe probeWithoutLogin(Duration timeout) {
    return venue.probeWithoutLogin(timeout);
  }

  @Override
  public Optional<String> credentialProblem() {
    return venue.credentialProblem();
  }

  @Override
  public Optional<OrderFeed> feed() {
    return venue.feed();
  }

  @Override
  public void close() {
    venue.close();
  }
}
