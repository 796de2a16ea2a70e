package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors that ask what else stands in an object. */
class PredicateTest {
  private static final Dialect TOY =
      Dialect.parse(
              "toy.yaml",
              """
              dialect: toy
              routes:
                - id: make
                  match: {method: POST, path: /make, type: application/json}
                  effect: generate
                  reply: out
                  text:
                    - {sel: "/m/*[role=user]/text", role: positive}
                    - {sel: "/m/*[role=user]/parts/*[type=text]/text", role: style}
                    - {sel: "/m/*/text", role: context}
                    - {sel: "/w/*[weight<0]/text", role: negative}
                    - {sel: "/two/*[a=1][b=true]/text", role: style}
                    - {sel: "/one[kind={x,y}]/text", role: style}
              replies:
                out:
                  - when: {status: 2xx, type: application/json}
                    images: [{sel: "/out/*[type=picture]/result", as: base64}]
              block: {input: {status: 400, json: {}}, output: {status: 400, json: {}}}
              error: {json: {}}
              """
                  .getBytes(UTF_8),
              new Problems())
          .orElseThrow();

  private static final Route MAKE = Samples.route(TOY, "POST", "/make");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'m':[{'role':'user','text':'a dog'}]}|positive",
        "{'m':[{'text':'a dog','role':'user'}]}|positive",
        "{'m':[{'text':'a dog','x':{'role':'tool'},'role':'user'}]}|positive",
        "{'m':[{'text':'a dog','r\\u006fle':'us\\u0065r'}]}|positive",
        "{'m':[{'text':'a dog','role':'tool'}]}|context",
        "{'m':[{'text':'a dog','x':{'role':'user'}}]}|context",
        "{'m':[{'text':'a dog','role':null}]}|context",
        "{'m':[{'text':'a dog','role':['user']}]}|context",
        "{'m':[{'text':'a dog'}]}|context",
        "{'m':{'a':{'text':'a dog','role':'user'}}}|positive",
        "{'m':[{'parts':[{'text':'a dog','type':'text'}],'role':'user'}]}|style",
        "{'m':[{'parts':[{'text':'a dog','type':'other'}],'role':'user'}]}|unknown",
        "{'m':[{'parts':[{'text':'a dog','type':'text'}],'role':'x'}]}|unknown",
        "{'w':[{'text':'a dog','weight':-1}]}|negative",
        "{'w':[{'text':'a dog','weight':-0.25e-1}]}|negative",
        "{'w':[{'text':'a dog','weight':1}]}|unknown",
        "{'w':[{'text':'a dog','weight':-0.0}]}|unknown",
        "{'w':[{'text':'a dog','weight':'-1'}]}|unknown",
        "{'w':[{'text':'a dog','weight':'<0'}]}|unknown",
        "{'two':[{'a':1,'text':'a dog','b':true}]}|style",
        "{'two':[{'b':true,'text':'a dog','a':'1'}]}|style",
        "{'two':[{'b':false,'text':'a dog','a':1}]}|unknown",
        "{'one':{'text':'a dog','kind':'y'}}|style",
        "{'one':{'text':'a dog','kind':'z'}}|unknown",
      })
  void tellsRolesBySiblings(String json, String role) {
    Reading reading =
        TOY.readRequest(
            MAKE, "application/json", json.replace('\'', '"').getBytes(UTF_8), limits());
    assertThat(((Reading.Parts) reading).texts())
        .filteredOn(text -> text.value().equals("a dog"))
        .extracting(text -> text.role().wire())
        .containsExactly(role);
  }

  /** A client and the gateway could each take another one of two members. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'out':[{'type':'picture','result':'iVBORw0KGgo='}]}|parts",
        "{'out':[{'result':'iVBORw0KGgo=','type':'picture'}]}|parts",
        "{'out':[{'type':'picture','result':'iVBORw0KGgo=','type':'other'}]}|duplicate_key /out/0",
        "{'out':[{'type':'other','result':'iVBORw0KGgo=','type':'picture'}]}|duplicate_key /out/0",
        "{'out':[{'type':'picture','result':'iVBORw0KGgo=','x':}]}|malformed_json /out/0",
      })
  void refusesAReplyThatSaysTwiceWhatItIs(String json, String expected) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    Reading reading = TOY.readReply(MAKE, 200, "application/json", body, body.length, limits());
    assertThat(Samples.outcome(reading)).isEqualTo(expected);
  }

  @Test
  void sweepsAnImageInAnObjectThatIsNoneOfItsKind() {
    byte[] body =
        ("{\"out\":[{\"type\":\"other\",\"result\":\"" + Samples.PNG + "\"}]}").getBytes(UTF_8);
    Reading reading = TOY.readReply(MAKE, 200, "application/json", body, body.length, limits());
    assertThat(Samples.outcome(reading)).isEqualTo("unclaimed_image /out/0/result");
  }

  @Test
  void staysCalmOnMutations() {
    byte[] good =
        "{\"m\":[{\"text\":\"a dog\",\"x\":{\"role\":1},\"role\":\"user\"}],\"two\":[{\"a\":1}]}"
            .getBytes(UTF_8);
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 5_000; i++) {
      byte[] body = good.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      assertThat(TOY.readRequest(MAKE, "application/json", body, limits())).isNotNull();
      assertThat(TOY.readReply(MAKE, 200, "application/json", body, body.length, limits()))
          .isNotNull();
    }
  }

  @Test
  void doesNotLookThroughABodyOnceForEachOfItsLevels() {
    assertThat(problems("/**/x[a=1]/y")).hasSize(1);
    assertThat(problems("/a[b=1]/**/x")).isEmpty();
  }

  private static List<String> problems(String selector) {
    List<String> problems = new java.util.ArrayList<>();
    Selector.parse(selector, problems::add);
    return problems;
  }

  private static ReadLimits limits() {
    return ReadLimits.defaults();
  }
}
