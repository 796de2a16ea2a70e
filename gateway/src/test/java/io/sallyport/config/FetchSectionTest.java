package io.sallyport.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.config.GatewayConfig.Fetch;
import io.sallyport.fetch.HostPattern;
import io.sallyport.yaml.Problem;
import io.sallyport.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration may say of fetching, and what it may not. */
class FetchSectionTest {
  private static final String MINIMAL =
      "upstream: {url: \"http://127.0.0.1:7070\"}\npolicies: {dir: policies}\n";

  @TempDir Path dir;

  private Fetch fetch(String yaml, Problems problems) throws Exception {
    Path file = dir.resolve("sallyport.yaml");
    Files.writeString(file, MINIMAL + yaml);
    return ConfigLoader.read(file, problems).orElseThrow().fetch();
  }

  @Test
  void byDefaultNothingMayBeFetched() throws Exception {
    Problems problems = new Problems();
    Fetch fetch = fetch("", problems);
    assertThat(problems.list()).isEmpty();
    assertThat(fetch.rules().hosts()).isEmpty();
    assertThat(fetch.rules().privates()).isEmpty();
    assertThat(fetch.rules().plainHttp()).isEmpty();
    assertThat(fetch.rules().ports()).isEqualTo(Set.of(443));
  }

  @Test
  void readsWhatMay() throws Exception {
    Problems problems = new Problems();
    Fetch fetch =
        fetch(
            "fetch: {allow_hosts: [cdn.example, '*.store.example'], allow_private:"
                + " [127.0.0.1/32, 'fd00::/8'], plain_http: [cdn.example], ports: [80, 8443]}",
            problems);
    assertThat(problems.list()).isEmpty();
    assertThat(fetch.rules().hosts())
        .isEqualTo(
            List.of(new HostPattern("cdn.example", false), new HostPattern("store.example", true)));
    assertThat(fetch.rules().privates()).hasSize(2);
    assertThat(fetch.rules().plainHttp()).containsExactly("cdn.example");
    assertThat(fetch.rules().ports()).isEqualTo(Set.of(80, 8443));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fetch: {allow_hosts: ['*']}                 | expected a host's name in lower case",
        "fetch: {allow_hosts: ['*.example']}         | expected a host's name in lower case",
        "fetch: {allow_hosts: [10.0.0.1]}            | expected a host's name in lower case",
        "fetch: {allow_hosts: ['https://a.example']} | expected a host's name in lower case",
        "fetch: {allow_hosts: cdn.example}           | expected a list",
        "fetch: {allow_private: [0.0.0.0/0]}         | expected a private network",
        "fetch: {allow_private: ['::/0']}            | expected a private network",
        "fetch: {allow_private: [8.8.8.8/32]}        | expected a private network",
        "fetch: {allow_private: [169.254.169.254/32]} | expected a private network",
        "fetch: {allow_private: [127.0.0.1]}         | expected a private network",
        "fetch: {allow_private: [127.0.0.1/8]}       | expected a private network",
        "fetch: {allow_private: [localhost]}         | expected a private network",
        "fetch: {plain_http: [a.example]}            | plain_http is for private hosts",
        "fetch: {plain_http: ['*.a.example'], allow_private: [10.0.0.0/8]} | one host's name",
        "fetch: {ports: [0]}                         | expected a whole number",
        "fetch: {hosts: []}                          | fetch.hosts: unknown key"
      })
  void refusesTheRest(String yaml, String problem) throws Exception {
    Problems problems = new Problems();
    fetch(yaml, problems);
    assertThat(problems.list().stream().map(Problem::message)).anyMatch(it -> it.contains(problem));
  }
}
