package io.countermand.domain.decision;

import io.countermand.domain.Cancel;
import io.countermand.domain.CancelRequest;
import io.countermand.domain.RequestKind;
import io.countermand.domain.order.Evidence;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a desk's process has written markers of calls to cancel for one venue, the newest of them.
 * What the ledger asks for names the record of the progress that it follows from. A marker of the
 * same cancel behind that is one that the ledger reads after it has asked, and whose answer it then
 * waits for: no other call is needed.
 *
 * <p>Of what other processes have marked it knows nothing. Outlives tasks. Thread-safe.
 */
public final class MarkerPlaces {

  /** What falls out is called twice at worst. */
  private static final int MOST = 20_000;

  private record Same(String key, String cancelId, String digest) {

    static Same of(Cancel cancel) {
      return new Same(cancel.order().key(), cancel.cancelId(), cancel.digest());
    }
  }

  private static final class Known {

    /** Calls that were begun, and of which it is not known yet whether they are marked. */
    final Set<String> coming = new HashSet<>();

    @Nullable Evidence last;
  }

  private final Map<Same, Known> known = new LinkedHashMap<>();

  /** A call is begun: it will be marked, or not at all. */
  public synchronized void begun(CancelRequest request, String call) {
    if (request.kind() != RequestKind.CANCEL) {
      return; // a query cancels nothing
    }
    known.computeIfAbsent(Same.of(request.cancel()), _ -> new Known()).coming.add(call);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
  }

  /** Its marker is durable. */
  public synchronized void marked(CancelRequest request, String call, Evidence at) {
    Known one = known.get(Same.of(request.cancel()));
    if (one != null && one.coming.remove(call)) {
      Evidence last = one.last;
      if (last == null || last.partition() != at.partition() || last.offset() < at.offset()) {
        one.last = at;
      }
    }
  }

  /** It has ended, or its marker may not have been written: none is waited for any more. */
  public synchronized void over(CancelRequest request, String call) {
    Same cancel = Same.of(request.cancel());
    Known one = known.get(cancel);
    if (one != null && one.coming.remove(call) && one.coming.isEmpty() && one.last == null) {
      known.remove(cancel);
    }
  }

  /** Whether a marker stands behind the record that what the ledger asks for follows from. */
  public synchronized boolean behind(CancelRequest asked) {
    Known one = known.get(Same.of(asked.cancel()));
    Evidence from = asked.follows();
    Evidence last = one == null ? null : one.last;
    return from != null
        && last != null
        && last.topic().equals(from.topic())
        && last.partition() == from.partition()
        && last.offset() > from.offset();
  }

  /** Whether a marker is on its way that may come to stand there. */
  public synchronized boolean comes(CancelRequest asked) {
    Known one = known.get(Same.of(asked.cancel()));
    return asked.follows() != null && one != null && !one.coming.isEmpty();
  }
}
