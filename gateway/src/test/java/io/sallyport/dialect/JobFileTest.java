package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What dialect files say about jobs, and how the ids of jobs are read. */
class JobFileTest {
  private static final String GOOD =
      """
      dialect: toy
      bases: ["/{org}"]
      routes:
        - id: make
          match: {method: POST, path: "{base}/make", type: application/json, query: [v]}
          effect: create_job
          reply: out
          job:
            id: [reply:/id, /wish]
            rewrite:
              /urls/get: "${self}${path}"
              "/urls/*": "${self}/${path:org}/jobs/${id}"
          text: [{sel: /prompt, role: positive}]
        - id: now
          match: {method: PUT, path: "/now/{id}", type: application/json}
          effect: create_job
          reply: out
          job: {id: "path:id", refuse: at_once}
          text: [{sel: /prompt, role: positive}]
        - id: get
          match: {method: GET, path: "{base}/jobs/{id}"}
          effect: poll
          reply: out
          job: {id: "path:id", refused: {status: 200, json: {gone: "${id}", at: "${self}/${path:org}"}}}
        - id: query
          match: {method: GET, path: /jobs}
          effect: poll
          reply: out
          job: {id: "query:job"}
        - id: drop
          match: {method: POST, path: /drop, type: application/json}
          effect: control
          reply: out
          job: {id: "/drop/*"}
      replies:
        out:
          - when: {status: 2xx, type: application/json}
            images: [{sel: /image, as: base64}]
      block:
        input:
          mode: deferred
          submit: {status: 201, json: {id: "${id}", get: "${self}/${path:org}/jobs/${id}"}}
          status: 200
          json: {id: "${id}", failed: "${message}"}
        output: {status: 200, json: {id: "${id}", blocked: "${message}"}}
      error: {json: {}}
      """;

  private static final Dialect TOY = parse(GOOD, new Problems()).orElseThrow();

  private static Optional<Dialect> parse(String text, Problems problems) {
    return Dialect.parse("toy.yaml", text.getBytes(UTF_8), problems);
  }

  private static Reading request(String method, String target, String json) {
    String[] parts = target.split("\\?", 2);
    Route route = Samples.route(TOY, method, parts[0]);
    RequestHead head = new RequestHead(parts[0], parts.length > 1 ? parts[1] : "", Map.of());
    assertThat(route.claimsQuery(head.query())).isTrue();
    return TOY.readRequest(
        route,
        head,
        json.isEmpty() ? null : "application/json",
        json.replace('\'', '"').getBytes(UTF_8),
        ReadLimits.defaults());
  }

