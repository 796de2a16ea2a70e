package io.sallyport.detect.embedding;

/**
 * How the similarity of a text, or a picture, to a concept becomes a score: zero-shot
 * classification by softmax over cosines, with a class for "nothing in particular".
 *
 * <p>With p the best cosine to a vector that means the label, n the best cosine to a vector that is
 * near and allowed, b the background and T the temperature:
 *
 * <pre>  score = e^(p/T) / (e^(p/T) + e^(n/T) + e^(b/T))</pre>
 *
 * <p>It rises with p and falls with n. The softmax over prompt cosines is CLIP's zero-shot
 * classifier (Radford et al. 2021, section 3.1); the constant b stands for all other meanings, so
 * that what is near nothing scores near 0 even where a label has no contrast.
 *
 * @param temperature from 0.01 (nearly a threshold) to 1 (nearly flat)
 * @param background the cosine below which nothing is meant, from -1 to 1
 */
public record ConceptScale(double temperature, double background) {

  /**
   * The score, from 0 to 1.
   *
   * @param positive p, from -1 to 1
   * @param contrast n, from -1 to 1, or negative infinity where a label has no contrast
   */
  double score(double positive, double contrast) {
    // Divided through by e^(p/T): of the two exponents at least b's is finite, none overflows to
    // NaN.
    double near = Math.exp((contrast - positive) / temperature);
    double nothing = Math.exp((background - positive) / temperature);
    return 1 / (1 + near + nothing);
  }
}
