package io.countermand.audit.report;

/** The frame and the looks of a report in one file: no script, nothing loaded. */
public final class HtmlPage {

  /** Closes what {@link #begin} opened. */
  public static final String END = "</body></html>\n";

  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,"Segoe UI",Helvetica,Arial,sans-serif;color:#1c1c1c;background:#fff;
        max-width:960px;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.6rem;margin:0 0 .3rem} h2{font-size:1.15rem;margin:2.2rem 0 .6rem;
        border-bottom:1px solid #ccc;padding-bottom:.2rem} h3{font-size:1rem;margin:1.2rem 0 .2rem}
      table{border-collapse:collapse;width:100%;margin:.5rem 0} th,td{text-align:left;vertical-align:top;
        padding:.3rem .7rem .3rem 0;border-bottom:1px solid #e4e4e4} td.n,th.n{text-align:right;
        font-variant-numeric:tabular-nums} .verdict{padding:.8rem 1rem;border-radius:6px;font-size:1.1rem;
        margin:1rem 0} .good{background:#e2f3ea;border-left:6px solid #1b7f5c}
      .bad{background:#fbe6e4;border-left:6px solid #b3392f} .gaps{background:#fdf3d7;
        border-left:6px solid #e0a526} .ok{color:#1b7f5c;font-weight:600} .no{color:#b3392f;font-weight:600}
      svg{width:100%;height:auto;display:block} svg text{font:12px system-ui,Arial,sans-serif;fill:#333}
      code{font:13px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere} .dim{color:#555}
      .key span{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em;border-radius:2px}
      """;

  private HtmlPage() {}

  /** Up to the heading; neither text is escaped. */
  public static String begin(String title, String heading) {
    return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta http-equiv=\"Content-Security-Policy\""
        + " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        + "<meta name=\"viewport\" content=\"width=device-width\">"
        + "<title>"
        + title
        + "</title><style>"
        + STYLE
        + "</style></head><body><h1>"
        + heading
        + "</h1>";
  }

  /** As the text of an element, or the value of an attribute in double quotes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
