package io.countermand.app.cancel;

import io.countermand.domain.mass.MassScope;
import io.countermand.domain.order.Side;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which orders: what {@code kill} and {@code heartbeat} are told. */
public final class ScopeOptions {

  @Option(names = "--all", description = "Every order; must be said.")
  private boolean all;

  @Option(names = "--venue", paramLabel = "NAME")
  private @Nullable String venue;

  @Option(names = "--account", paramLabel = "NAME")
  private @Nullable String account;

  @Option(names = "--instrument", paramLabel = "SYMBOL", description = "As in the order events.")
  private @Nullable String instrument;

  @Option(names = "--side", paramLabel = "SIDE", description = "BUY or SELL")
  private @Nullable Side side;

  @Option(names = "--trader", paramLabel = "ID", description = "As in the order events.")
  private @Nullable String trader;

  @Option(names = "--desk", paramLabel = "ID", description = "As in the order events.")
  private @Nullable String desk;

  @Option(names = "--algorithm", paramLabel = "ID", description = "As in the order events.")
  private @Nullable String algorithm;

  @Option(names = "--client", paramLabel = "ID", description = "As in the order events.")
  private @Nullable String client;

  public MassScope scope() {
    return new MassScope(all, venue, account, instrument, side, trader, desk, algorithm, client);
  }
}
