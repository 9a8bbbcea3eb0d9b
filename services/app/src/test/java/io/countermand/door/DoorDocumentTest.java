package io.countermand.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.app.pipeline.PipelineAccess;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the document of the API forbids, asked at random. */
class DoorDocumentTest extends DoorScenario {

  DoorDocumentTest(PipelineAccess.Stack stack) {
    super(stack);
  }

  @Test
  void shouldRefuseWhatItsOwnDocumentForbids() throws Exception {
    shouldRefuse(2_000);
  }

  @Test
  @Tag("long")
  void shouldRefuseWhatItsOwnDocumentForbidsManyTimes() throws Exception {
    shouldRefuse(20_000);
  }

  /** 4xx each, as a problem, and never with the door's inside. */
  private void shouldRefuse(int requests) throws Exception {
    var described =
        new OpenApiRequests(
            visitor.get("/openapi.json").body(), Long.getLong("countermand.seed", 7));
    assertThat(described.operations()).isEqualTo(8);
    for (int i = 0; i < requests; i++) {
      HttpRequest request = described.next(all);
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as("%d: %s", i, request).isBetween(400, 499);
      assertThat(response.body()).as("%s", request).doesNotContain("\tat ", "Exception");
    }
  }
}
