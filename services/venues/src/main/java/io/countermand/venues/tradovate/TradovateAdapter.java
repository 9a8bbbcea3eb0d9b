package io.countermand.venues.tradovate;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.venues.AccountList;
import io.countermand.venues.CallResult;
import io.countermand.venues.Capabilities;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.OrderPage;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.http.HttpVenueAdapter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tradovate's REST calls, and the feed beside them on the same token. */
record TradovateAdapter(HttpVenueAdapter rest, OrderFeed orders) implements VenueAdapter {

  @Override
  public Capabilities capabilities() {
    return rest.capabilities();
  }

  @Override
  public Optional<Reply.Refused> check(CancelRequest request) {
    return rest.check(request);
  }

  @Override
  public CallResult cancel(CancelRequest request, Duration timeout) {
    return rest.cancel(request, timeout);
  }

  @Override
  public CallResult status(CancelRequest request, Duration timeout) {
    return rest.status(request, timeout);
  }

  @Override
  public CallResult history(CancelRequest request, Duration timeout) {
    return rest.history(request, timeout);
  }

  @Override
  public OrderPage openOrders(@Nullable String account, @Nullable String cursor, Duration timeout) {
    return rest.openOrders(account, cursor, timeout);
  }

  @Override
  public AccountList accounts(Duration timeout) {
    return rest.accounts(timeout);
  }

  @Override
  public Probe probe(Duration timeout) {
    return rest.probe(timeout);
  }

  @Override
  public Optional<String> loginCost() {
    return rest.loginCost();
  }

  @Override
  public Probe probeWithoutLogin(Duration timeout) {
    return rest.probeWithoutLogin(timeout);
  }

  @Override
  public Optional<OrderFeed> feed() {
    return Optional.of(orders);
  }

  @Override
  public void close() {
    try {
      orders.close();
    } finally {
      rest.close();
    }
  }
}
