package io.countermand.console;

import io.countermand.client.ClientException;
import io.countermand.client.OrderStates;
import io.countermand.console.kept.ActionLog;
import io.countermand.console.kept.CancelLife;
import io.countermand.console.kept.CancelRecord;
import io.countermand.console.kept.KeptCancels;
import io.countermand.console.kept.Letters;
import io.countermand.events.CancelResult;
import io.countermand.events.ConsoleAction;
import io.countermand.events.OrderState;
import io.countermand.events.Reason;
import io.countermand.events.serde.EventSerdes;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pages of cancels, orders and what went wrong; each is written from what has been read, and
 * asks nobody. Thread-safe.
 */
public final class Pages {

  private static final int ROWS = 100;

  private final PageWriter writer;
  private final KeptCancels cancels;
  private final Letters letters;
  private final OrderStates orders;
  private final ActionLog asked;
  private final EventSerdes serdes;
  private final CachedViews<OverviewView.Window, OverviewView> now;

  Pages(
      KeptCancels cancels,
      Letters letters,
      OrderStates orders,
      ActionLog asked,
      EventSerdes serdes,
      CachedViews<OverviewView.Window, OverviewView> now,
      PageWriter writer) {
    this.cancels = cancels;
    this.letters = letters;
    this.orders = orders;
    this.asked = asked;
    this.serdes = serdes;
    this.now = now;
    this.writer = writer;
  }

  /** A cancel that left its order in doubt. */
  public record UnresolvedCancel(
      CancelLife life,
      String check,
      String state,
      @Nullable String later,
      @Nullable ConsoleAction checked) {}

  void now(Context request) {
    writer.page(request, "now.jte", Map.of("now", lookNow(request)));
  }

  String nowPart(Context request) {
    return writer.render("nowPart.jte", Map.of("now", lookNow(request)));
  }

  private OverviewView lookNow(Context request) {
    return now.get(
        OverviewView.Window.of(
            request.queryParamAsClass("window", String.class).getOrDefault("5m")));
  }

  void cancels(Context request) {
    Filter filter = Filter.of(request::queryParam);
    String mark = cancels.mark(); // before it looks: what comes meanwhile comes twice, not never
    List<CancelLife> found = cancels.newest(filter::wants, ROWS + 1);
    writer.page(
        request,
        "cancels.jte",
        Map.of(
            "filter",
            filter,
            "found",
            found.subList(0, Math.min(ROWS, found.size())),
            "more",
            found.size() > ROWS,
            "live",
            "/cancels/live"
                + (filter.none() ? "?" : filter.query() + "&")
                + "from="
                + DisplayText.encoded(mark),
            "results",
            results(),
            "reasons",
            Arrays.stream(Reason.values()).map(Enum::name).sorted().toList()));
  }

  private static List<String> results() {
    return Stream.concat(
            Stream.of("OPEN"), Arrays.stream(CancelResult.values()).map(Enum::name).sorted())
        .toList();
  }

  String row(CancelLife life) {
    return writer.render("cancelRow.jte", Map.of("life", life, "fresh", true));
  }

  void cancel(Context request) {
    CancelLife life =
        cancels
            .find(asked(request, "order"), asked(request, "id"))
            .orElseThrow(
                () ->
                    new NotFoundResponse(
                        "No such cancel is kept here. It may be older than what the console keeps;"
                            + " `countermand story` reads the topics themselves."));
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("life", life);
    model.put("lines", TimeLine.of(life));
    model.put("meaning", OutcomeMeanings.of(life));
    model.put("later", DisplayText.text(OutcomeMeanings.later(life).orElse("")));
    boolean doubt = life.unresolved() && life.resolved().isEmpty();
    model.put("check", doubt ? OutcomeMeanings.check(life) : "");
    model.put(
        "trace",
        life.steps().stream()
            .map(CancelRecord::trace)
            .filter(each -> each != null)
            .findFirst()
            .orElse(""));
    writer.page(request, "cancel.jte", model);
  }

