package io.sallyport.detect.remote;

import java.io.ByteArrayOutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A question as it travels.
 *
 * @param body JSON, and the tensors after it when they travel as bytes
 * @param jsonLength bytes of the body that are JSON
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record InferRequest(byte[] body, int jsonLength) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /**
   * Spells a question.
   *
   * @param output the tensor that is asked for
   * @param binary whether tensors travel as bytes, both ways
   */
  static InferRequest of(List<InputTensor> inputs, String output, boolean binary) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), body)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("inputs");
      inputs.forEach(input -> input.write(json, binary));
      json.writeEndArray();
      json.writeArrayPropertyStart("outputs");
      json.writeStartObject();
      json.writeStringProperty("name", output);
      json.writeObjectPropertyStart("parameters");
      json.writeBooleanProperty("binary_data", binary);
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    }
    int jsonLength = body.size();
    if (binary) {
      inputs.forEach(input -> body.writeBytes(input.binary()));
    }
    return new InferRequest(body.toByteArray(), jsonLength);
  }

  String contentType() {
    return jsonLength == body.length ? "application/json" : "application/octet-stream";
  }

  /** Content never reaches a log by accident. */
  @Override
  public String toString() {
    return "InferRequest[" + body.length + " bytes]";
  }
}
