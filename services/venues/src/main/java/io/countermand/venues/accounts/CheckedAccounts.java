package io.countermand.venues.accounts;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reason;
import io.countermand.domain.Reply;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.AccountList;
import io.countermand.venues.CallResult;
import io.countermand.venues.ForwardingAdapter;
import io.countermand.venues.Probe;
import io.countermand.venues.VenueAccount;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueOption;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.transport.Texts;
import io.countermand.venues.limits.Budget;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A venue whose cancels are held against the credential's accounts: one of an account that the
 * credential does not have is answered with {@code ACCOUNT_REFUSED}, without a call. So is one that
 * names an account otherwise than its order events do: it would be another order.
 *
 * <pre>
 * account on the list known ──────────────────────────────────────────────> call
 * else: a list may be asked for, and a permit is to spare ─ no ───────────> call
 *   └─ yes ─> the venue tells it ─ no, or there may be more ──────────────> call
 *               └─ yes ─> on it ──────────────────────────────────────────> call
 *                           └─ no ─> refused, with the names that it has
 * </pre>
 *
 * A refusal always rests on a list that was asked for after the attempt began: an order that is to
 * be cancelled was there before, and so was its account. Where no list may be asked for, the call
 * is made: the venue refuses it itself, and a needless call harms nothing. Not checked: later
 * attempts, since an earlier one may have reached the venue; intents that say {@code override};
 * cancels of mass cancels, whose keys come from order events. Thread-safe.
 */
public final class CheckedAccounts extends ForwardingAdapter {

  /** For providers of adapters that tell accounts. */
  public static final VenueOption OPTION =
      new VenueOption(
          "check-accounts",
          "true: a cancel of an account that the credential does not have is refused without a call",
          "false");

  /** Between two lists asked for by cancels. */
  static final Duration EVERY = Duration.ofSeconds(5);

  /** Likewise, after one that proved nothing. */
  static final Duration AFTER_NOTHING = Duration.ofSeconds(60);

  /** A cancel waits for a list no longer, and never longer than half of its own time. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int MOST_NAMES = 8;
  private static final int LONGEST_NAME = 48;
  private static final int LONGEST_TEXT = 400;

  private final Budget budget;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable AccountList known;
  private volatile @Nullable Long notBefore;

  CheckedAccounts(VenueAdapter venue, Budget budget, Clock clock, LongSupplier nanos) {
    super(venue);
    this.budget = budget;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * The same venue, checked if it tells its accounts and its settings ask for that.
   *
   * @param budget of the credential: every list takes a permit
   * @throws IllegalArgumentException if the option is neither true nor false
   */
  public static VenueAdapter of(VenueAdapter venue, VenueSettings settings, Budget budget) {
    return wanted(settings) && venue.capabilities().tellsAccounts()
        ? new CheckedAccounts(venue, budget, settings.clock(), System::nanoTime)
        : venue;
  }

  /**
   * @throws IllegalArgumentException if the option is neither true nor false
   */
  public static boolean wanted(VenueSettings settings) {
    String said = settings.options().getOrDefault(OPTION.key(), "false");
    if (!said.equals("true") && !said.equals("false")) {
      throw new IllegalArgumentException(
          "option '%s' must be true or false".formatted(OPTION.key()));
    }
    return said.equals("true");
  }

  @Override
  public CallResult cancel(CancelRequest request, Duration timeout) {
    String account = request.cancel().order().account();
    if (!checked(request) || keyed(account) || venue.check(request).isPresent()) {
      return venue.cancel(request, timeout);
    }
    long began = System.nanoTime();
    if (!asking.tryLock()) { // the list that comes was asked for before this attempt
      return venue.cancel(request, timeout);
    }
    Reply.Refused refused;
    try {
      refused = ask(account, shorter(PATIENCE, timeout.dividedBy(2)));
    } finally {
      asking.unlock();
    }
    return refused == null
        ? venue.cancel(request, left(timeout, began))
        : CallResult.local(refused, clock.instant());
  }

  private static boolean checked(CancelRequest request) {
    Cancel cancel = request.cancel();
    return request.attemptNo() == 1 && !cancel.override() && cancel.massId() == null;
  }

  /** Whether an account that was told is named as order keys name it. */
  private boolean keyed(String account) {
    AccountList list = known;
    return list != null && list.accounts().stream().anyMatch(each -> each.isKeyed(account));
  }

  /** Null: nothing speaks against the call. */
  private Reply.@Nullable Refused ask(String account, Duration timeout) {
    if (!due() || !budget.tryAcquire()) {
      return null;
    }
    AccountList list = learn(timeout);
    Reply.Refused refused = refusal(list, account);
    if (refused != null) {
      budget.giveBack(); // the call that is not made
    }
    return refused;
  }

  private boolean due() {
    Long from = notBefore;
    return from == null || nanos.getAsLong() - from >= 0;
  }

  private AccountList learn(Duration timeout) {
    AccountList list = venue.accounts(timeout);
    notBefore = nanos.getAsLong() + (list.proves() ? EVERY : AFTER_NOTHING).toNanos();
    if (list.told()) {
      known = list;
    }
    return list;
  }

  private static Reply.@Nullable Refused refusal(AccountList list, String account) {
    if (!list.told() || list.accounts().stream().anyMatch(each -> each.isKeyed(account))) {
      return null;
    }
    String given = "'" + Texts.clip(account, LONGEST_NAME) + "'";
    Optional<VenueAccount> otherwise =
        list.accounts().stream().filter(each -> each.isCalled(account)).findFirst();
    if (otherwise.isPresent()) {
      return refused(
          "account %s is '%s' in order keys; name it so, since under two names one order is two"
              .formatted(given, Texts.clip(otherwise.get().keyed(), LONGEST_NAME)));
    }
    return list.proves()
        ? refused("account %s is not one of this credential's: %s".formatted(given, names(list)))
        : null;
  }

  private static Reply.Refused refused(String text) {
    return new Reply.Refused(
        Reason.ACCOUNT_REFUSED, ReplyDetails.of(null, Texts.clip(text, LONGEST_TEXT)));
  }

  private static String names(AccountList list) {
    int more = list.accounts().size() - MOST_NAMES;
    String names =
        list.accounts().stream()
            .limit(MOST_NAMES)
            .map(account -> Texts.clip(account.shown(), LONGEST_NAME))
            .collect(Collectors.joining(", "));
    return more <= 0 ? names : names + " and " + more + " more";
  }

  private static Duration left(Duration timeout, long began) {
    Duration left = timeout.minusNanos(System.nanoTime() - began);
    return left.isPositive() ? left : Duration.ofNanos(1);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Before the first cancel it is the list itself, so that none waits for that later. */
  @Override
  public Probe probe(Duration timeout) {
    if (known != null || !due() || !asking.tryLock()) {
      return venue.probe(timeout);
    }
    try {
      if (!budget.tryAcquire()) {
        return venue.probe(timeout);
      }
      long began = System.nanoTime();
      AccountList list = learn(timeout.dividedBy(2));
      if (!list.told()) {
        return venue.probe(left(timeout, began));
      }
      if (list.proves()) {
        notBefore = null; // no cancel asked for it: the first one that is not on it may
      }
      budget.giveBack(); // one call was made in the place of the other
      return new Probe(true, Probe.Credential.GOOD, "tells its accounts");
    } finally {
      asking.unlock();
    }
  }
}