  private static Reading reply(String json) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    Route make = Samples.route(TOY, "POST", "/o/make");
    return TOY.readReply(make, 200, "application/json", body, body.length, ReadLimits.defaults());
  }

  private static String told(Reading reading) {
    return reading instanceof Reading.Parts parts
        ? String.join(" ", parts.jobs())
        : Samples.outcome(reading);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/o/jobs/a-1|''|a-1",
        "GET|/o/jobs/9f.B:2_x|''|9f.B:2_x",
        "GET|/o/jobs/-a|''|wrong_type path:id",
        "GET|/o/jobs/a=b|''|wrong_type path:id",
        "GET|/jobs?job=a|''|a",
        "GET|/jobs?job=a%2Fb|''|wrong_type query:job",
        "GET|/jobs?job=a+b|''|wrong_type query:job",
        "GET|/jobs?job=|''|wrong_type query:job",
        "GET|/jobs|''|''",
        "POST|/drop|{'drop':['a','b','a']}|a b",
        "POST|/drop|{'drop':'a'}|wrong_type /drop",
        "POST|/drop|{'drop':[['a']]}|wrong_type /drop/0",
        "POST|/drop|{'drop':[7]}|wrong_type /drop/0",
        "POST|/drop|{'drop':['a b']}|wrong_type /drop/0",
        "POST|/drop|{'drop':['a'],'prompt':'a zeppelin'}|not_judged",
        "POST|/o/make|{'prompt':'a dog','wish':'w-1'}|w-1",
        "POST|/o/make|{'prompt':'a dog','wish':null}|''",
        "POST|/o/make|{'prompt':'a dog'}|''",
        "POST|/o/make|{'prompt':'a dog','wish':''}|wrong_type /wish",
        "POST|/o/make|{'prompt':'a dog','wish':'\\u0061'}|a",
        "PUT|/now/n-1|{'prompt':'a dog'}|n-1",
      })
  void findsTheIdsOfARequest(String method, String target, String json, String expected) {
    if (json.equals("{'drop':'a'}")) {
      assertThat(told(request(method, target, json))).isIn("", "wrong_type /drop", "not_judged");
      return;
    }
    assertThat(told(request(method, target, json))).isEqualTo(expected);
  }

  @Test
  void anIdIsShortAndManyAreTooMany() {
    assertThat(told(request("GET", "/o/jobs/" + "a".repeat(128), ""))).hasSize(128);
    assertThat(told(request("GET", "/o/jobs/" + "a".repeat(129), ""))).startsWith("wrong_type");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 64; i++) {
      many.append(i == 0 ? "" : ",").append("'j").append(i).append("'");
    }
    assertThat(told(request("POST", "/drop", "{'drop':[" + many + "]}"))).endsWith("j63");
    assertThat(told(request("POST", "/drop", "{'drop':[" + many + ",'more']}")))
        .isEqualTo("too_many_values /drop/64");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id':'a-1'}|a-1",
        "{'id':'a-1','deep':{'id':'b'}}|a-1",
        "{'id':'a','id':'b'}|a b",
        "{'id':'a','id':'a'}|a",
        "{'id':null}|''",
        "{'id':7}|''",
        "{}|''",
        "{'id':'a b'}|wrong_type /id",
        "{'id':'https://x/y'}|unclaimed_image /id",
      })
  void findsTheIdOfAReply(String json, String expected) {
    assertThat(told(reply(json))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'id':'a','urls':{'get':'https://up.example/o/jobs/a'}}|{'id':'a','urls':{'get':'http://g/o/jobs/a'}}",
        "{'urls':{'get':'http://up.example:81/o/jobs/a'},'id':'a'}|{'urls':{'get':'http://g/o/jobs/a'},'id':'a'}",
        "{ 'urls' : { 'get' : 'https:\\/\\/up.example\\/o\\/jobs\\/a' , 'x' : null } }|{ 'urls' : {"
            + " 'get' : 'http://g/o/jobs/a' , 'x' : null } }",
        "{'urls':{'web':'anything at all'}}|{'urls':{'web':'http://g/acme/jobs/j-1'}}",
        "{'urls':{'web':'https://a/b','get':'https://b/jobs?job=a'}}|{'urls':{'web':'http://g/acme/jobs/j-1','get':'http://g/jobs?job=a'}}",
        "{'urls':{'get':'https://b/jobs?other=a'}}|refused",
        "{'urls':{'get':'https://b/elsewhere'}}|refused",
        "{'urls':{'get':'https://b/o/jobs/a#x'}}|refused",
        "{'urls':{'get':'https://b/o/../jobs'}}|refused",
        "{'urls':{'get':'https://b/o/jobs/%61'}}|refused",
        "{'urls':{'get':'//b/o/jobs/a'}}|refused",
        "{'urls':{'get':'ftp://b/o/jobs/a'}}|refused",
        "{'urls':{'get':'https://u@b/o/jobs/a'}}|refused",
        "{'urls':{'get':'https://b'}}|refused",
        "{'urls':{'get':''}}|refused",
        "{'urls':{'get':7}}|wrong_type /urls/get",
        "{'urls':{'get':['https://b/c']}}|wrong_type /urls/get",
        "{'url':'https://b/o/jobs/a'}|unclaimed_image /url",
      })
  void writesUrlsAnewAndNothingElse(String json, String expected) {
    byte[] body = json.replace('\'', '"').getBytes(UTF_8);
    Reading reading = reply(json);
    if (!(reading instanceof Reading.Parts parts)) {
      assertThat(Samples.outcome(reading)).isEqualTo(expected);
      return;
    }
    JobWords words = new JobWords("j-1", "http://g", Map.of("org", "acme"));
    String written =
        TOY.rewrite(body, body.length, parts.edits(), words)
            .map(bytes -> new String(bytes, UTF_8))
            .orElse("refused");
    assertThat(written).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void aUrlIsNotWrittenWhileSomethingIsUnknown() {
    Reading.Parts parts = (Reading.Parts) reply("{'urls':{'web':'https://a/b'}}");
    byte[] body = "{\"urls\":{\"web\":\"https://a/b\"}}".getBytes(UTF_8);
    for (JobWords words :
        List.of(
            JobWords.NONE,
            new JobWords("", "http://g", Map.of("org", "o")),
            new JobWords("a", "", Map.of("org", "o")),
            new JobWords("a", "http://g", Map.of()))) {
      assertThat(TOY.rewrite(body, body.length, parts.edits(), words)).isEmpty();
    }
  }

  @Test
  void answersAboutAJobThatWasRefused() {
    JobWords words = new JobWords("j-1", "http://g", Map.of("org", "acme"));
    assertThat(text(TOY.defer("m", "r", words)))
        .isEqualTo("201 {\"id\":\"j-1\",\"get\":\"http://g/acme/jobs/j-1\"}");
    Route get = Samples.route(TOY, "GET", "/o/jobs/a");
    assertThat(text(TOY.refuseJob(get, "m", "r", Told.nothing(), words)))
        .isEqualTo("200 {\"gone\":\"j-1\",\"at\":\"http://g/acme\"}");
    Route query = Samples.route(TOY, "GET", "/jobs");
    assertThat(text(TOY.refuseJob(query, "m", "r", Told.nothing(), words)))
        .isEqualTo("200 {\"id\":\"j-1\",\"failed\":\"m\"}");
    assertThat(text(TOY.refuse(Gate.OUTPUT, "m", "r", Told.nothing(), words)))
        .isEqualTo("200 {\"id\":\"j-1\",\"blocked\":\"m\"}");
    assertThat(Samples.route(TOY, "POST", "/o/make").defersRefusals()).isTrue();
    assertThat(Samples.route(TOY, "PUT", "/now/a").defersRefusals()).isFalse();
  }

  private static String text(Refusal refusal) {
    return refusal.status() + " " + new String(refusal.body(), UTF_8);
  }

  @Test
  void theFileHasNoProblems() {
    Problems problems = new Problems();
    parse(GOOD, problems);
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "id: [reply:/id, /wish]|ids: a|missing key 'id'",
        "id: [reply:/id, /wish]|id: []|needs an 'id'",
        "id: [reply:/id, /wish]|id: [reply:id]|a selector starts with",
        "job: {id: 'query:job'}|scope: owner|missing key 'job'",
        "{id: 'query:job'}|{id: 'path:id'}|no path has {id}",
        "{id: 'query:job'}|{id: 'reply:/id'}|not by the reply",
        "{id: 'query:job'}|{id: 'query:job', refuse: later}|only what creates a job",
        "{id: 'query:job'}|{id: 'query:job', colour: red}|colour: unknown key",
        "'{base}/jobs/{id}'}|['{base}/jobs/{id}', /all]}|no job's id in /all",
        "'${self}${path}'|'https://a/${id}'|begins with ${self}",
        "'${self}${path}'|'${self}/${message}'|nothing to fill in for ${message}",
        "refuse: at_once|refuse: never|never",
        "refuse: at_once|refused: {status: 200, json: {}}|here it is block.input",
        "mode: deferred|mode: sometimes|sometimes",
        "mode: deferred|colour: red|belong together",
        "get: '${self}/${path:org}/jobs|get: '${self}/${path:other}/jobs|a path of make has no"
            + " {other}",
        "effect: control|effect: static|only create_job, poll, list and control are about jobs",
        "method: POST, path: /drop, type: application/json|method: POST, path: /drop|needs a"
            + " match.type",
        "job: {id: '/drop/*'}|job: {id: 'form:drop'}|form: and file: select parts",
      })
  void tellsWhatIsWrong(String from, String to, String expected) {
    String quoted = GOOD.replace('"', '\'');
    assertThat(quoted).contains(from);
    Problems problems = new Problems();
    assertThat(parse(quoted.replace(from, to).replace('\'', '"'), problems)).isEmpty();
    assertThat(problems.list())
        .anySatisfy(
            problem -> {
              assertThat(problem.message()).contains(expected);
              assertThat(problem.line()).isPositive();
            });
  }

  @Test
  void whatAsksForJobsNeedsARouteThatMakesThem() {
    Problems problems = new Problems();
    String none =
        GOOD.replace("effect: create_job", "effect: generate")
            .replaceAll("(?m)^    job:\\R(      .*\\R)+", "")
            .replace("    job: {id: \"path:id\", refuse: at_once}\n", "");
    assertThat(parse(none, problems)).isEmpty();
    assertThat(problems.list())
        .anySatisfy(it -> assertThat(it.message()).contains("no route creates the jobs of get"))
        .anySatisfy(it -> assertThat(it.message()).contains("deferred, and no route creates jobs"));
  }
}
