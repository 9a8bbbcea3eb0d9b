package io.countermand.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Somebody in one tab of a browser who signs in, fills in forms and reads. Used by one thread. */
final class BrowserPerson implements AutoCloseable {

  private final List<String> wrong = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private final BrowserTab tab;
  private final int width;
  private final UnaryOperator<String> passwords;

  /**
   * @param width in pixels; 390 is dark
   * @param passwords by name
   */
  BrowserPerson(BrowserTab tab, int width, UnaryOperator<String> passwords) {
    this.tab = tab;
    this.width = width;
    this.passwords = passwords;
    tab.look(width, width == 390);
  }

  BrowserTab tab() {
    return tab;
  }

  /** Whether it can be read, by whomever. */
  void look(String name) throws IOException {
    int over = tab.eval(BrowserTest.TOO_WIDE).asInt();
    if (over > 0) {
      wrong.add(name + " is " + over + " pixels too wide");
    }
    tab.eval(BrowserTest.AXE + "; true");
    for (JsonNode each : tab.eval(BrowserTest.VIOLATIONS)) {
      wrong.add(name + ": " + each.asText());
    }
    String kept = System.getProperty("countermand.screenshots");
    if (kept != null) {
      Files.write(
          Files.createDirectories(Path.of(kept)).resolve(name + "-" + width + ".png"),
          tab.picture());
    }
  }

  void type(String field, String text) {
    tab.eval("document.querySelector('main [name=\"" + field + "\"]').focus()");
    tab.type(text);
  }

  void choose(String field, String value) {
    tab.eval(
        "document.querySelector('main [name=\"" + field + "\"]').value = '" + value + "'; true");
  }

  /** By the keyboard: the form of the field, or the link, that has the focus. */
  void send() {
    int before = tab.loads();
    tab.press("Enter");
    tab.awaitLoad(before);
  }

  String text() {
    return tab.eval("document.body.innerText").asText();
  }

  String path() {
    return tab.eval("location.pathname").asText();
  }

  /** By his password, at a page that asks for it and leads there then. */
  void signInAt(String name, String path) throws IOException {
    tab.open(path);
    assertThat(path()).isEqualTo("/sign-in");
    look("sign-in");
    type("name", name);
    type("password", passwords.apply(name));
    send();
    assertThat(path()).isEqualTo(path);
  }

  void signOut() {
    tab.eval("document.querySelector('.visitor button').focus()");
    send();
    assertThat(path()).isEqualTo("/sign-in");
  }

  /** That the browser's own log tells of an answer that a test has asked for is no problem. */
  void expected(String part) {
    expected.add(part);
  }

  /** What could not be read well, and what the browser complained of. */
  List<String> wrong() {
    List<String> all = new ArrayList<>(wrong);
    tab.problems().stream()
        .filter(each -> expected.stream().noneMatch(each::contains))
        .forEach(all::add);
    return all;
  }

  @Override
  public void close() {
    tab.close();
  }
}
