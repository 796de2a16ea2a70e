package io.sallyport.detect.image;

import io.sallyport.detect.Detector;
import io.sallyport.detect.ModelUse;
import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.embedding.ConceptSet;
import io.sallyport.detect.embedding.VectorConcepts;
import io.sallyport.detect.onnx.Digests;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A detector that compares a picture with concepts in the same space: zero-shot classification as
 * CLIP does it, with vectors that were made before.
 *
 * <p>Safe on every thread; runs on the thread that asks.
 */
public final class ImageConceptsDetector implements Detector<Picture> {
  /** Changes when the way from picture to score does, and with it every score. */
  private static final String METHOD = "image-concepts-1";

  private final String name;
  private final String digest;
  private final PictureVectors vectors;
  private final ConceptSet concepts;

  private ImageConceptsDetector(
      String name, String fileDigest, PictureVectors vectors, ConceptSet concepts) {
    this.name = name;
    this.vectors = vectors;
    this.concepts = concepts;
    this.digest = Digests.canonical(List.of(METHOD, fileDigest, vectors.digest()));
  }

  /**
   * Puts concepts and a model to work; the model stays its owner's to close.
   *
   * @param name as policies spell it
   * @return empty, with problems recorded, when the vectors are not of the model's space as far as
   *     that can be told: of another size, or the model's own are not of length 1
   */
  public static Optional<ImageConceptsDetector> of(
      String name, VectorConcepts file, PictureVectors vectors, Problems problems) {
    if (!vectors.model().normalised()) {
      problems.add(vectors.model().card().file(), 0, "concepts need a model with normalise: true");
      return Optional.empty();
    }
    if (file.size() != vectors.size()) {
      String message = "vectors: of %d numbers, but model '%s' gives %d";
      String model = vectors.model().card().name();
      problems.add(
          file.file(), file.vectorsLine(), message.formatted(file.size(), model, vectors.size()));
      return Optional.empty();
    }
    return Optional.of(new ImageConceptsDetector(name, file.digest(), vectors, file.concepts()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Stage> stages() {
    return vectors.stages();
  }

  @Override
  public Set<String> labels() {
    return concepts.labels();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public boolean advisory() {
    return vectors.card().advisory();
  }

  @Override
  public Optional<ModelUse> model() {
    return Optional.of(vectors.card().use());
  }

  /** One score per label of the file, always all of them. */
  @Override
  public List<Signal> inspect(Stage stage, Picture picture, long deadlineNanos)
      throws UnavailableException {
    return concepts.signals(name, stage, vectors, picture, deadlineNanos);
  }
}
