package io.countermand.simulator;

import io.countermand.simulator.book.OrderBook;
import io.countermand.simulator.book.OrderChange;
import io.countermand.simulator.fault.FaultScript;
import io.countermand.simulator.journal.Journal;
import io.countermand.simulator.options.FeedScript;
import io.countermand.simulator.options.SimulatedCredentials;
import io.countermand.simulator.options.SimulatorOptions;
import io.countermand.simulator.server.AdminApi;
import io.countermand.simulator.server.HttpFront;
import io.countermand.simulator.server.HttpServer;
import io.countermand.simulator.server.RequestHandler;
import io.countermand.simulator.venue.Accepted;
import io.countermand.simulator.venue.Instance;
import io.countermand.simulator.venue.Limiter;
import io.countermand.simulator.venue.SimulatedFeed;
import io.countermand.simulator.venue.Timer;
import io.countermand.simulator.venue.VenueApis;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** The venues' APIs over real sockets, with one order book behind them. */
public final class Simulator implements AutoCloseable {

  private final Map<String, Instance> instances = new LinkedHashMap<>();
  private final Timer timer = new Timer();
  private final Journal journal;
  private final OrderBook book;
  private final FaultScript faults;
  private final HttpServer server;

  private Simulator(SimulatorOptions options) throws IOException {
    var random = new SplittableRandom(options.seed());
    journal = Journal.open(options.journal(), options.clock());
    book = new OrderBook(instances.keySet(), options.clock(), this::changed);
    book.restore(journal.orders());
    faults = new FaultScript(random.split());
    var apis = new VenueApis(book, new Limiter(options.clock()), options.clock());
    for (var each : options.instances()) {
      var feed =
          new SimulatedFeed(each.kind(), each.feed(), timer, options.clock(), random.split());
      feed.listen(options.listener());
      var accepted = new Accepted(each.credentials());
      var instance = new Instance(each, accepted, apis.of(each, accepted), feed, random.split());
      if (instances.put(each.name(), instance) != null || each.name().equals("admin")) {
        throw new IllegalArgumentException("instance name taken: " + each.name());
      }
    }
    var desk = new RequestHandler(book, journal, faults, timer);
    var admin = new AdminApi(instances, book, journal, faults);
    server =
        new HttpServer(
            options.host(), options.port(), new HttpFront(instances, desk, admin, options.clock()));
  }

  /**
   * Opens the journal, rebuilds the book from its file, and serves. Orders whose cancel was pending
   * in the journal are cancelled then.
   *
   * @throws IOException if the port is taken or the journal's file cannot be read
   */
  public static Simulator start(SimulatorOptions options) throws IOException {
    var simulator = new Simulator(options);
    try {
      simulator.server.start();
    } catch (IOException | RuntimeException e) {
      simulator.close();
      throw e;
    }
    for (var order : simulator.book.orders()) {
      simulator.book.settle(order.ref(), 0);
    }
    return simulator;
  }

  /**
   * What a client adapter is configured with, in the form of the venue's own documents: with the
   * version of Tradovate, the path of the WebSocket, the ids of the webhook.
   */
  public URI venueUrl(String instance) {
    return switch (find(instance).options().kind()) {
      case CROSSTRADE, CADENZA, NEURATRADE -> baseUrl(instance);
      case CROSSTRADE_WS -> URI.create(wsUrl(instance) + "/ws/stream");
      case CROSSTRADE_WEBHOOK -> URI.create(baseUrl(instance) + "/v1/send/sim-user/sim-account");
      case TRADOVATE -> URI.create(baseUrl(instance) + "/v1");
    };
  }

  /** {@code http://127.0.0.1:PORT/<instance>}. */
  public URI baseUrl(String instance) {
    return URI.create("http://127.0.0.1:" + server.port() + "/" + instance(instance));
  }

  /** {@code ws://127.0.0.1:PORT/<instance>}. */
  public URI wsUrl(String instance) {
    return URI.create("ws://127.0.0.1:" + server.port() + "/" + instance(instance));
  }

  /** Where other processes drive the simulator. */
  public URI adminUrl() {
    return URI.create("http://127.0.0.1:" + server.port() + "/admin");
  }

  public int port() {
    return server.port();
  }

  public OrderBook book() {
    return book;
  }

  public Journal journal() {
    return journal;
  }

  public FaultScript faults() {
    return faults;
  }

  /** Changes how an instance's feed behaves from now on. */
  public void feed(String instance, FeedScript script) {
    find(instance).feed().script(script);
  }

  /** Tells each order's state again, as a venue does when a feed reconnects. */
  public void resync() {
    for (var order : book.orders()) {
      var instance = instances.get(order.ref().venue());
      if (instance != null) {
        instance.feed().resend(order);
      }
    }
  }

  /** Cuts an instance's open WebSockets, without a closing handshake. */
  public void dropSockets(String instance) {
    find(instance).sockets().forEach(Session::disconnect);
  }

  /**
   * Changes the credentials that an instance takes, from now on.
   *
   * @param beside whether those so far are taken, too, until the next change
   */
  public void credentials(String instance, SimulatedCredentials next, boolean beside) {
    find(instance).accepted().change(next, beside);
  }

  /** Makes all tokens that an instance gave so far invalid. */
  public void expireTokens(String instance) {
    find(instance).api().expireTokens();
  }

  @Override
  public void close() {
    timer.close();
    server.close();
    journal.close();
  }

  private void changed(OrderChange change) {
    journal.changed(change);
    find(change.order().ref().venue()).feed().changed(change);
  }

  private String instance(String name) {
    return find(name).options().name();
  }

  private Instance find(@Nullable String name) {
    var instance = instances.get(name);
    if (instance == null) {
      throw new IllegalArgumentException("no such instance: " + name);
    }
    return instance;
  }
}
