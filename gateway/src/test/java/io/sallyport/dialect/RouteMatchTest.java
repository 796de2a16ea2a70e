package io.sallyport.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteMatchTest {

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/images/generations, generate",
    "POST, /v1/images/edits, edit-form",
    "POST, /v1/images/variations, edit-form",
    "GET, /v1/images/img-1/content, content",
    "GET, /generated-images/x.png, content",
    "GET, /v1/models, models",
    "GET, /v1/models/gpt-image-1, models",
    "GET, /v1/models/a:b@c, models",
  })
  void findsClaimedRoutes(String method, String path, String id) {
    assertThat(Samples.route(Samples.IMAGES, method, path).id()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "v1/models",
        "/v1",
        "/v1/models/",
        "/v1/models/a/b",
        "/v1/Models",
        "/V1/models",
        "//v1/models",
        "/v1//models",
        "/v1/./models",
        "/v1/x/../models",
        "/v1/models/..",
        "/v1/models/.",
        "/v1/%6dodels",
        "/v1/models%2Fa",
        "/v1/models;a=b",
        "/v1\\models",
        "/v1/models/a b",
        "/v1/models/\u0000",
        "/v1/models/\n",
        "/v1/models/é",
        "/v1/models?x",
        "/v1/models#x",
        "*",
        "http://host/v1/models",
        "/v1/images/edit",
        "/images/edits",
        "/v1/chat/completions",
        "/v1/files",
        "/v1/batches",
        "/v1/videos",
        "/images/generations",
      })
  void knowsNoOtherPath(String path) {
    assertThat(Samples.IMAGES.match("GET", path)).isInstanceOf(RouteMatch.UnknownRoute.class);
    assertThat(Samples.IMAGES.match("POST", path)).isInstanceOf(RouteMatch.UnknownRoute.class);
  }

  @Test
  void survivesPathsOfAnyLength() {
    for (String piece : new String[] {"/a", "/", "a", "/.", "%"}) {
      assertThat(Samples.IMAGES.match("GET", piece.repeat(100_000)))
          .isInstanceOf(RouteMatch.UnknownRoute.class);
    }
    assertThat(Samples.IMAGES.match("GET", "/v1/models/" + "a".repeat(100_000)))
        .isInstanceOf(RouteMatch.Found.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "post", "OPTIONS", "POST ", ""})
  void tellsTheMethodsThatWouldDo(String method) {
    assertThat(Samples.IMAGES.match(method, "/v1/images/generations"))
        .isEqualTo(new RouteMatch.WrongMethod(Set.of("POST")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b", "=", "&", "?", "api-version=1", "x"})
  void claimsNoQueryUnlessTheRouteNamesItsKeys(String query) {
    assertThat(Samples.GENERATE.claimsQuery(query)).isFalse();
  }

  @Test
  void takesAnAbsentQuery() {
    assertThat(Samples.GENERATE.claimsQuery(null)).isTrue();
    assertThat(Samples.GENERATE.claimsQuery("")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "api-version=2025-04-01, true",
    "api-version=, true",
    "api-version=1&limit=2, true",
    "limit=1&limit=2, false",
    "limit=%31, false",
    "limit, false",
    "limit=1&, false",
    "other=1, false",
    "limit=a b, false",
  })
  void claimsTheQueryKeysThatARouteNames(String query, boolean claimed) {
    assertThat(new QueryRule(Set.of("api-version", "limit")).claims(query)).isEqualTo(claimed);
  }

  @Test
  void bundlesTheDialectsUnderTheirNames() {
    assertThat(Samples.IMAGES.name()).isEqualTo("openai-images");
    assertThat(Samples.MODERATIONS.name()).isEqualTo("moderations");
    assertThat(Samples.IMAGES.digest()).matches("[0-9a-f]{64}");
    assertThat(Samples.IMAGES.digest()).isNotEqualTo(Samples.MODERATIONS.digest());
    assertThat(Samples.GENERATE.effect()).isEqualTo(Effect.GENERATE);
    assertThat(Samples.GENERATE.contentType()).contains("application/json");
    assertThat(Samples.MODELS.contentType()).isEmpty();
  }
}
