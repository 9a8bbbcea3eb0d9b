package io.countermand.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The generated pages of {@code docs/reference} say what schemas and configuration say. To write
 * them anew: {@code mvn -pl services/app -am test -Dtest=ReferencesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcountermand.docs=write}.
 */
class ReferencesTest {

  private static final Path PAGES = Path.of("../../docs/reference");

  @Test
  void shouldHoldEveryEvent() throws IOException {
    compare("events.md", EventsReference.text());
  }

  @Test
  void shouldHoldEveryKey() throws IOException {
    compare("configuration.md", ConfigurationReference.text());
  }

  private static void compare(String page, String generated) throws IOException {
    if (System.getProperty("countermand.docs", "").equals("write")) {
      Files.writeString(PAGES.resolve(page), generated);
    }
    assertThat(PAGES.resolve(page)).hasContent(generated);
  }
}