  void orders(Context request) {
    String text = Optional.ofNullable(request.queryParam("q")).orElse("").strip();
    String lower = text.toLowerCase(Locale.ROOT);
    List<String> keys =
        orders.newest(
            key ->
                lower.isEmpty()
                    || key.toLowerCase(Locale.ROOT).contains(lower)
                    || OrderRow.decoded(key).toLowerCase(Locale.ROOT).contains(lower),
            ROWS);
    writer.page(
        request,
        "orders.jte",
        Map.of("text", text, "rows", keys.stream().map(this::orderRow).toList()));
  }

  private OrderRow orderRow(String key) {
    return OrderRow.of(key, state(key));
  }

  private @Nullable OrderState state(String key) {
    try {
      return orders.find(key).orElse(null);
    } catch (ClientException e) {
      return null; // the registry is away: the page says what is known
    }
  }

  void order(Context request) {
    String key = asked(request, "key");
    OrderRow row = orderRow(key);
    List<CancelLife> found = cancels.newest(each -> each.order().equals(key), ROWS);
    if (row.state() == null && found.isEmpty()) {
      throw new NotFoundResponse(
          "No such order is known here: nobody told of it, it was forgotten, or it is not among"
              + " those that changed last. It may be open all the same.");
    }
    writer.page(
        request,
        "order.jte",
        Map.of(
            "row",
            row,
            "fields",
            row.state() == null ? List.of() : Fields.of(row.state(), Set.of()),
            "found",
            found));
  }

  void unresolved(Context request) {
    List<CancelLife> found = cancels.newest(CancelLife::unresolved, 10 * ROWS);
    List<UnresolvedCancel> doubts = new ArrayList<>();
    List<UnresolvedCancel> settled = new ArrayList<>();
    for (CancelLife life : found) {
      OrderState state = state(life.order());
      var doubt =
          new UnresolvedCancel(
              life,
              DisplayText.text(OutcomeMeanings.check(life)),
              state == null ? "" : state.getOrdStatus() + (state.getDisputed() ? ", disputed" : ""),
              OutcomeMeanings.later(life).map(DisplayText::text).orElse(null),
              asked.checked(life.order(), life.cancelId()).orElse(null));
      (life.resolved().isEmpty() ? doubts : settled).add(doubt);
    }
    writer.page(
        request,
        "unresolved.jte",
        Map.of(
            "doubts", doubts.stream().limit(ROWS).toList(),
            "settled", settled.stream().limit(ROWS).toList(),
            "open", doubts.stream().filter(each -> each.checked() == null).count(),
            "done", request.queryParam("done") != null,
            "kept", cancels.all()));
  }

  void letters(Context request) {
    String topic = Optional.ofNullable(request.queryParam("topic")).orElse("").strip();
    var found =
        letters.all().stream()
            .filter(each -> topic.isEmpty() || topic.equals(each.value().getSource().getTopic()))
            .limit(ROWS)
            .toList();
    writer.page(
        request,
        "letters.jte",
        Map.of(
            "sent",
            request.queryParamAsClass("sent", Integer.class).getOrDefault(0),
            "topic",
            topic,
            "found",
            found,
            "gone",
            letters.gone()));
  }

  void letter(Context request) {
    var found =
        letters
            .find(number(request, "partition"), number(request, "offset"))
            .orElseThrow(
                () ->
                    new NotFoundResponse(
                        "No such dead letter is kept here; `countermand dead-letters show` reads"
                            + " the topic itself."));
    writer.page(request, "letter.jte", Map.of("view", LetterView.of(found, serdes)));
  }

  private static int number(Context request, String name) {
    try {
      return Integer.parseInt(asked(request, name));
    } catch (NumberFormatException e) {
      throw new BadRequestResponse(name + " must be a number");
    }
  }

  static String asked(Context request, String name) {
    String value = request.queryParam(name);
    if (value == null) {
      throw new BadRequestResponse(name + " is missing in the address");
    }
    return value;
  }
}
