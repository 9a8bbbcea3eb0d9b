package io.countermand.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.Probe;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

  @Test
  void shouldSayWhatIsToBeDoneAtAVenueThatServesToo() {
    // Given
    var probe = new Probe(true, true, Probe.Credential.NOT_TRIED, "HTTP 404", "check base-url");
    var diagnosis = new Diagnosis();
    // When
    diagnosis.venue("hook", "https://v", new VenueProbe(probe, "credential not tried"));
    // Then
    Diagnosis.Finding found = diagnosis.findings().getFirst();
    assertThat(found.status()).isEqualTo(Diagnosis.Status.NOTE);
    assertThat(found.todo()).isEqualTo("check base-url; credential not tried");
  }
}
