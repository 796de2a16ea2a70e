package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problem;
import java.util.List;
import java.util.Optional;

/**
 * A version of a model that lies on disk. Its card was read; its other files were not looked at.
 *
 * @param name the model's name
 * @param bundle where its files are
 * @param card empty when there is no usable one
 * @param problems what is wrong with the card
 */
public record FoundVersion(
    String name, Bundle bundle, Optional<ModelCard> card, List<Problem> problems) {
  public FoundVersion {
    problems = List.copyOf(problems);
  }

  /** The card's digest, by which the version is known; empty without a usable card. */
  public String digest() {
    return card.map(ModelCard::digest).orElse("");
  }

  /** Its folder as the operator names it, or {@code classpath:} for what comes with the gateway. */
  public String folder() {
    return bundle.place();
  }
}
