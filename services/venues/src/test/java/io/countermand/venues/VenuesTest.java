package io.countermand.venues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VenuesTest {

  private static VenueSettings settings(String url, Map<String, String> credentials) {
    return VenueSettings.of(
        "v", URI.create(url), Credentials.of(credentials), Map.of("x", "1"), Clock.systemUTC());
  }

  @Test
  void shouldFindProviders() {
    assertThat(Venues.providers()).containsKey("crosstrade");
  }

  @Test
  void shouldNameEveryProblemAndNoSecret() {
    VenueSettings settings = settings("ftp://me:pw@host", Map.of("token", "bad\nsecret"));

    assertThatThrownBy(() -> Venues.create("crosstrade", settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "venue 'v': base-url must be like https://host/path, without user, query or fragment;"
                + " credential 'token' must be printable ASCII and not empty;"
                + " unknown option 'x'; known are [orders-path, check-accounts, bulk-cancels]");
  }

  @Test
  void shouldSayWhichAdaptersThereAre() {
    assertThatThrownBy(() -> Venues.provider("nyse"))
        .hasMessageStartingWith("no venue adapter 'nyse'; there are [")
        .hasMessageContaining("crosstrade");
  }

  @Test
  void shouldHideSecrets() {
    Credentials credentials = Credentials.of(Map.of("token", " s3cret\n"));

    assertThat(credentials.get("token").reveal()).isEqualTo("s3cret");
    assertThat(settings("https://host", Map.of("token", "s3cret")).toString())
        .contains("token=***")
        .doesNotContain("s3cret");
    assertThat(credentials).isEqualTo(Credentials.of(Map.of("token", "s3cret")));
    assertThat(credentials).isNotEqualTo(Credentials.of(Map.of("token", "other")));
  }
}
