package io.countermand.venues.example;

import io.countermand.domain.CancelRequest;
import io.countermand.domain.Reply;
import io.countermand.domain.order.OrdStatus;
import io.countermand.domain.order.ReplyDetails;
import io.countermand.venues.Capabilities;
import io.countermand.venues.StatusWords;
import io.countermand.venues.VenueAdapter;
import io.countermand.venues.VenueDefaults;
import io.countermand.venues.VenueProvider;
import io.countermand.venues.VenueSettings;
import io.countermand.venues.http.HttpDialect;
import io.countermand.venues.http.HttpVenueAdapter;
import io.countermand.venues.http.classification.Classified;
import io.countermand.venues.http.transport.HttpCall;
import io.countermand.venues.http.transport.HttpReply;
import io.countermand.venues.http.transport.Json;
import io.countermand.venues.limits.Rate;
import java.util.Map;

/** Adapter {@code paper}: {@code DELETE /orders/{id}} answers with the order as it is now. */
public final class PaperProvider implements VenueProvider {

  @Override
  public String adapter() {
    return "paper";
  }

  @Override
  public String summary() {
    return "Paper exchange of the guide";
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, false, true, false, false);
  }

  @Override
  public VenueDefaults defaults() {
    return VenueDefaults.of("https://paper.example", Rate.perSecond(5, 5));
  }

  @Override
  public VenueAdapter create(VenueSettings settings) {
    return HttpVenueAdapter.withToken(
        settings, capabilities(), new Orders(), settings.credentials().get("token"));
  }

  private static final class Orders implements HttpDialect {

    private static final StatusWords WORDS =
        StatusWords.of(
            Map.of("open", OrdStatus.NEW, "filled", OrdStatus.FILLED, "gone", OrdStatus.CANCELED));

    @Override
    public HttpCall cancel(CancelRequest request) {
      return new HttpCall("DELETE", status(request).path(), Map.of(), null);
    }

    @Override
    public Classified readCancel(CancelRequest request, HttpReply reply) {
      return switch (readStatus(request, reply).reply()) {
        case Reply.Status(ReplyDetails told) when told.ordStatus() == OrdStatus.CANCELED ->
            Classified.of(new Reply.Canceled(told));
        case Reply.Status(ReplyDetails told) when told.ordStatus() == OrdStatus.FILLED ->
            Classified.of(new Reply.NotOpen(told));
        case Reply.UnknownOrder unknown -> Classified.of(unknown);
        default -> Classified.byStatus(reply);
      };
    }

    @Override
    public HttpCall status(CancelRequest request) {
      return HttpCall.get("/orders/" + HttpCall.encode(request.cancel().order().orderId()));
    }

    @Override
    public Classified readStatus(CancelRequest request, HttpReply reply) {
      String word = Json.text(reply.json().path("state"));
      if (reply.status() == 404 && "no such order".equals(Json.text(reply.json().path("error")))) {
        return Classified.of(new Reply.UnknownOrder(ReplyDetails.of("404", "no such order")));
      }
      boolean ours = request.cancel().order().orderId().equals(Json.id(reply.json().path("id")));
      return reply.ok() && ours && word != null
          ? Classified.of(
              new Reply.Status(
                  WORDS.told(reply.code(), word, Json.quantity(reply.json().path("done")), null)))
          : Classified.byStatus(reply);
    }

    @Override
    public HttpCall probe() {
      return HttpCall.get("/orders");
    }
  }
}
