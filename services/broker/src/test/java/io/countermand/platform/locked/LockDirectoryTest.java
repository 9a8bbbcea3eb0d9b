package io.countermand.platform.locked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countermand.platform.OwnFile;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockDirectoryTest {

  private static final Instant NOW = Instant.now();

  /** Made once: that takes two seconds. */
  @TempDir private static Path once;

  private static final List<String> SAID = new ArrayList<>();

  @TempDir private Path data;

  private final List<String> said = new ArrayList<>();
  private LockDirectory directory;

  @BeforeAll
  static void make() {
    LockDirectory.open(once, List.of("a", "b"), NOW, SAID::add);
  }

  /** What follows is of a copy. */
  @BeforeEach
  void copy() throws Exception {
    Path copy = OwnFile.directory(data.resolve("locked"));
    try (Stream<Path> files = Files.list(once)) {
      for (Path each : files.toList()) {
        Files.copy(each, copy.resolve(each.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    directory = open(NOW);
  }

  private LockDirectory open(Instant now) {
    return LockDirectory.open(data.resolve("locked"), List.of("a", "b"), now, said::add);
  }

  @Test
  void shouldMakeFilesForItsOwnerAlone() throws Exception {
    // When
    Map<Path, byte[]> files = files();
    // Then
    assertThat(files.keySet().stream().map(each -> each.getFileName().toString()))
        .containsExactlyInAnyOrder(
            "a.properties",
            "b.properties",
            "authority.pem",
            "door.p12",
            "kafka.p12",
            "keystore.password",
            "registry.p12");
    assertThat(permissions(data.resolve("locked"))).isEqualTo("rwx------");
    for (Path each : files.keySet()) {
      assertThat(permissions(each)).as(each.toString()).isEqualTo("rw-------");
    }
  }

  @Test
  void shouldMakeCertificatesOfOneAuthorityWhoseKeyIsNowhere() throws Exception {
    // Given
    X509Certificate authority;
    try (InputStream in = Files.newInputStream(directory.authority())) {
      authority = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    String password = Files.readString(directory.keystorePasswordFile());
    for (String server : List.of("kafka", "registry", "door")) {
      // When
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(data.resolve("locked/" + server + ".p12"))) {
        store.load(in, password.toCharArray());
      }
      // Then: for this machine, for servers, and fit to sign nothing
      assertThat(store.size()).isEqualTo(1);
      var certificate = (X509Certificate) store.getCertificate(server);
      certificate.verify(authority.getPublicKey());
      assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
      assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
      assertThat(certificate.getSubjectAlternativeNames().stream().map(each -> each.get(1)))
          .isEqualTo(List.of("127.0.0.1", "localhost").stream().map(Object.class::cast).toList());
      assertThat(certificate.getNotAfter().toInstant())
          .isBetween(NOW.plus(Duration.ofDays(364)), NOW.plus(Duration.ofDays(366)));
    }
  }

  @Test
  void shouldBeTheSameAgain() throws Exception {
    // Given
    Map<Path, byte[]> before = files();
    // When
    LockDirectory again = open(NOW.plus(Duration.ofDays(330)));
    // Then
    assertThat(files()).containsExactlyInAnyOrderEntriesOf(before);
    assertThat(again.login("a")).isEqualTo(directory.login("a"));
    assertThat(said).isEmpty();
    assertThat(SAID)
        .singleElement()
        .asString()
        .startsWith("made certificates")
        .endsWith("authority.pem");
  }

  @Test
  void shouldMakeAnewWhatEndsSoonIsLostOrIsAnothers() throws Exception {
    // Given
    String authority = Files.readString(directory.authority());
    Path kafka = data.resolve("locked/kafka.p12");
    byte[] old = Files.readAllBytes(kafka);
    // When: certificates have less than 30 days left
    LockDirectory renewed = open(NOW.plus(Duration.ofDays(336)));
    // Then: passwords stay
    assertThat(Files.readString(renewed.authority())).isNotEqualTo(authority);
    assertThat(said).singleElement().asString().contains("ended on ", "new ones");
    assertThat(renewed.login("a")).isEqualTo(directory.login("a"));
    // When: one is of an older authority, and a login is lost
    Files.write(kafka, old);
    Files.delete(directory.login("a").file());
    LockDirectory again = open(NOW);
    // Then
    assertThat(said).hasSize(2).last().asString().startsWith("made certificates");
    assertThat(again.login("a").kafka()).isNotEqualTo(directory.login("a").kafka());
    assertThat(again.login("b")).isEqualTo(directory.login("b"));
    assertThat(open(NOW).login("a")).isEqualTo(again.login("a"));
    assertThat(said).hasSize(2);
  }

  /** A kill while certificates are made leaves the keystore that holds the authority's key. */
  @Test
  void shouldDeleteTheAuthoritysKeyThatAKillHasLeft() throws Exception {
    // Given
    Map<Path, byte[]> before = files();
    for (String left : List.of(Certificates.MAKING, "kafka.p12.new")) {
      Files.writeString(data.resolve("locked").resolve(left), "a key");
    }
    // When
    open(NOW);
    // Then
    assertThat(files()).containsExactlyInAnyOrderEntriesOf(before);
    assertThat(said).isEmpty();
  }

  @Test
  void shouldShowNoPassword() {
    Login login = directory.login("a");
    assertThat(login.kafka()).hasSize(43).isNotEqualTo(login.registry());
    assertThat(List.of(login, directory.broker("a"), directory.registry(List.of("a", "b"), "a")))
        .asString()
        .doesNotContain(login.kafka(), login.registry());
    assertThatThrownBy(() -> directory.registry(List.of("b"), "a")).hasMessageContaining("'a'");
    assertThatThrownBy(() -> directory.login("c")).hasMessageContaining("'c'");
  }

  private Map<Path, byte[]> files() throws Exception {
    Map<Path, byte[]> all = new HashMap<>();
    try (Stream<Path> files = Files.list(data.resolve("locked"))) {
      for (Path each : files.toList()) {
        all.put(each, Files.readAllBytes(each));
      }
    }
    return all;
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
