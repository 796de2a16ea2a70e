package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.fetch.HostPattern;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies that name images by URL, and routes that hand images out. */
class LinkPartTest {
  private static final String TOY =
      """
      dialect: toy
      routes:
        - id: make
          match: {method: POST, path: /make, type: application/json}
          effect: generate
          reply: made
          text: [{sel: /prompt, role: positive}]
          images: []
        - id: look
          match: {method: GET, path: "/look/{id}", query: [variant]}
          effect: fetch
          reply: picture
      replies:
        made:
          - when: {status: 2xx, type: application/json}
            images: [{sel: /url, as: url}, {sel: /any, as: auto}, {sel: /data, as: data_uri}]
            fetch: {allow_hosts: [cdn.example, "*.store.example"], before: reply}
        picture:
          - when: {status: "200", type: image/*}
            images: [{sel: body, as: bytes}]
      block:
        input: {status: 400, json: {a: b}}
        output: {status: 400, json: {a: b}}
      error: {json: {a: b}}
      """;

  private static Dialect toy() {
    Problems problems = new Problems();
    return Dialect.parse("toy.yaml", TOY.getBytes(UTF_8), problems)
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  private static Reading reply(String json) {
    Dialect toy = toy();
    byte[] body = json.getBytes(UTF_8);
    return toy.readReply(
        Samples.route(toy, "POST", "/make"),
        200,
        "application/json",
        body,
        body.length,
        ReadLimits.defaults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"url\":\"https://a/x\"}|/url=https://a/x|0",
        "{\"url\":\"https:\\/\\/a\\/x\"}|/url=https://a/x|0",
        "{\"url\":\"/look/1\"}|/url=/look/1|0",
        "{\"url\":\"anything\"}|/url=anything|0",
        "{\"url\":\"data:image/png;base64,AAAA\"}||1",
        "{\"url\":\"DATA:image/png;base64,AAAA\"}||1",
        "{\"url\":\"\"}||0",
        "{\"url\":null}||0",
        "{\"any\":\"https://a/x\"}|/any=https://a/x|0",
        "{\"any\":\"//a/x\"}|/any=//a/x|0",
        "{\"any\":\"data:image/png;base64,AAAA\"}||1",
        "{\"any\":\"AAAA\"}||1"
      })
  void findsLinksWhereTheDialectSaysSo(String json, String links, int images) {
    Reading.Parts parts = (Reading.Parts) reply(json);
    assertThat(
            parts.links().stream()
                .map(link -> link.where() + "=" + link.url())
                .collect(Collectors.joining(" ")))
        .isEqualTo(links == null ? "" : links);
    assertThat(parts.images()).hasSize(images);
  }

  @Test
  void aLinkCarriesTheHostsOfItsReplyAndPrintsNothingOfTheUrl() {
    LinkPart link = ((Reading.Parts) reply("{\"url\":\"https://a/canary\"}")).links().getFirst();
    assertThat(link.hosts())
        .containsExactly(
            new HostPattern("cdn.example", false), new HostPattern("store.example", true));
    assertThat(link).hasToString("LinkPart[/url]");
  }

  @Test
  void whereUrlsAreNotFetchedTheyStillRefuseTheReply() {
    assertThat(Samples.outcome(reply("{\"data\":\"https://a/x\"}"))).isEqualTo("not_judged /data");
    assertThat(Samples.outcome(reply("{\"note\":\"https://a/x\"}")))
        .isEqualTo("unclaimed_image /note");
  }

  @Test
  void linksAndImagesShareOneBound() {
    String many = "{\"url\":\"/look/1\"," + "\"any\":\"AAAA\",".repeat(64) + "\"n\":1}";
    assertThat(Samples.outcome(reply(many))).startsWith("too_many_images");
  }

  @Test
  void aPictureIsReadAsItself() {
    Dialect toy = toy();
    byte[] body = {1, 2, 3, 4};
    Route look = Samples.route(toy, "GET", "/look/1");
    Reading.Parts parts =
        (Reading.Parts) toy.readReply(look, 200, "image/png", body, 3, ReadLimits.defaults());
    assertThat(parts.images()).containsExactly(new ImagePart.Raw(0, 3, "body"));
    for (String type : List.of("text/html", "image", "application/json", "imagex/png")) {
      assertThat(Samples.outcome(toy.readReply(look, 200, type, body, 3, ReadLimits.defaults())))
          .as(type)
          .isEqualTo("content_type content-type");
    }
    assertThat(
            Samples.outcome(toy.readReply(look, 206, "image/png", body, 3, ReadLimits.defaults())))
        .as("a part of a picture")
        .isEqualTo("not_judged status");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fetch: {allow_hosts: [cdn.example, \"*.store.example\"], before: reply}|opaque: []|missing"
            + " key 'fetch'",
        "before: reply}|before: later}|before",
        "[cdn.example,|[Cdn.example,|expected a host's name",
        "[cdn.example,|[\"*.example\",|expected a host's name",
        "[cdn.example,|[10.0.0.1,|expected a host's name",
        "{sel: body, as: bytes}|{sel: /a, as: base64}|replies of images, and no others, claim",
        "{sel: body, as: bytes}|{sel: body, as: url}|bytes are the whole of a reply",
        "type: image/*}|type: [image/*, application/json]}|replies of images, and no others, claim",
        "{sel: /any, as: auto}|{sel: /any, as: bytes}|bytes are the whole of a reply",
        "images: []|images: [{sel: /i, as: url}]|URLs of requests are not followed",
        "images: []|images: [{sel: /i, as: bytes}]|bytes are the whole of a reply",
        "method: GET|method: [GET, POST]|a fetch route is GET",
        "effect: fetch|effect: static|nobody judges the images of a static route",
        "query: [variant]}|type: application/json}|a fetch route has no request body"
      })
  void aWrongFileIsAProblem(String good, String bad, String problem) {
    assertThat(TOY).contains(good);
    Problems problems = new Problems();
    assertThat(Dialect.parse("toy.yaml", TOY.replace(good, bad).getBytes(UTF_8), problems))
        .isEmpty();
    assertThat(problems.list()).anyMatch(it -> it.message().contains(problem));
  }

  @Test
  void anArchiveOfAStaticRouteIsAProblem() {
    Problems problems = new Problems();
    String archive =
        TOY.replace("effect: fetch", "effect: static")
            .replace("type: image/*}", "type: application/zip}")
            .replace("images: [{sel: body, as: bytes}]", "max: 1MiB");
    assertThat(Dialect.parse("toy.yaml", archive.getBytes(UTF_8), problems)).isEmpty();
    assertThat(problems.list())
        .extracting(it -> it.message())
        .singleElement()
        .asString()
        .endsWith("nobody judges the images of a static route");
  }
}
