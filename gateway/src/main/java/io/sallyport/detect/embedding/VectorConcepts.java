package io.sallyport.detect.embedding;

import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of concepts that are vectors already, for models that read no text: what each label means,
 * in lines of a list that {@code models embed} has embedded.
 *
 * @param name the file's own name for the set
 * @param file the file as the operator would name it
 * @param vectorsLine where it names the vectors, 1-based
 * @param size numbers in a vector
 * @param concepts by label, in the file's order, with the scale; each vector of length 1
 * @param digest SHA-256 of the file's canonical form, which pins the vectors by their own SHA-256;
 *     64 lower-case hex digits
 */
public record VectorConcepts(
    String name, String file, int vectorsLine, int size, ConceptSet concepts, String digest) {

  /** Reads a file and its vectors; empty, with problems recorded, unless all of it is right. */
  public static Optional<VectorConcepts> load(Path path, Problems problems) {
    return new VectorConceptsReader(path, problems).load();
  }
}
