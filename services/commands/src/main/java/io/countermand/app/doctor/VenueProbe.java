package io.countermand.app.doctor;

import io.countermand.venues.Probe;
import io.countermand.venues.Probe.Credential;
import io.countermand.venues.VenueAdapter;
import java.time.Duration;
import java.util.Optional;

/**
 * An operator's probe of one venue. By itself it logs in nowhere: a login may end the session of a
 * running desk, and takes one of the few that the venue allows.
 *
 * @param probe what was found
 * @param untried why the credential was not tried, and what would try it; empty: it was
 */
public record VenueProbe(Probe probe, String untried) {

  /**
   * @param logIn whether to log in where the credential is a login
   */
  public static VenueProbe of(VenueAdapter adapter, Duration timeout, boolean logIn) {
    Optional<String> cost = adapter.loginCost();
    Probe probe =
        cost.isEmpty() || logIn ? adapter.probe(timeout) : adapter.probeWithoutLogin(timeout);
    if (probe.credential() != Credential.NOT_TRIED) {
      return new VenueProbe(probe, "");
    }
    return new VenueProbe(
        probe,
        "credential not tried: "
            + cost.map(each -> "--log-in tries it; that " + each)
                .orElse("only a call that touches an order would try it"));
  }
}
