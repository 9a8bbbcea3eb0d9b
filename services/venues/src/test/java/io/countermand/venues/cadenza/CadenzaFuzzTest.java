package io.countermand.venues.cadenza;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.lifecycle.ReplyReader;
import io.countermand.venues.Credentials;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.testing.Requests;
import io.countermand.venues.testing.ResponseFuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class CadenzaFuzzTest extends ResponseFuzz {

  private static final String ID = "770e8400-e29b-41d4-a716-446655440002";
  private static final List<Sample> SAMPLES = samplesOf();

  private final CadenzaOrders orders = new CadenzaOrders();
  private final CadenzaLogin login =
      new CadenzaLogin(Credentials.of(Map.of("email", "e", "password", "p")));

  private static List<Sample> samplesOf() {
    List<Sample> samples = new ArrayList<>();
    samples.add(new Sample(200, CadenzaTest.SUCCESS, false));
    samples.add(
        new Sample(
            200,
            CadenzaTest.SUCCESS
                .replace("\"data\": {", "\"data\": [{")
                .replace("},\n\"succ", "}],\n\"succ"),
            false));
    samples.add(
        new Sample(
            400,
            CadenzaTest.SUCCESS
                .replace("true", "false")
                .replace("0,\n\"error\": null", "-22014,\n\"error\": \"Lock not acquired\""),
            true));
    for (CadenzaCode code : CadenzaCode.values()) {
      samples.add(
          new Sample(
              code.http, CadenzaTest.FAILURE.replace("111001", Long.toString(code.number)), true));
    }
    return samples;
  }

  @Override
  protected List<Sample> samples() {
    return SAMPLES;
  }

  @Override
  protected Classified readCancel(HttpReply reply) {
    assertThat(login.read(reply)).isNotNull();
    return orders.readCancel(request(), reply);
  }

  @Override
  protected Classified readStatus(HttpReply reply) {
    return orders.readStatus(request(), reply);
  }

  @Override
  protected CancelRequest request() {
    return Requests.cancel("a", ID);
  }

  @Override
  protected ReplyReader reader() {
    return new CadenzaReader();
  }
}
