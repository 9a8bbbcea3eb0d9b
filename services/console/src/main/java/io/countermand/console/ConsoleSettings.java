package io.countermand.console;

import io.countermand.client.Connection;
import io.countermand.console.access.AccessSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param connection rights: Read on the topics, and none to a consumer group
 * @param host address to listen on; beyond this machine is refused unless people sign in, by TLS
 * @param port 0: a free one
 * @param lookBack how far back the topics are read at start
 * @param keepCancels the newest so many are shown
 * @param keepMegabytes of heap at the most for them, roughly; the oldest go first
 * @param keepOrders the last so many that changed are shown
 * @param streams live views at once
 * @param grace how long after its deadline an outcome may come before it is late
 * @param access who has to sign in; null: nobody, and nobody can do anything
 * @param reports the directory of reports of audits; null: none are shown
 */
public record ConsoleSettings(
    Connection connection,
    String host,
    int port,
    Duration lookBack,
    int keepCancels,
    int keepMegabytes,
    int keepOrders,
    int streams,
    Duration grace,
    @Nullable AccessSettings access,
    @Nullable Path reports) {

  /** Without reports of audits. */
  public ConsoleSettings(
      Connection connection,
      String host,
      int port,
      Duration lookBack,
      int keepCancels,
      int keepMegabytes,
      int keepOrders,
      int streams,
      Duration grace,
      @Nullable AccessSettings access) {
    this(
        connection,
        host,
        port,
        lookBack,
        keepCancels,
        keepMegabytes,
        keepOrders,
        streams,
        grace,
        access,
        null);
  }

  /** The same at a free port. */
  public ConsoleSettings atAnyPort() {
    return new ConsoleSettings(
        connection,
        host,
        0,
        lookBack,
        keepCancels,
        keepMegabytes,
        keepOrders,
        streams,
        grace,
        access,
        reports);
  }
}
