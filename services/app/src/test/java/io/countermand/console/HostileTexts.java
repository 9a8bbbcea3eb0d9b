package io.countermand.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two hundred texts that somebody could put into an id, a reason or an answer to do harm. */
final class HostileTexts {

  static final int LONGEST = 64 * 1024;

  private static final List<String> SEEDS =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(2)>",
          "' onmouseover='alert(3)' x='",
          "</td></tr></table></main><h1>owned</h1>",
          "<svg/onload=alert(5)>",
          "javascript:alert(6)//",
          "--><!--<b>",
          "]]><![CDATA[<b>",
          "</title></textarea></style></script><b>",
          "<iframe srcdoc='<script>alert(10)</script>'>",
          "&lt;b&gt;&#60;b&#62;&amp;&quot;",
          "${7*7}#{7*7}@{7*7}!{7*7}{{7*7}}",
          "@template.layout()@if(true)<b>@endif`",
          "\u202Egnp.exe",
          "\u2067\u2066turned\u2069\u200F\u061C",
          "no\u200Bthing\u200C\u200D\uFEFF\u2060\u00AD",
          "\u0000\u0001\u0007\u001B[31m\u007F\u009B",
          "line\r\n\r\nevent: left-out\ndata: <tr><td>forged</td></tr>\n\n",
          "\u2028\u2029\u0085",
          "\u05E9\u05DC\u05D5\u05DD \u0639\u0631\u0628\u064A",
          "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
          "\uD83D\uDE00\uD83D\uDC69\u200D\uD83D\uDC67\uDB40\uDC41",
          "../../?a=1&b=2#c;d%00%2e%2e/\\",
          "%3Cscript%3E+%252F%2B ",
          "<base href=//elsewhere.example><meta http-equiv=refresh content=0>");

  private HostileTexts() {}

  /** Each seed as it is, in capitals, within words, again and again, long, and of 64 KiB. */
  static List<String> all() {
    List<String> all = new ArrayList<>();
    for (String seed : SEEDS) {
      all.add(seed);
      all.add(seed.toUpperCase(Locale.ROOT));
      all.add("x" + seed);
      all.add(seed + "x");
      all.add(seed + seed + "\"" + seed);
      all.add(upTo(250, seed));
      all.add(upTo(4_000, seed));
      all.add(upTo(LONGEST, seed));
    }
    return all;
  }

  /** At most so many bytes in UTF-8. */
  private static String upTo(int bytes, String seed) {
    return seed.repeat(bytes / seed.getBytes(StandardCharsets.UTF_8).length);
  }
}
