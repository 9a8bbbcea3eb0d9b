package io.countermand.platform.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server's certificate with its key, and by whom its clients know it.
 *
 * @param keystore PKCS12, with one entry
 * @param password of keystore and key
 * @param authority PEM, public
 */
public record ServerTls(Path keystore, String password, Path authority) {

  /** Kafka's settings of whoever connects. */
  public Map<String, String> client() {
    return Map.of(
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        authority.toAbsolutePath().toString());
  }

  /** Kafka's settings of whoever listens; they hold the password. */
  public Map<String, String> server() {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        keystore.toAbsolutePath().toString(),
        "ssl.keystore.password",
        password);
  }

  /**
   * Believes this authority and no other.
   *
   * @throws IllegalStateException if it cannot be read
   */
  public SSLSocketFactory sockets() {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(authority + " is no certificate: " + e, e);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "ServerTls[" + keystore + "]";
  }
}
