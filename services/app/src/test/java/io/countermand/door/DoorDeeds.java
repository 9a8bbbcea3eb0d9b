package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import io.countermand.events.OrderKey;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;

/** What can be asked of a door on each route, and whose it is. */
abstract class DoorDeeds extends DoorScenario {

  static final String OWN = "Locks" + UUID.randomUUID().toString().substring(0, 8);
  static final String FIRED = OWN + "Fired";
  static final String MINE = VENUE + "/" + OWN + "," + VENUE + "/" + FIRED;
  static final String OTHERS = VENUE + "/" + OWN + "Others";
  static final String ALL = "cancel,read,mass-cancel,release";

  OrderKey order = OrderKey.of(VENUE, OWN, UUID.randomUUID().toString());
  String cancel = "";
  String report = "";
  String fired = "";

  DoorDeeds(PipelineAccess.Stack stack) {
    super(stack);
  }

  interface Asked {
    /** The status. */
    int by(DoorVisitor caller) throws Exception;
  }

  @BeforeAll
  void prepare() throws Exception {
    order = place(OWN);
    Awaitility.await(order.key())
        .atMost(PATIENCE)
        .until(() -> all.get("/v1/orders/" + order.key()).status() == 200);
    cancel = all.cancel(body(order), "Prefer", "wait=60").header("Location");
    Map<String, ?> scope = Map.of("venue", VENUE, "account", OWN);
    report =
        all.massCancel(
                Map.of("scope", scope, "reason", "drill", "dryRun", true), "Prefer", "wait=60")
            .header("Location");
    Map<String, ?> other = Map.of("venue", VENUE, "account", FIRED);
    fired =
        all.massCancel(Map.of("scope", other, "reason", "drill", "keep", true), "Prefer", "wait=60")
            .header("Location");
    assertThat(List.of(cancel, report, fired)).allMatch(each -> each.startsWith("/v1/"));
  }

  int postCancel(DoorVisitor caller) throws Exception {
    return caller.cancel(body(order)).status();
  }

  int getOrder(DoorVisitor caller) throws Exception {
    return caller.get("/v1/orders/" + order.key()).status();
  }

  int release(DoorVisitor caller) throws Exception {
    return caller.post(fired + "/release", Map.of("reason", "over")).status();
  }

  /** Of a mass cancel that cancels nothing. */
  int count(DoorVisitor caller, String venue, String account) throws Exception {
    Map<String, Object> scope = new LinkedHashMap<>();
    if (!venue.isEmpty()) {
      scope.put("venue", venue);
    }
    if (!account.isEmpty()) {
      scope.put("account", account);
    }
    if (scope.isEmpty()) {
      scope.put("all", true);
    }
    return caller.massCancel(Map.of("scope", scope, "reason", "drill", "dryRun", true)).status();
  }

  /** Its first line tells that it goes on. */
  int listen(DoorVisitor caller) throws Exception {
    HttpRequest request = caller.request("/v1/outcomes").build();
    var response = http.send(request, BodyHandlers.ofInputStream());
    response.body().close();
    return response.statusCode();
  }
}
