package io.sallyport.detect.text;

import io.sallyport.yaml.Problems;
import java.nio.charset.StandardCharsets;

/** Lexicons for tests, of harmless stand-ins. */
final class Lexicons {
  private Lexicons() {}

  static Lexicon parse(String yaml) {
    Problems problems = new Problems();
    var lexicon = Lexicon.parse("test.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems);
    problems.throwIfAny();
    return lexicon.orElseThrow();
  }

  static LexiconDetector detector(String yaml) {
    return new LexiconDetector(parse(yaml));
  }
}
