package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a page is made of the console's own elements, each closed where it belongs. */
final class MarkupCheck {

  private static final Pattern TAG =
      Pattern.compile("<(/?)([a-z0-9]+)((?:\\s+[a-z:-]+(?:=\"[^\"]*\"|='[^']*')?)*)\\s*>");
  private static final Pattern ATTRIBUTE = Pattern.compile("\\s([a-z:-]+)(?:=\"([^\"]*)\")?");
  private static final Set<String> EMPTY = Set.of("meta", "link", "input");
  private static final Set<String> ELEMENTS =
      Set.of(
          ("html head meta title link script body a header span nav main h1 h2 h3 p section strong"
                  + " bdi dl div dt dd time ol li details summary code table thead tbody tr th td"
                  + " footer pre form label input select option button article ul")
              .split(" "));
  private static final Set<String> ATTRIBUTES =
      Set.of(
          ("lang charset name content rel href src defer class id tabindex role datetime scope type"
                  + " aria-label aria-hidden aria-current aria-pressed data-label data-cancel open"
                  + " method action value maxlength selected hidden hx-sse:connect hx-swap hx-get"
                  + " hx-trigger aria-live required form autocomplete autocapitalize spellcheck")
              .split(" "));
  private static final Pattern HIDING = Pattern.compile("[\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cc}&&[^\\n]]");

  private MarkupCheck() {}

  static void check(String what, String page) {
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(page);
    int at = page.indexOf('<', "<!doctype html>".length());
    while (at >= 0) {
      assertThat(tag.find(at) && tag.start() == at)
          .as(what + ": " + page.substring(at, Math.min(page.length(), at + 80)))
          .isTrue();
      String name = tag.group(2);
      assertThat(ELEMENTS).as(what).contains(name);
      if (!tag.group(1).isEmpty()) {
        assertThat(open.pollLast()).as(what + " at " + at).isEqualTo(name);
      } else if (!EMPTY.contains(name)) {
        open.addLast(name);
      }
      attributes(what, tag.group(3));
      at = page.indexOf('<', tag.end());
    }
    assertThat(open).as(what).isEmpty();
    assertThat(HIDING.matcher(page).find()).as(what + " has what hides").isFalse();
  }

  private static void attributes(String what, String text) {
    Matcher attribute = ATTRIBUTE.matcher(text);
    while (attribute.find()) {
      assertThat(ATTRIBUTES).as(what).contains(attribute.group(1));
      if (attribute.group(1).matches("href|src|action|hx-get")) {
        assertThat(attribute.group(2)).as(what).matches("(?s)[/#].*").doesNotMatch("(?s)//.*");
      }
    }
  }
}
