package io.countermand.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.countermand.console.access.Shield;
import io.countermand.console.access.SignedInUser;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes pages: a template, what it shows, and what stands on every page. Thread-safe. */
final class PageWriter {

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final Supplier<Frame> frame;
  private final boolean signIn;
  private final boolean acts;
  private final boolean reports;

  /**
   * @param signIn whether everybody has to sign in
   * @param acts whether somebody who may can do something here
   */
  PageWriter(Supplier<Frame> frame, boolean signIn, boolean acts) {
    this(frame, signIn, acts, false);
  }

  /**
   * @param signIn whether everybody has to sign in
   * @param acts whether somebody who may can do something here
   * @param reports whether reports of audits are shown
   */
  PageWriter(Supplier<Frame> frame, boolean signIn, boolean acts, boolean reports) {
    this.frame = frame;
    this.signIn = signIn;
    this.acts = acts;
    this.reports = reports;
  }

  /** A page, or what changes of one that is open. */
  void page(Context request, String template, Map<String, ? extends @Nullable Object> model) {
    page(request, template, model, frame(request));
  }

  /** A page whose model was made of what stands around it. */
  void page(
      Context request,
      String template,
      Map<String, ? extends @Nullable Object> model,
      Frame around) {
    Map<String, @Nullable Object> all = new HashMap<>(model);
    all.put("frame", around);
    request.html(render(template, all));
  }

  /** What stands around a page that is asked for now. */
  Frame frame(Context request) {
    return frame.get().to(SignedInUser.of(request), acts, reports);
  }

  /**
   * What went wrong, as a page; to who is not signed in, or asks by another's name, without
   * anything of the pipeline.
   */
  void failed(Context request, int status, String detail) {
    request.status(status);
    if (!Shield.passed(request) || (signIn && SignedInUser.of(request) == null)) {
      request.html(
          render("refused.jte", Map.of("detail", DisplayText.text(detail), "signIn", signIn)));
      return;
    }
    page(request, "failed.jte", Map.of("status", status, "detail", DisplayText.text(detail)));
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
