package io.sallyport.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A body of {@code POST /v1/images/generations}, checked. Fields that a stand-in has no use for are
 * ignored, as most compatible services do.
 *
 * @param prompt 1 to 32,000 characters
 * @param count how many pictures, 1 to 10 ({@code n})
 * @param width pixels, 256 to 2048
 * @param height pixels, 256 to 2048
 */
record GenerationRequest(String prompt, int count, int width, int height, Encoding encoding) {
  static final int MAX_PROMPT = 32_000;
  static final int MAX_COUNT = 10;
  static final int MIN_SIDE = 256;
  static final int MAX_SIDE = 2048;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern SIZE = Pattern.compile("(\\d{3,4})x(\\d{3,4})");
  private static final String DEFAULT_SIZE = "1024x1024";

  /** Reads a UTF-8 JSON body. */
  static GenerationRequest parse(byte[] body) throws ServiceException {
    JsonNode fields = object(body);
    if (fields.path("stream").asBoolean(false)) {
      throw wrong("stream", "This service does not stream.");
    }
    if (!text(fields, "response_format", "b64_json").equals("b64_json")) {
      throw wrong("response_format", "Only 'b64_json' is supported.");
    }
    String prompt = text(fields, "prompt", "");
    if (prompt.isBlank() || prompt.length() > MAX_PROMPT) {
      throw wrong("prompt", "Expected a text of 1 to " + MAX_PROMPT + " characters.");
    }
    Encoding encoding =
        Encoding.named(text(fields, "output_format", "png"))
            .orElseThrow(() -> wrong("output_format", "Expected 'png', 'jpeg' or 'webp'."));
    String size = text(fields, "size", DEFAULT_SIZE);
    Matcher sides = SIZE.matcher(size.equals("auto") ? DEFAULT_SIZE : size);
    if (!sides.matches()) {
      throw wrongSize();
    }
    return new GenerationRequest(
        prompt, count(fields), side(sides.group(1)), side(sides.group(2)), encoding);
  }

  /** {@code WIDTHxHEIGHT}. */
  String size() {
    return width + "x" + height;
  }

  /** Pixels of all pictures together. */
  int pixels() {
    return count * width * height;
  }

  /** Content stays out of logs. */
  @Override
  public String toString() {
    return "GenerationRequest[" + prompt.length() + " chars, " + count + " x " + size() + "]";
  }

  private static JsonNode object(byte[] body) throws ServiceException {
    try {
      JsonNode fields = JSON.readTree(body);
      if (fields.isObject()) {
        return fields;
      }
    } catch (JacksonException notJson) {
      // Falls through: its message would quote the body.
    }
    throw wrong("", "Expected a JSON object.");
  }

  private static String text(JsonNode fields, String name, String otherwise)
      throws ServiceException {
    JsonNode field = fields.path(name);
    if (field.isMissingNode() || field.isNull()) {
      return otherwise;
    }
    if (!field.isString()) {
      throw wrong(name, "Expected a string.");
    }
    return field.stringValue();
  }

  private static int count(JsonNode fields) throws ServiceException {
    JsonNode field = fields.path("n");
    if (field.isMissingNode() || field.isNull()) {
      return 1;
    }
    if (!field.canConvertToInt() || field.intValue() < 1 || field.intValue() > MAX_COUNT) {
      throw wrong("n", "Expected a whole number from 1 to " + MAX_COUNT + ".");
    }
    return field.intValue();
  }

  private static int side(String digits) throws ServiceException {
    int side = Integer.parseInt(digits);
    if (side < MIN_SIDE || side > MAX_SIDE) {
      throw wrongSize();
    }
    return side;
  }

  private static ServiceException wrongSize() {
    return wrong(
        "size",
        "Expected WIDTHxHEIGHT, each from " + MIN_SIDE + " to " + MAX_SIDE + " pixels, or 'auto'.");
  }

  private static ServiceException wrong(String param, String message) {
    return new ServiceException(400, param, message);
  }
}
