package io.countermand.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginFileTest {

  private static final String JAAS =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"desk\""
          + " password=\"%s\";";

  @TempDir private Path directory;
  private Path file;
  private final LoginFile login = new LoginFile();

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("kafka.properties");
    write("jaas=" + JAAS.formatted("old-pw"));
    Map<String, String> settings =
        LoginFile.watched(
            Map.of(
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "${file:" + file + ":jaas}"));
    assertThat(settings)
        .containsEntry("sasl.client.callback.handler.class", LoginFile.class.getName());
    login.configure(
        settings,
        "SCRAM-SHA-512",
        JaasContext.loadClientContext(
                Map.of("sasl.jaas.config", new Password(JAAS.formatted("old-pw"))))
            .configurationEntries());
  }

  private void write(String text) throws Exception {
    Files.writeString(file, text + "\n");
  }

  private String answer() throws Exception {
    var name = new NameCallback("user");
    var password = new PasswordCallback("password", false);
    login.handle(new Callback[] {name, password});
    return name.getName() + "/" + new String(password.getPassword());
  }

  @Test
  void shouldReadThePasswordAtEachLogin() throws Exception {
    // Given
    assertThat(answer()).isEqualTo("desk/old-pw");
    // When
    write("jaas=" + JAAS.formatted("new-pw"));
    // Then
    assertThat(answer()).isEqualTo("desk/new-pw");
    assertThat(login.problem()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jaas=", "jaas=n0nsense s3cret", "other=x", "GONE"})
  void shouldKeepTheOldOneWhileTheFileCannotBeUsed(String text) throws Exception {
    // Given
    write("jaas=" + JAAS.formatted("new-pw"));
    assertThat(answer()).isEqualTo("desk/new-pw");
    // When
    if (text.equals("GONE")) {
      Files.delete(file);
    } else {
      write(text);
    }
    // Then
    assertThat(answer()).isEqualTo("desk/new-pw");
    assertThat(login.problem()).isNotNull().doesNotContain("s3cret");
    // and once it can be used again
    write("jaas=" + JAAS.formatted("newest-pw"));
    assertThat(answer()).isEqualTo("desk/newest-pw");
    assertThat(login.problem()).isNull();
  }

  @Test
  void shouldLeaveSettingsAloneThatNameNoFileOrBringTheirOwnHandler() {
    var variable = Map.of("sasl.mechanism", "PLAIN", "sasl.jaas.config", "x required;");
    assertThat(LoginFile.watched(variable)).isSameAs(variable);
    var own =
        Map.of(
            "sasl.mechanism", "PLAIN",
            "sasl.jaas.config", "${file:/a:b}",
            "sasl.client.callback.handler.class", "Own");
    assertThat(LoginFile.watched(own)).isSameAs(own);
    var token = Map.of("sasl.mechanism", "OAUTHBEARER", "sasl.jaas.config", "${file:/a:b}");
    assertThat(LoginFile.watched(token)).isSameAs(token);
  }
}
