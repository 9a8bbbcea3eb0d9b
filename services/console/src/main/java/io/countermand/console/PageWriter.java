package io.countermand.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes pages: a template, what it shows, and what stands on every page. Thread-safe. */
final class PageWriter {

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final Supplier<Frame> frame;

  PageWriter(Supplier<Frame> frame) {
    this.frame = frame;
  }

  void page(Context request, String template, Map<String, ? extends @Nullable Object> model) {
    Map<String, @Nullable Object> all = new HashMap<>(model);
    all.put("frame", frame.get());
    request.html(render(template, all));
  }

  /** What went wrong, as a page. */
  void failed(Context request, int status, String detail) {
    request.status(status);
    page(request, "failed.jte", Map.of("status", status, "detail", Shown.text(detail)));
  }

  /** The kill switches that are on, alone: an open page asks for them again and again. */
  void banner(Context request) {
    request.html(render("banner.jte", Map.of("frame", frame.get())));
  }

  String render(String template, Map<String, @Nullable Object> model) {
    var out = new StringOutput();
    templates.render(template, model, out);
    return out.toString();
  }
}
