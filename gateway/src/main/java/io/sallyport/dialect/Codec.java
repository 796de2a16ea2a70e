package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A body of JSON and then the bytes of tensors, as its header field tells: how many bytes of it are
 * JSON (Triton's {@code Inference-Header-Content-Length}).
 *
 * @param header the field's name, in lower case
 */
record Codec(String header) {
  static final String TYPE = "application/octet-stream";
  static final String CONTENT_TYPE = "content-type";

  private static final Pattern HEADER = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern LENGTH = Pattern.compile("[1-9][0-9]{0,9}");

  /** The only codec that dialect files may name. */
  private static final String KSERVE_BINARY = "kserve-binary";

  /** Reads {@code codec_if: {header, codec}}. */
  static Codec of(YamlValue value) {
    YamlMap map = value.asMap();
    String header = map.string("header");
    if (!HEADER.matcher(header).matches()) {
      map.self().problem("a header has a lower-case name");
    }
    YamlValue codec = map.require("codec", value, it -> it);
    if (codec != value && !codec.asString().equals(KSERVE_BINARY)) {
      codec.problem("the only codec is " + KSERVE_BINARY);
    }
    map.rejectUnknown();
    return new Codec(header);
  }

  /** Whether a request is such a body. */
  boolean isFor(RequestHead head) {
    return !head.header(header).isEmpty();
  }

  /** Reads a request: some clients send no content type, and no other may be sent. */
  Reading request(RequestHead head, byte[] body, RequestRules rules, ReadLimits limits) {
    List<String> types = head.header(CONTENT_TYPE);
    boolean typed =
        types.isEmpty()
            || (types.size() == 1
                && MediaType.of(types.getFirst())
                    .filter(type -> type.plain() && type.essence().equals(TYPE))
                    .isPresent());
    if (!typed) {
      return new Reading.Unreadable(Defect.CONTENT_TYPE, CONTENT_TYPE);
    }
    Optional<Integer> json = jsonLength(head.header(header), body.length);
    return json.isEmpty()
        ? bad()
        : new RequestReader(
                body,
                new TensorValues(
                    body, json.get(), body.length, "inputs", true, limits, rules.automaton()),
                rules,
                limits)
            .read();
  }

  /** Reads a reply. */
  Reading reply(ReplyHead head, byte[] body, int length, ReplyRule rule, ReadLimits limits) {
    Optional<Integer> json = jsonLength(head.header(header), length);
    return json.isEmpty()
        ? bad()
        : new ReplyReader(
                body,
                new TensorValues(
                    body, json.get(), length, "outputs", false, limits, rule.automaton()),
                rule,
                limits)
            .read();
  }

  private Reading bad() {
    return new Reading.Unreadable(Defect.MALFORMED_TENSORS, "header:" + header);
  }

  /** Of several values, or of one that is not spelled plainly, readers make different lengths. */
  private static Optional<Integer> jsonLength(List<String> values, int length) {
    if (values.size() != 1 || !LENGTH.matcher(values.getFirst()).matches()) {
      return Optional.empty();
    }
    long json = Long.parseLong(values.getFirst());
    return json <= length ? Optional.of((int) json) : Optional.empty();
  }
}
