package io.countermand.venues;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForwardingAdapterTest {

  /** A default of the port would hide what the adapter behind it can do. */
  @Test
  void shouldPassOnWhateverAnAdapterCanDo() {
    assertThat(VenueAdapter.class.getMethods())
        .allSatisfy(
            method ->
                assertThat(
                        ForwardingAdapter.class
                            .getMethod(method.getName(), method.getParameterTypes())
                            .getDeclaringClass())
                    .isEqualTo(ForwardingAdapter.class));
  }
}
