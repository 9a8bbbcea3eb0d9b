package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.oidc.OidcSettings;
import io.countermand.oidc.TestIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link DoorLocksTest}, of tokens that an issuer signs. */
@Tag("long")
class OidcLocksTest extends DoorDeeds {

  private final TestIssuer issuer = TestIssuer.open();

  /**
   * Something that a token must not do.
   *
   * @param refused status
   * @param without what it says
   * @param with what it says once the one thing is there
   */
  private record Deed(String name, int refused, JwtClaims without, JwtClaims with, Asked asked) {

    @Override
    public String toString() {
      return name;
    }
  }

  OidcLocksTest(PipelineAccess.Stack stack) throws Exception {
    super(stack);
  }

  @Override
  OidcSettings oidc() {
    return issuer.settings();
  }

  @AfterAll
  void closeIssuer() {
    issuer.close();
  }

  Stream<Deed> deeds() {
    List<Deed> deeds = new ArrayList<>();
    expired(deeds, "cancels", this::postCancel);
    expired(deeds, "mass cancels", caller -> count(caller, VENUE, OWN));
    expired(deeds, "looks at an order", this::getOrder);
    expired(deeds, "listens to outcomes", this::listen);
    for (String none : List.of("countermand_verbs", "countermand_accounts")) {
      lacks(deeds, none, "cancels", this::postCancel);
      lacks(deeds, none, "mass cancels", caller -> count(caller, VENUE, OWN));
      lacks(deeds, none, "looks at an order", this::getOrder);
      lacks(deeds, none, "looks at a cancel", caller -> caller.get(cancel).status());
      lacks(deeds, none, "listens to outcomes", this::listen);
      lacks(deeds, none, "looks at kill switches", c -> c.get("/v1/kill-switches").status());
    }
    verb(deeds, "read", "cancel", "cancels", this::postCancel);
    verb(deeds, "cancel read", "mass-cancel", "mass cancels", caller -> count(caller, VENUE, OWN));
    verb(deeds, "mass-cancel read", "release", "releases a kill switch", this::release);
    verb(deeds, "cancel", "read", "looks at a cancel", caller -> caller.get(cancel).status());
    verb(deeds, "mass-cancel", "read", "looks at a report", caller -> caller.get(report).status());
    verb(
        deeds,
        "release",
        "read",
        "looks at kill switches",
        caller -> caller.get("/v1/kill-switches").status());
    verb(deeds, "cancel", "read", "looks at an order", this::getOrder);
    verb(deeds, "CANCEL", "read", "listens to outcomes", this::listen);
    account(deeds, 403, MINE, "cancels another account's order", this::postCancel);
    account(deeds, 403, MINE, "looks at another account's order", this::getOrder);
    account(deeds, 403, MINE, "looks at another's cancel", caller -> caller.get(cancel).status());
    account(deeds, 403, MINE, "mass cancels another", caller -> count(caller, VENUE, OWN));
    account(deeds, 403, VENUE + "/*", "mass cancels a venue", caller -> count(caller, VENUE, ""));
    account(deeds, 403, "*/" + OWN, "mass cancels at each", caller -> count(caller, "", OWN));
    account(deeds, 403, "*", "mass cancels everything", caller -> count(caller, "", ""));
    account(deeds, 404, MINE, "looks at another's report", caller -> caller.get(report).status());
    account(deeds, 404, MINE, "releases another's kill switch", this::release);
    return deeds.stream();
  }

  private JwtClaims says(String verbs, String accounts) {
    return issuer.claims("subject", verbs, List.of(accounts.split(",")));
  }

  private JwtClaims all() {
    return says(ALL.replace(',', ' '), MINE);
  }

  private void expired(List<Deed> deeds, String what, Asked asked) {
    JwtClaims without = all();
    TestIssuer.ends(without, Duration.ofMinutes(-1));
    deeds.add(new Deed("whose token has ended " + what, 401, without, all(), asked));
  }

  private void lacks(List<Deed> deeds, String claim, String what, Asked asked) {
    JwtClaims without = all();
    without.unsetClaim(claim);
    deeds.add(new Deed("who has no " + claim + " " + what, 403, without, all(), asked));
  }

  private void verb(List<Deed> deeds, String verbs, String lacks, String what, Asked asked) {
    deeds.add(
        new Deed(
            "who may " + verbs + " " + what,
            403,
            says(verbs, MINE),
            says(verbs + " " + lacks, MINE),
            asked));
  }

  private void account(List<Deed> deeds, int refused, String lacks, String what, Asked asked) {
    String verbs = ALL.replace(',', ' ');
    deeds.add(
        new Deed(
            "who has one account " + what,
            refused,
            says(verbs, OTHERS),
            says(verbs, OTHERS + "," + lacks),
            asked));
  }

  /** Kinds g and j of docs/security.md. */
  @ParameterizedTest
  @MethodSource("deeds")
  void shouldBeRefusedButForTheOneClaim(Deed deed) throws Exception {
    var without = new DoorVisitor(http, door.port(), issuer.sign(deed.without()));
    var with = new DoorVisitor(http, door.port(), issuer.sign(deed.with()));
    assertThat(deed.asked().by(without)).as("without").isEqualTo(deed.refused());
    assertThat(deed.asked().by(with)).as("with").isIn(200, 202);
    assertThat(deed.asked().by(without)).as("without it again").isEqualTo(deed.refused());
  }
}
