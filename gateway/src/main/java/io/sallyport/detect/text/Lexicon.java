package io.sallyport.detect.text;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A list of terms, each with the label that it speaks for. A file of the operator's:
 *
 * <pre>{@code
 * lexicon: prompt-terms                 # the detector's name
 * terms:
 *   - {term: zeppelin, label: stand-in}
 *   - {term: airship race, label: stand-in, weight: 0.8}   # any gap between the words
 *   - {term: blimp, label: stand-in, match: prefix}        # word (default), prefix, anywhere
 * labels:                               # the same in short, weight 1, whole words
 *   stand-in: [dirigible, sky ship]
 * }</pre>
 *
 * <p>There is no stemming: {@code zeppelin} does not match {@code zeppelins}. A term of several
 * words is also found written as one.
 *
 * @param name the name of the detector
 * @param terms in file order, no two with the same words and label
 */
public record Lexicon(String name, List<Term> terms) {
  public Lexicon {
    terms = List.copyOf(terms);
  }

  /** Reads a file; empty, with every problem recorded, when it cannot be used. */
  public static Optional<Lexicon> read(Path path, Problems problems) {
    return YamlFile.read(path, problems).flatMap(root -> LexiconFile.read(root, problems));
  }

  /** As {@link #read}, for bytes that are at hand. */
  public static Optional<Lexicon> parse(String file, byte[] bytes, Problems problems) {
    return YamlFile.parse(file, bytes, problems).flatMap(root -> LexiconFile.read(root, problems));
  }

  /** Every label that a term has, in alphabetical order. */
  public Set<String> labels() {
    return terms.stream().map(Term::label).collect(Collectors.toCollection(TreeSet::new));
  }

  /** SHA-256 over name and terms, whatever their order; 64 lower-case hex digits. */
  public String digest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(line("lexicon 1", name));
      terms.stream()
          .map(term -> String.join("\t", canonical(term), term.label(), score(term), rule(term)))
          .sorted()
          .forEach(line -> sha256.update(line("term", line)));
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has SHA-256
    }
  }

  private static byte[] line(String kind, String text) {
    return (kind + "\t" + text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String canonical(Term term) {
    return Words.of(term.text()).strip();
  }

  private static String score(Term term) {
    return Double.toString(term.weight());
  }

  private static String rule(Term term) {
    return term.match().name();
  }
}
