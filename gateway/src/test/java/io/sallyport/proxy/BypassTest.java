package io.sallyport.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.Poll;
import io.sallyport.audit.AuditEvent;
import io.sallyport.policy.Verdict;
import io.sallyport.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way around the gates that api-shapes lists for these APIs, over sockets, one row each: a
 * request that hides its prompt or its image, or has output sent elsewhere, is never forwarded, and
 * a reply that hides an image never leaves. {@link #NAMES} is the list; what is written here about
 * ComfyUI, files that were uploaded and jobs stands in the tests of those.
 *
 * <p>In bodies {@code '} is a quote, {@code ~} a line end, {@code @} a forbidden image in base64.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BypassTest {
  /** The list, by what it is called there. */
  private static final List<String> NAMES =
      List.of(
          "base64 that decoders read differently",
          "both edit body types",
          "charset that is not UTF-8",
          "content type that is not the body's",
          "data URI in a text field",
          "diffusers_kwargs",
          "duplicate fields",
          "duplicate keys",
          "event that calls itself something else",
          "extension object",
          "file that is remembered",
          "filename*",
          "guidance that shows the negative prompt",
          "image in an echo",
          "image in an error",
          "image in an unknown field",
          "infotext",
          "JSON in a string",
          "live preview",
          "localai pipe",
          "NaN and data after the end",
          "output sent elsewhere",
          "part with an encoding",
          "preview in a stream",
          "query that becomes parameters",
          "scripts and their arguments",
          "second reading of a path",
          "sd.cpp tag",
          "shared memory",
          "side door",
          "styles",
          "tensors that hide behind the JSON",
          "text in a file's name",
          "text in an unknown field",
          "text spread over events",
          "URL that the server fetches",
          "UTF-16 JSON",
          "ZIP members");

  private static final String JSON = "application/json";
  private static final String FORM = "multipart/form-data; boundary=b0";
  private static final byte[] RED =
      ("\u0089PNG\r\n\u001a\n" + "all red ".repeat(40)).getBytes(ISO_8859_1);
  private static final byte[] FINE =
      ("\u0089PNG\r\n\u001a\n" + "fine ".repeat(40)).getBytes(ISO_8859_1);
  private static final String BLOCKED = "blocked";

  private static final String OPENAI = "/v1/images/generations";
  private static final String EDITS = "/v1/images/edits";
  private static final String SDAPI = "/sdapi/v1/txt2img";
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";
  private static final String GEMINI = "/v1beta/models/m:generateContent";
  private static final String INFER = "/v2/models/m/infer";
  private static final String STABILITY = "/v2beta/stable-image/generate/core";

  /**
   * One way around.
   *
   * @param outcome {@link #BLOCKED} by a rule, or the label of a refusal
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(String name, String dialect, String target, String type, byte[] body, String outcome) {
    @Override
    public String toString() {
      return name + ": " + dialect + " " + target + ", " + outcome;
    }
  }

  private static Row row(String name, String dialect, String target, String json, String outcome) {
    return new Row(name, dialect, target, JSON, spelled(json), outcome);
  }

  private static Row form(String name, String fields, String outcome) {
    return new Row(name, "openai-images", EDITS, FORM, formed(fields), outcome);
  }

  private static byte[] spelled(String text) {
    return text.replace('\'', '"')
        .replace("@", Base64.getEncoder().encodeToString(RED))
        .replace("~", "\r\n")
        .getBytes(UTF_8);
  }

  /**
   * Parts between {@code |}: a head that goes on after {@code name=}, and what follows {@code ~~}.
   */
  private static byte[] formed(String parts) {
    StringBuilder form = new StringBuilder();
    for (String part : parts.split("\\|")) {
      form.append("--b0~Content-Disposition: form-data; name=").append(part).append('~');
    }
    String text = form.append("--b0--~").toString().replace("~", "\r\n").replace('\'', '"');
    return text.replace("RED", new String(RED, ISO_8859_1))
        .replace("FINE", new String(FINE, ISO_8859_1))
        .getBytes(ISO_8859_1);
  }

  static Stream<Row> requests() {
    return Stream.of(texts(), images(), transports(), forms(), doors()).flatMap(it -> it);
  }

  /** Prompts where nobody might look. */
  private static Stream<Row> texts() {
    String tag = "a house <sd_cpp_extra_args>{\\'prompt\\':\\'a tree\\'}</sd_cpp_extra_args>";
    return Stream.of(
        row(
            "sd.cpp tag",
            "openai-images",
            OPENAI,
            "{'prompt':'" + tag + "'}",
            "request_not_judged"),
        row(
            "sd.cpp tag",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','negative_prompt':'" + tag.replace("<", "\\u003c") + "'}",
            "request_not_judged"),
        row("sd.cpp tag", "sdapi", SDAPI, "{'prompt':'" + tag + "'}", "request_not_judged"),
        row(
            "sd.cpp tag",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','unknown':'" + tag + "'}",
            "request_not_judged"),
        row("infotext", "sdapi", SDAPI, "{'infotext':'a bicycle\\nSteps: 4'}", BLOCKED),
        row("infotext", "sdapi", SDAPI, "{'prompt':'a house','infotext':'a bicycle'}", BLOCKED),
        row("styles", "sdapi", SDAPI, "{'prompt':'a house','styles':['a bicycle']}", BLOCKED),
        row(
            "scripts and their arguments",
            "sdapi",
            SDAPI,
            "{'prompt':'a','alwayson_scripts':{'ADetailer':{'args':[{'ad_prompt':'a bicycle'}]}}}",
            BLOCKED),
        row(
            "scripts and their arguments",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','script_args':[1,['a bicycle']]}",
            BLOCKED),
        row("localai pipe", "openai-images", OPENAI, "{'prompt':'a house|a bicycle'}", BLOCKED),
        row(
            "guidance that shows the negative prompt",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','negative_prompt':'a bicycle','guidance_scale':0.5}",
            BLOCKED),
        row(
            "guidance that shows the negative prompt",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','negative_prompt':'a bicycle','cfg_scale':-1}",
            BLOCKED),
        row(
            "text in an unknown field",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','prompt_2':['a bicycle']}",
            BLOCKED),
        row(
            "text in an unknown field",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','a bicycle on a beach':1}",
            BLOCKED),
        row(
            "text in an unknown field",
            "gemini",
            GEMINI,
            "{'contents':[{'parts':[{'text':'a house'}]}],'system_instruction':{'parts':[{'text':'a"
                + " bicycle'}]}}",
            BLOCKED),
        row(
            "JSON in a string",
            "openai-images",
            EDITS.replace("edits", "generations"),
            "{'prompt':'a house','lora':{'name':'a bicycle'}}",
            BLOCKED),
        row(
            "extension object",
            "openai-chat-images",
            CHAT,
            "{'messages':[{'role':'user','content':'a house'}],'extra_body':{'prompt_2':'a"
                + " bicycle'}}",
            BLOCKED),
        row(
            "extension object",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','extra_params':{'second':{'prompt':'a bicycle'}}}",
            BLOCKED),
        row(
            "diffusers_kwargs",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','diffusers_kwargs':{'prompt':'a tree'}}",
            "request_not_judged"),
        row(
            "diffusers_kwargs",
            "openai-chat-images",
            CHAT,
            "{'messages':[{'content':'a house'}],'extra_body':{'diffusers_kwargs':{}}}",
            "request_not_judged"),
        row(
            "query that becomes parameters",
            "json-to-bytes",
            "/predict?prompt=a+bicycle",
            "{'inputs':'a house'}",
            BLOCKED),
        row(
            "query that becomes parameters",
            "openai-images",
            OPENAI + "?prompt=a",
            "{'prompt':'a house'}",
            "query"),
        row(
            "second reading of a path",
            "vertex",
            "/v1/projects/p/locations/l/publishers/g/models/a-%62icycle:predict",
            "{'instances':[{'prompt':'a house'}]}",
            "unknown_route"),
        row(
            "second reading of a path",
            "openai-images",
            "/v1/images/../images/generations",
            "{'prompt':'a house'}",
            "unknown_route"));
  }

  /** Images where nobody might look. */
  private static Stream<Row> images() {
    return Stream.of(
        row(
            "data URI in a text field",
            "openai-images",
            OPENAI,
            "{'prompt':'data:image/png;base64,@'}",
            "request_unclaimed_image"),
        row(
            "data URI in a text field",
            "openai-images",
            OPENAI,
            "{'prompt':'make this red: DATA:image/png;BASE64,@ please'}",
            "request_unclaimed_image"),
        row(
            "data URI in a text field",
            "openai-chat-images",
            CHAT,
            "{'messages':[{'role':'user','content':'data:image\\/png;base64,@'}]}",
            "request_unclaimed_image"),
        row(
            "data URI in a text field",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','negative_prompt':'data:image/png;base64,@'}",
            "request_unclaimed_image"),
        row(
            "data URI in a text field",
            "kserve-v2",
            INFER,
            "{'inputs':[{'name':'prompt','data':['data:image/png;base64,@']}]}",
            "request_unclaimed_image"),
        row(
            "image in an unknown field",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','pose':'@'}",
            "request_unclaimed_image"),
        row(
            "image in an unknown field",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','alwayson_scripts':{'controlnet':{'args':[{'image':'@'}]}}}",
            BLOCKED),
        row(
            "base64 that decoders read differently",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','init_images':['QU*&JD!!']}",
            "request_bad_base64"),
        row(
            "base64 that decoders read differently",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','init_images':['QUI=QkM=']}",
            "request_bad_base64"),
        row(
            "base64 that decoders read differently",
            "gemini",
            GEMINI,
            "{'contents':[{'parts':[{'inlineData':{'data':'QU-_JDAA'}}]}]}",
            "request_bad_base64"),
        row(
            "URL that the server fetches",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','init_images':['https://a.example/b.png']}",
            "request_not_judged"),
        row(
            "URL that the server fetches",
            "openai-images",
            EDITS,
            "{'prompt':'a house','images':[{'image_url':'//a.example/b.png'}]}",
            "request_not_judged"),
        row(
            "URL that the server fetches",
            "openai-chat-images",
            CHAT,
            "{'messages':[{'content':[{'type':'image_url','image_url':{'url':'http://a.example/b'}}]}]}",
            "request_not_judged"),
        row(
            "URL that the server fetches",
            "gemini",
            GEMINI,
            "{'contents':[{'parts':[{'file_data':{'file_uri':'gs://b'}}]}]}",
            "request_not_judged"),
        row(
            "file that is remembered",
            "openai-images",
            EDITS,
            "{'prompt':'a house','mask':{'file_id':'file-1'}}",
            "unknown_reference"),
        row(
            "file that is remembered",
            "openai-chat-images",
            RESPONSES,
            "{'input':'a house','previous_response_id':'r'}",
            "request_not_judged"),
        row(
            "file that is remembered",
            "gemini",
            GEMINI,
            "{'contents':[],'cachedContent':'c'}",
            "request_not_judged"),
        row(
            "both edit body types",
            "openai-images",
            EDITS,
            "{'prompt':'a bicycle','images':[]}",
            BLOCKED),
        row(
            "both edit body types",
            "openai-images",
            EDITS,
            "{'prompt':'a house','images':[{'image_url':'data:image/png;base64,@'}]}",
            BLOCKED),
        form("both edit body types", "'prompt'~~a bicycle", BLOCKED),
        form("both edit body types", "'prompt'~~a|'image'; filename='a.png'~~RED", BLOCKED),
        form(
            "both edit body types",
            "'prompt'~~a|'image[]'; filename='a'~~FINE|'mask'; filename='b'~~RED",
            BLOCKED));
  }

  /** Bytes that two readers take for two bodies. */
  private static Stream<Row> transports() {
    String hidden = "{\"prompt\":\"a house\"}";
    Stream<Row> wide =
        Stream.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")
            .map(
                charset ->
                    new Row(
                        "UTF-16 JSON",
                        "openai-images",
                        OPENAI,
                        JSON,
                        hidden.getBytes(Charset.forName(charset)),
                        "request_malformed_json"));
    return Stream.concat(
        wide,
        Stream.of(
            typed("charset that is not UTF-8", JSON + "; charset=utf-16", hidden),
            typed("charset that is not UTF-8", JSON + "; charset=latin1", hidden),
            typed("content type that is not the body's", "text/plain", hidden),
            typed(
                "content type that is not the body's",
                "application/x-www-form-urlencoded",
                "prompt=a+house"),
            row(
                "UTF-16 JSON",
                "openai-images",
                OPENAI,
                "\uFEFF{'prompt':'a house'}",
                "request_malformed_json"),
            row(
                "duplicate keys",
                "openai-images",
                OPENAI,
                "{'prompt':'a house','prompt':'a tree'}",
                "request_duplicate_key"),
            row(
                "duplicate keys",
                "openai-images",
                OPENAI,
                "{'prompt':'a house','pr\\u006fmpt':'a tree'}",
                "request_duplicate_key"),
            row(
                "duplicate keys",
                "gemini",
                GEMINI,
                "{'contents':[{'parts':[{'text':'a house','text':'a tree'}]}]}",
                "request_duplicate_key"),
            row(
                "duplicate keys",
                "openai-chat-images",
                CHAT,
                "{'messages':[{'role':'system','content':'a house','role':'user'}]}",
                "request_duplicate_key"),
            row(
                "NaN and data after the end",
                "openai-images",
                OPENAI,
                "{'prompt':'a house','n':NaN}",
                "request_malformed_json"),
            row(
                "NaN and data after the end",
                "openai-images",
                OPENAI,
                "{'prompt':'a house'}{'prompt':'a tree'}",
                "request_malformed_json"),
            row(
                "NaN and data after the end",
                "openai-images",
                OPENAI,
                "{'prompt':'a \\ud800 house'}",
                "request_malformed_json")));
  }

  private static Row typed(String name, String type, String body) {
    return new Row(
        name, "openai-images", OPENAI, type, body.getBytes(UTF_8), "request_content_type");
  }

  private static Stream<Row> forms() {
    return Stream.of(
        form("duplicate fields", "'prompt'~~a house|'prompt'~~a tree", "request_duplicate_key"),
        form(
            "duplicate fields",
            "'mask'; filename='a'~~FINE|'mask'; filename='b'~~FINE",
            "request_duplicate_key"),
        form("filename*", "'prompt'; filename*=UTF-8''x~~a house", "request_malformed_form"),
        form(
            "filename*",
            "'image'; filename='a.png'; filename*=UTF-8''b.txt~~FINE",
            "request_malformed_form"),
        form("text in a file's name", "'image'; filename='a bicycle'~~FINE", BLOCKED),
        form(
            "part with an encoding",
            "'prompt'~Content-Transfer-Encoding: base64~~YSBiaWN5Y2xl",
            "request_part_encoding"),
        form(
            "part with an encoding",
            "'prompt'~Content-Type: text/plain; charset=utf-7~~a house",
            "request_part_encoding"),
        form("JSON in a string", "'prompt'~~a|'lora'~~{'x':'a bic\\u0079cle'}", BLOCKED),
        form("JSON in a string", "'prompt'~~a|'lora[name]'~~a bicycle", BLOCKED),
        form("extension object", "'prompt'~~a|'extra_params'~~{'p':['a bicycle']}", BLOCKED),
        form("diffusers_kwargs", "'prompt'~~a|'diffusers_kwargs'~~{}", "request_not_judged"),
        form(
            "data URI in a text field",
            "'prompt'~~data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
            "request_unclaimed_image"),
        form(
            "URL that the server fetches",
            "'prompt'~~a|'url[]'~~https://a.example/b",
            "request_not_judged"),
        form(
            "image in an unknown field",
            "'prompt'~~a|'pose'; filename='a'~~RED",
            "request_unclaimed_image"),
        new Row(
            "content type that is not the body's",
            "openai-images",
            EDITS,
            JSON,
            formed("'prompt'~~a house"),
            "request_malformed_json"),
        new Row(
            "content type that is not the body's",
            "openai-images",
            EDITS,
            FORM,
            spelled("{'prompt':'a house'}"),
            "request_malformed_form"),
        new Row(
            "text in a file's name",
            "stability-v2",
            STABILITY,
            FORM,
            formed("'prompt'~~a house|'none'; filename='a bicycle'~~"),
            BLOCKED),
        new Row(
            "image in an unknown field",
            "stability-v2",
            STABILITY,
            FORM,
            formed("'prompt'~~a house|'none'; filename='none'~~RED"),
            BLOCKED));
  }

  /** Output that would go around the gateway, and requests that hide in others. */
  private static Stream<Row> doors() {
    return Stream.of(
        row(
            "output sent elsewhere",
            "openai-images",
            OPENAI,
            "{'prompt':'a house','webhook':'https://a.example/b'}",
            "request_not_judged"),
        row(
            "output sent elsewhere",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','save_images':true}",
            "request_not_judged"),
        row(
            "output sent elsewhere",
            "sdapi",
            SDAPI,
            "{'prompt':'a house','send_images':false}",
            "request_not_judged"),
        row(
            "output sent elsewhere",
            "vertex",
            "/vertex_generate",
            "{'instances':[{'prompt':'a house'}],'parameters':{'storageUri':'gs://b'}}",
            "request_not_judged"),
        row(
            "output sent elsewhere",
            "openai-chat-images",
            RESPONSES,
            "{'input':'a house','background':true}",
            "request_not_judged"),
        row("side door", "openai-images", "/v1/batches", "{}", "route_denied"),
        row("side door", "openai-images", "/v1/videos", "{'prompt':'a house'}", "route_denied"),
        row("side door", "sdapi", "/sdapi/v1/options", "{}", "route_denied"),
        row("side door", "sdapi", "/queue/join", "{}", "route_denied"),
        row("side door", "gemini", "/v1beta/batches/b", "{}", "route_denied"),
        row("side door", "kserve-v2", "/v2/models/m/generate", "{}", "route_denied"),
        row("side door", "kserve-v2", "/v2/repository/index", "{}", "route_denied"),
        row("side door", "stability-v2", "/v2beta/image-to-video", "{}", "route_denied"),
        row(
            "shared memory",
            "kserve-v2",
            INFER,
            "{'inputs':[{'name':'prompt','shape':[1],'datatype':'BYTES','parameters':{'shared_memory_region':'r'}}]}",
            "request_not_judged"),
        row("shared memory", "kserve-v2", "/v2/systemsharedmemory/region/r", "{}", "route_denied"));
  }

  /** What is hidden in a reply; its request is harmless. */
  static Stream<Row> replies() throws IOException {
    String echo = "'alwayson_scripts':{'controlnet':{'args':[{'image':'@'}]}}";
    String fine = Base64.getEncoder().encodeToString(FINE);
    return Stream.of(
        row(
            "image in an echo",
            "sdapi",
            SDAPI,
            "{'images':['" + fine + "'],'parameters':{" + echo + "},'info':'{}'}",
            BLOCKED),
        row(
            "image in an echo",
            "sdapi",
            SDAPI,
            "{'images':['" + fine + "'],'info':'{\\'init\\':\\'data:image/png;base64,@\\'}'}",
            "reply_unclaimed_image"),
        row(
            "image in an echo",
            "openai-images",
            OPENAI,
            "{'data':[{'b64_json':'" + fine + "','revised_prompt':'data:image/png;base64,@'}]}",
            "reply_unclaimed_image"),
        row(
            "image in an echo",
            "openai-chat-images",
            RESPONSES,
            "{'output':[],'tools':[{'input_image_mask':{'image_url':'data:image/png;base64,@'}}]}",
            BLOCKED),
        row(
            "image in an unknown field",
            "openai-images",
            OPENAI,
            "{'data':[{'b64_json':'" + fine + "','thumbnail':'@'}]}",
            "reply_unclaimed_image"),
        row(
            "duplicate keys",
            "openai-images",
            OPENAI,
            "{'data':[{'b64_json':'" + fine + "','b64_json':'@'}]}",
            BLOCKED),
        row(
            "URL that the server fetches",
            "openai-images",
            OPENAI,
            "{'data':[{'url':'https://a.example/b.png'}]}",
            "unresolvable_output"),
        new Row("ZIP members", "openai-images", OPENAI, "application/zip", zip(FINE, RED), BLOCKED),
        new Row(
            "ZIP members",
            "openai-images",
            OPENAI,
            "application/zip",
            zip(FINE, "no image".getBytes(UTF_8)),
            "reply_not_judged"),
        new Row(
            "content type that is not the body's",
            "openai-images",
            OPENAI,
            "application/octet-stream",
            RED,
            "reply_content_type"),
        new Row(
            "charset that is not UTF-8",
            "openai-images",
            OPENAI,
            JSON + "; charset=utf-16",
            spelled("{'data':[]}"),
            "reply_content_type"),
        stream(
            "preview in a stream",
            "event: image_generation.partial_image~data: {'b64_json':'@'}~~",
            BLOCKED),
        stream(
            "event that calls itself something else",
            "event: error~data: {'type':'image_generation.completed','b64_json':'@'}~~",
            BLOCKED),
        stream(
            "event that calls itself something else",
            "event: error~data: {'message':'@'}~~",
            "reply_unclaimed_image"),
        stream(
            "event that calls itself something else",
            "event: keepalive~data: {'b64_json':'@'}~~",
            "reply_not_judged"),
        stream("text spread over events", spread(), "reply_unclaimed_image"),
        new Row(
            "event that calls itself something else",
            "openai-chat-images",
            CHAT,
            "text/event-stream",
            spelled("data: {'object':'chat.completion.chunk','choices':[{'delta':{'x':'@'}}]}~~"),
            "reply_unclaimed_image"),
        new Row(
            "event that calls itself something else",
            "openai-chat-images",
            RESPONSES,
            "text/event-stream",
            spelled("event: response.output_text.done~data: {'item':{'result':'@'}}~~"),
            "reply_unclaimed_image"),
        new Row(
            "image in an unknown field",
            "gemini",
            GEMINI.replace("generateContent", "streamGenerateContent") + "?alt=sse",
            "text/event-stream",
            spelled("data: {'candidates':[{'content':{'parts':[{'blob':'@'}]}}]}~~"),
            "reply_unclaimed_image"));
  }

  /** An image in pieces that each look like words. */
  private static String spread() {
    String image = Base64.getEncoder().encodeToString(RED).substring(30);
    StringBuilder stream = new StringBuilder();
    for (int from = 0; from + 20 < image.length(); from += 20) {
      stream
          .append("data: {'object':'image.edit.chunk','delta':'")
          .append(image, from, from + 20)
          .append("'}~~");
    }
    return stream.toString();
  }

  private static Row stream(String name, String events, String outcome) {
    return new Row(name, "openai-images", OPENAI, "text/event-stream", spelled(events), outcome);
  }

  private static byte[] zip(byte[]... members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream packer = new ZipOutputStream(out)) {
      for (int i = 0; i < members.length; i++) {
        packer.putNextEntry(new ZipEntry(i + ".png"));
        packer.write(members[i]);
        packer.closeEntry();
      }
    }
    return out.toByteArray();
  }

  private final Map<String, ProxyHarness> harnesses = new HashMap<>();
  private Path dir = Path.of("");

  @BeforeAll
  void start(@TempDir Path dir) {
    this.dir = dir;
  }

  private ProxyHarness harness(String dialect) throws Exception {
    if (!harnesses.containsKey(dialect)) {
      String config =
          "upstream: {url: \"http://127.0.0.1:%PORT%\", dialect: "
              + dialect
              + "}\nstreams: {previews: judge}\n";
      harnesses.put(dialect, new ProxyHarness(dir.resolve(dialect), config, ProxyHarness.POLICY));
    }
    return harnesses.get(dialect);
  }

  @AfterAll
  void stop() throws Exception {
    for (ProxyHarness harness : harnesses.values()) {
      harness.close();
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void noRequestGoesAround(Row row) throws Exception {
    ProxyHarness harness = harness(row.dialect());
    int sent = harness.upstream.received().size();
    check(harness, row, row.type(), row.body());
    assertThat(harness.upstream.received()).as("forwarded").hasSize(sent);
  }

  @ParameterizedTest
  @MethodSource("replies")
  void noReplyGoesAround(Row row) throws Exception {
    ProxyHarness harness = harness(row.dialect());
    harness.upstream.script((request, connection) -> connection.reply(200, row.type(), row.body()));
    String request =
        switch (row.dialect()) {
          case "openai-chat-images" ->
              row.target().equals(CHAT)
                  ? "{'messages':[{'role':'user','content':'a house'}],'stream':true}"
                  : "{'input':'a house'}";
          case "gemini" -> "{'contents':[{'parts':[{'text':'a house'}]}]}";
          default -> "{'prompt':'a house'}";
        };
    RawClient.Answer answer = check(harness, row, JSON, spelled(request));
    assertThat(answer.text()).doesNotContain(Base64.getEncoder().encodeToString(RED), "all red");
  }

  private static RawClient.Answer check(ProxyHarness harness, Row row, String type, byte[] body)
      throws Exception {
    String label = "sallyport_refusals_total{reason=\"" + row.outcome() + "\"} ";
    double counted = counted(harness, label);
    RawClient.Answer answer;
    try (RawClient client = harness.client()) {
      String head =
          "POST "
              + row.target()
              + " HTTP/1.1\r\nHost: g\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      answer = client.send(head).send(body).read();
    }
    if (row.outcome().equals(BLOCKED)) {
      assertThat(harness.rows().getFirst().event())
          .isInstanceOfSatisfying(
              AuditEvent.Decided.class,
              decided -> assertThat(decided.decision().verdict()).isEqualTo(Verdict.BLOCK));
    } else {
      Poll.until(row.outcome() + " is counted", () -> counted(harness, label) == counted + 1);
    }
    return answer;
  }

  private static double counted(ProxyHarness harness, String label) throws IOException {
    return harness
        .metrics()
        .lines()
        .filter(line -> line.startsWith(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(label.length())))
        .sum();
  }

  /** An image that a server shows while it works, or in what it says went wrong. */
  @Test
  void noOtherReplyGoesAround() throws Exception {
    ProxyHarness sdapi = harness("sdapi");
    sdapi.upstream.script(
        (request, connection) ->
            connection.reply(200, JSON, spelled("{'progress':0.5,'current_image':'@'}")));
    RawClient.Answer preview = sdapi.ask("GET /sdapi/v1/progress HTTP/1.1\r\nHost: g\r\n\r\n");
    assertThat(preview.status()).as("live preview").isEqualTo(502);
    assertThat(sdapi.upstream.received().getLast().line()).contains("skip_current_image=true");
    ProxyHarness openai = harness("openai-images");
    openai.upstream.script(
        (request, connection) ->
            connection.reply(400, JSON, spelled("{'error':{'message':'no','input':'@'}}")));
    assertThat(openai.ask(ProxyHarness.generation("a house")).status())
        .as("image in an error")
        .isEqualTo(502);
  }

  /** The rest of a body behind JSON that says less of it than there is. */
  @Test
  void noTensorHidesBehindTheJson() throws Exception {
    ProxyHarness harness = harness("kserve-v2");
    int sent = harness.upstream.received().size();
    byte[] json =
        spelled("{'inputs':[{'name':'PROMPT','datatype':'BYTES','shape':[1],'data':['a house']}]}");
    byte[] body = java.util.Arrays.copyOf(json, json.length + 9);
    for (String head :
        List.of(
            "Content-Type: application/json\r\n",
            "Inference-Header-Content-Length: " + json.length + "\r\n",
            "Inference-Header-Content-Length: 0\r\n")) {
      try (RawClient client = harness.client()) {
        RawClient.Answer answer =
            client
                .send("POST " + INFER + " HTTP/1.1\r\nHost: g\r\n" + head)
                .send("Content-Length: " + body.length + "\r\n\r\n")
                .send(body)
                .read();
        assertThat(answer.status()).as(head).isEqualTo(400);
      }
    }
    assertThat(harness.upstream.received()).hasSize(sent);
  }

  @Test
  void everyWayOfTheListIsTried() throws Exception {
    assertThat(
            Stream.concat(
                    Stream.concat(requests(), replies()).map(Row::name),
                    Stream.of(
                        "live preview", "image in an error", "tensors that hide behind the JSON"))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(NAMES);
  }
}
