package io.countermand.app.role;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import io.countermand.venues.OrderFeed;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.limits.Limits;
import java.time.Clock;
import java.util.Optional;

/**
 * A venue's own stream of order events, or its lists asked again and again, into {@code
 * order-events}.
 */
final class VenueFeed implements AutoCloseable {

  private final VenueAdapter adapter;
  private final OrderFeed source;
  private final FeedPublisher feed;

  private VenueFeed(VenueAdapter adapter, OrderFeed source, FeedPublisher feed) {
    this.adapter = adapter;
    this.source = source;
    this.feed = feed;
  }

  /**
   * @throws IllegalArgumentException if the venue has neither a stream nor a list
   */
  static VenueFeed start(Config config, String venue, Limits limits) {
    VenueAdapter adapter = Settings.adapter(config, venue, limits, Clock.systemUTC());
    Optional<OrderFeed> stream = adapter.feed();
    if (stream.isEmpty() && !adapter.capabilities().canList()) {
      adapter.close();
      throw new IllegalArgumentException(
          "venue '"
              + venue
              + "' has no order feed and no list; its orders must be told to order-events by whoever"
              + " knows them");
    }
    OrderFeed source =
        stream.orElseGet(
            () -> Settings.pollingFeed(config, venue, adapter, limits, Clock.systemUTC()));
    FeedPublisher feed = new FeedPublisher(Settings.connection(config), source::resync);
    source.start(feed);
    return new VenueFeed(adapter, source, feed);
  }

  /** Whether the stream is connected and authorised. */
  boolean healthy() {
    return source.healthy();
  }

  @Override
  public void close() {
    source.close();
    adapter.close();
    feed.close();
  }
}
