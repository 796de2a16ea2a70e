package io.sallyport.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gatling would report its use, warm up at a public host and ask for its newest release. */
class GatlingTest {
  @Test
  void gatlingReportsNothingAndCallsNobody() {
    Config config =
        ConfigFactory.parseResources("gatling.conf")
            .withFallback(ConfigFactory.parseResources("gatling-defaults.conf"))
            .resolve();
    assertThat(config.getBoolean("gatling.data.enableAnalytics")).isFalse();
    assertThat(config.getString("gatling.http.warmUpUrl")).isEmpty();
    assertThat(config.getStringList("gatling.data.writers")).isEmpty();
    // The fallback is there: the keys above are Gatling's own.
    assertThat(config.getInt("gatling.http.dns.queryTimeout")).isPositive();
  }

  @Test
  void itsLookUpOfReleasesEndsAtAProxyThatDoesNotExist() {
    List<String> command = Gatling.command(Path.of("plan"), Path.of("folder"));
    assertThat(command)
        .contains(
            "-Dhttps.proxyHost=127.0.0.1",
            "-Dhttps.proxyPort=9",
            "-Djava.util.prefs.userRoot=folder",
            "-Dio.sallyport.load.plan=plan");
  }
}
