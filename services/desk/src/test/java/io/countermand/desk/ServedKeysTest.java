package io.countermand.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.domain.order.OrderRef;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServedKeysTest {

  @Test
  void shouldReadEverythingWhenNoVenueIsNamed() {
    var all = new ServedKeys(Set.of());

    assertThat(all.include(null)).isTrue();
    assertThat(all.include(bytes("nonsense"))).isTrue();
  }

  @Test
  void shouldReadOnlyKeysOfItsVenues() {
    var some = new ServedKeys(Set.of("cadenza", "my venue"));

    assertThat(some.include(key("cadenza"))).isTrue();
    assertThat(some.include(key("my venue"))).isTrue();
    assertThat(some.include(key("cadenza-2"))).isFalse();
    assertThat(some.include(key("other"))).isFalse();
    assertThat(some.include(bytes("cadenza"))).isFalse();
    assertThat(some.include(bytes("caden"))).isFalse();
    assertThat(some.include(null)).isFalse();
  }

  private static byte[] key(String venue) {
    return bytes(new OrderRef(venue, "account", "order").key());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
