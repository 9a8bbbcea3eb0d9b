package io.countermand.venues.http.transport;

import io.countermand.venues.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Own authorities and client certificates, from files. */
public final class TlsContext {

  private TlsContext() {}

  /**
   * Reads the files.
   *
   * @param authorities certificates in PEM, trusted instead of the JDK's; null: the JDK's
   * @param client PKCS #12 with key and certificate of ours; null: none is shown
   * @param password of that file; null: none
   * @throws IllegalArgumentException saying which file is no good, not what is in it
   */
  public static SSLContext of(
      @Nullable Path authorities, @Nullable Path client, @Nullable Secret password) {
    try {
      TrustManagerFactory trust = null;
      if (authorities != null) {
        trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted(authorities));
      }
      KeyManagerFactory keys = null;
      if (client != null) {
        char[] secret = password == null ? new char[0] : password.reveal().toCharArray();
        keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(client, secret), secret);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? null : keys.getKeyManagers(),
          trust == null ? null : trust.getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "certificates cannot be used (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static KeyStore trusted(Path file) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int n = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + n++, each);
      }
      if (n == 0) {
        throw new IllegalArgumentException(file.getFileName() + " holds no certificate");
      }
      return store;
    } catch (IOException e) {
      throw new IllegalArgumentException(file.getFileName() + " cannot be read", e);
    }
  }

  private static KeyStore store(Path file, char[] password) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      return store;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file.getFileName() + " cannot be read, or its password is wrong", e);
    }
  }
}
