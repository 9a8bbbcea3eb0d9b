package io.countermand.observe.otlp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What an export reads of files; what is wrong is told without what stands there. */
public final class OtlpFiles {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{1,8000}");

  private OtlpFiles() {}

  /**
   * Headers of each request, by name.
   *
   * @param file lines of NAME=VALUE
   * @throws IllegalStateException if it cannot be read, or holds what is no header
   */
  public static Map<String, String> headers(Path file) {
    var lines = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      lines.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("the file of headers cannot be read" + kind(e), e);
    }
    Map<String, String> headers = new TreeMap<>();
    for (String name : lines.stringPropertyNames()) {
      String value = lines.getProperty(name, "").strip();
      if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
        throw new IllegalStateException(
            "the file of headers holds what is no header: lines of NAME=VALUE in ASCII");
      }
      headers.put(name, value);
    }
    return headers;
  }

  /**
   * The file's bytes: certificates, one at least.
   *
   * @throws IllegalStateException if it cannot be read, or is something else
   */
  public static byte[] authorities(Path file) {
    try {
      byte[] pem = Files.readAllBytes(file);
      var factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificates(new ByteArrayInputStream(pem)).isEmpty()) {
        throw new IllegalStateException("the file of authorities holds no certificate");
      }
      return pem;
    } catch (IOException | CertificateException e) {
      throw new IllegalStateException("the file of authorities cannot be read" + kind(e), e);
    }
  }

  private static String kind(Exception e) {
    return " (" + e.getClass().getSimpleName() + ")";
  }
}
