package io.sallyport.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        "/v1/images/upscales",
        "/v1/images/edit",
        "/images/edits",
        "/v1/chat/completions",
        "/images/generations",
      })
  void knowsNoOtherPath(String path) {
    assertThat(Samples.IMAGES.match("GET", path)).isInstanceOf(RouteMatch.UnknownRoute.class);
    assertThat(Samples.IMAGES.match("POST", path)).isInstanceOf(RouteMatch.UnknownRoute.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'/a/{b,c}/d', /a/b/d, true",
    "'/a/{b,c}/d', /a/x/d, false",
    "/m/{name}:go, /m/x:go, true",
    "/m/{name}:go, /m/:go, false",
    "/m/{name}:go, /m/x:y:go, false",
    "/m/{name}:go, /m/x:stop, false",
    "'/m/{name}:{go,stop}', /m/x:stop, true",
    "/m/{name}, /m/x:stop, true",
    "/a/**, /a, true",
    "/a/**, /a/b/c, true",
    "/a/**, /ab, false",
    "/**, /, true",
    "/**, /x/y, true",
    "'{base}/x', /v1/x, true",
    "'{base}/x', /d/any/x, true",
    "'{base}/x', /x, false",
  })
  void readsPatterns(String written, String path, boolean matches) {
    List<PathPattern> patterns =
        PathPattern.parse(
            written,
            List.of("/v1", "/d/{name}"),
            problem -> {
              throw new AssertionError(problem);
            });
    List<String> segments = PathPattern.split(path).orElseThrow();
    assertThat(patterns.stream().anyMatch(it -> it.matches(segments))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/{x}, /a/b, true",
    "/a/b, /a/{x}, false",
    "/a/{x}, /a/{y}:go, true",
    "/a/{x}:go, /a/{y}, false",
    "/a/{x}:go, /a/b:go, true",
    "/a/**, /a/b/**, true",
    "/a/**, /a, true",
    "/a/b/**, /a/**, false",
    "/a, /a/**, false",
    "/**, /a/{x}/**, true",
  })
  void knowsWhichPatternCoversWhich(String wide, String narrow, boolean covers) {
    assertThat(pattern(wide).covers(pattern(narrow))).isEqualTo(covers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a/**/b", "/a**", "/a/{x}/{x}", "/{rest}", "/a/x{y}", "/a/{y}go", "/<a>"})
  void refusesWhatIsNoPattern(String written) {
    List<String> problems = new ArrayList<>();
    PathPattern.parse(written, List.of(""), problems::add);
    assertThat(problems).isNotEmpty();
  }

  @Test
  void capturesWhatStandsAtTheNames() {
    PathPattern pattern = pattern("/p/{project}/m/{model}:go");
    assertThat(pattern.captures(PathPattern.split("/p/a/m/b-1:go").orElseThrow()))
        .isEqualTo(Map.of("project", "a", "model", "b-1"));
    assertThat(pattern("/m/**").captures(PathPattern.split("/m/org/name").orElseThrow()))
        .isEqualTo(Map.of("rest", "org/name"));
    assertThat(pattern("/m/**").captures(PathPattern.split("/m").orElseThrow())).isEmpty();
  }

  private static PathPattern pattern(String written) {
    return PathPattern.parse(
            written,
            List.of(""),
            problem -> {
              throw new AssertionError(problem);
            })
        .getFirst();
  }

  @Test
  void findsTheRouteOfAType() {
    RouteMatch json = Samples.IMAGES.match("POST", "/v1/images/edits", "application/json");
    assertThat(((RouteMatch.Found) json).route().id()).isEqualTo("edit-json");
    RouteMatch form = Samples.IMAGES.match("POST", "/v1/images/edits", Forms.TYPE);
    assertThat(((RouteMatch.Found) form).route().id()).isEqualTo("edit-form");
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
