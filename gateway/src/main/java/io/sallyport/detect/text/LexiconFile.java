package io.sallyport.detect.text;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the file of a {@link Lexicon}, noting every problem at its line. */
final class LexiconFile {
  /** Beyond this a term is a sentence, and matches nothing that anybody writes. */
  private static final int TERM_CHARS_MAX = 100;

  private static final int TERM_CHARS_MIN = 2;
  private static final double LEAST_WEIGHT = 0.001;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./-]{0,62}");

  private final List<Term> terms = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  private LexiconFile() {}

  static Optional<Lexicon> read(YamlValue root, Problems problems) {
    int before = problems.list().size();
    Lexicon lexicon = new LexiconFile().lexicon(root);
    return problems.list().size() == before ? Optional.of(lexicon) : Optional.empty();
  }

  private Lexicon lexicon(YamlValue root) {
    YamlMap map = root.asMap();
    String name = map.require("lexicon", "?", LexiconFile::name);
    map.get("terms").ifPresent(list -> list.asList().forEach(this::entry));
    map.get("labels").ifPresent(labels -> labels.asMap().forEach(this::label));
    map.rejectUnknown();
    if (!map.has("terms") && !map.has("labels")) {
      root.problem("neither 'terms' nor 'labels'");
    } else if (terms.isEmpty()) {
      root.problem("no terms");
    }
    return new Lexicon(name, terms);
  }

  private static String name(YamlValue value) {
    String name = value.asString();
    if (!NAME.matcher(name).matches()) {
      value.problem("a detector's name is lower-case letters, digits and hyphens");
    }
    return name;
  }

  private void entry(YamlValue value) {
    YamlMap map = value.asMap();
    String text = map.string("term");
    String label = map.string("label");
    double weight = map.get("weight", 1.0, number -> number.asDouble(LEAST_WEIGHT, 1));
    Term.Match match = map.get("match", Term.Match.WORD, kind -> kind.asEnum(Term.Match.class));
    map.rejectUnknown();
    if (map.has("term") && map.has("label")) {
      add(value, new Term(text, label, weight, match));
    }
  }

  private void label(String label, YamlValue list) {
    for (YamlValue item : list.asListOrOne()) {
      add(item, new Term(item.asString(), label, 1.0, Term.Match.WORD));
    }
  }

  private void add(YamlValue place, Term term) {
    terms.add(term);
    String words = Words.of(Cleaning.clean(term.text())).strip();
    if (!LABEL.matcher(term.label()).matches()) {
      place.problem("a label is letters, digits and _ . / -, at most 63");
    }
    if (words.isEmpty()) {
      place.problem("a term without letters or digits");
    } else if (words.codePointCount(0, words.length()) < TERM_CHARS_MIN) {
      place.problem("a term of one character matches too much");
    } else if (words.length() > TERM_CHARS_MAX) {
      place.problem("a term longer than " + TERM_CHARS_MAX + " characters");
    } else {
      Integer first = lines.putIfAbsent(words + '\n' + term.label(), place.line());
      if (first != null) {
        place.problem("the same term and label as in line " + first);
      }
    }
  }
}
