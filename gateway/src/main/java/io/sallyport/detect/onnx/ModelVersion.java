package io.sallyport.detect.onnx;

import io.sallyport.detect.UseCount;

/**
 * A version of a model that is loaded, with those who use it. Its digest is its identity.
 *
 * @param name the model's name, of which this is one version
 * @param folder where it came from, as the operator names it
 * @param uses who needs it open; the last to leave closes it
 */
public record ModelVersion(String name, String folder, LoadedModel model, UseCount uses) {
  /** SHA-256 of the card and so of every file, 64 lower-case hex digits. */
  public String digest() {
    return model.digest();
  }
}
