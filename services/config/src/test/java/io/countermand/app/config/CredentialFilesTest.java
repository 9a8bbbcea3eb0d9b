package io.countermand.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.countermand.venues.CredentialSource.Reading;
import io.countermand.venues.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialFilesTest {

  @TempDir private Path directory;
  private Path file;
  private CredentialFiles files;

  @BeforeEach
  void read() throws IOException {
    file = Files.writeString(directory.resolve("password"), "0ld-s3cret");
    files =
        new CredentialFiles(
            Map.of("email", "me@example.com", "password", "0ld-s3cret"), Map.of("password", file));
  }

  @Test
  void shouldReadWhatTheFileHoldsNow() throws IOException {
    // When
    Files.writeString(file, "n3w-s3cret\n");

    // Then
    assertThat(files.get())
        .isEqualTo(
            new Reading.Found(
                Credentials.of(Map.of("email", "me@example.com", "password", "n3w-s3cret"))));
  }

  @Test
  void shouldTakeNoEmptyFileForASecret() throws IOException {
    // When
    Files.writeString(file, "");

    // Then
    assertThat(files.get())
        .isEqualTo(
            new Reading.Unusable("credential password: the file is empty or not printable ASCII"));
  }

  @Test
  void shouldSayWithoutTheSecretThatTheFileIsGone() throws IOException {
    // When
    Files.delete(file);

    // Then
    assertThat(files.get())
        .isEqualTo(new Reading.Unusable("credential password: no small regular file"));
  }
}
