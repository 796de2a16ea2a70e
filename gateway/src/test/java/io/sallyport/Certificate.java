package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that signs itself, made by the JDK's own keytool. */
public final class Certificate {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path dir;
  private final KeyStore store = KeyStore.getInstance("PKCS12");

  /**
   * Makes one.
   *
   * @param dir a folder of its own
   * @param names its subject alternative names, as keytool spells them
   */
  public Certificate(Path dir, String names) throws Exception {
    this.dir = Files.createDirectories(dir);
    Path file = dir.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=sallyport-test",
                "-ext",
                "san=" + names,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor(1, TimeUnit.MINUTES) && keytool.exitValue() == 0).as(said).isTrue();
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    pem("key.pem", "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
    pem("certificate.pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
  }

  /** PEM file of the key. */
  public Path key() {
    return dir.resolve("key.pem");
  }

  /** PEM file of the certificate. */
  public Path certificate() {
    return dir.resolve("certificate.pem");
  }

  /** For a server that has this certificate and for clients that trust nothing else. */
  public SSLContext context() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, PASSWORD);
    trusted.setCertificateEntry("server", store.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private void pem(String name, String kind, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        dir.resolve(name), "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(kind, base64));
  }
}
