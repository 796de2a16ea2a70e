package io.sallyport.detect.onnx;

import java.util.Optional;

/**
 * Which model of an inference server is asked, and how.
 *
 * @param model its name there
 * @param version its version there; none lets the server choose
 * @param batch rows of one request at most
 * @param binary true when tensors travel as bytes after the JSON, as Triton's binary tensor data
 *     extension says; false when they are JSON numbers
 */
public record RemoteCall(String model, Optional<String> version, int batch, boolean binary) {}
