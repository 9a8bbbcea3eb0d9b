package io.countermand.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.app.config.Config;
import io.countermand.app.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer whose certificate only a file of ours vouches for. */
class IssuerTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir private Path directory;

  @Test
  void shouldAskAnIssuerOfAnOwnAuthorityOnlyIfItIsNamed() throws Exception {
    // Given
    String keystore = directory.resolve("issuer.p12").toString();
    String certificate = directory.resolve("issuer.pem").toString();
    List<String> store = List.of("-keystore", keystore, "-storepass", PASSWORD, "-alias", "issuer");
    keytool(
        store,
        List.of("-genkeypair", "-storetype", "PKCS12", "-keyalg", "EC", "-validity", "2"),
        List.of("-dname", "CN=localhost", "-ext", "SAN=ip:127.0.0.1"));
    keytool(store, List.of("-exportcert", "-rfc", "-file", certificate), List.of());
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(
        KeyStore.getInstance(Path.of(keystore).toFile(), PASSWORD.toCharArray()),
        PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    try (TestIssuer issuer = TestIssuer.open(context);
        var trusting = new Issuer(settings(issuer, certificate));
        var other = new Issuer(settings(issuer, "none"))) {
      // When, then
      assertThat(trusting.look()).isEqualTo(1);
      assertThatThrownBy(other::look)
          .isInstanceOf(IssuerException.class)
          .hasMessageContaining("door.oidc.authorities");
      assertThat(issuer.asked()).isEqualTo(1);
    }
  }

  private static OidcSettings settings(TestIssuer issuer, String authorities) {
    Config config =
        Config.load(
            Optional.empty(),
            Map.of(),
            Map.of(
                "door.oidc.issuer",
                issuer.name(),
                "door.oidc.audience",
                TestIssuer.AUDIENCE,
                "door.oidc.authorities",
                authorities),
            _ -> true);
    return Settings.oidc(config.door().oidc());
  }

  private static void keytool(List<String> store, List<String> task, List<String> more)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(task);
    command.addAll(store);
    command.addAll(more);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
