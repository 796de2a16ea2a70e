package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.util.List;

/**
 * A tokenizer in parts: steps over the whole text, splits into words, and a speller of words.
 * Immutable, safe on every thread.
 */
final class SubwordTokenizer implements Tokenizer {
  private final List<Step> steps;
  private final List<Split> splits;
  private final Speller speller;
  private final Ends ends;

  private SubwordTokenizer(List<Step> steps, List<Split> splits, Speller speller, Ends ends) {
    this.steps = steps;
    this.splits = splits;
    this.speller = speller;
    this.ends = ends;
  }

  static SubwordTokenizer of(TokenizerJson file, Speller speller, List<Split> splits)
      throws IOException {
    Ends ends =
        Ends.of(file.postProcessor())
            .orElseThrow(() -> Expect.refusal("no post_processor puts tokens around a text"));
    return new SubwordTokenizer(Steps.of(file.normalizer()), splits, speller, ends);
  }

  @Override
  public int encode(CharSequence text, int[] ids) {
    if (ids.length == 0) {
      return 0;
    }
    String prepared = text.toString();
    for (Step step : steps) {
      prepared = step.apply(prepared);
    }
    Speller.Spelling spelling = speller.over(ids);
    if (!prepared.isEmpty()) {
      split(0, prepared, 0, prepared.length(), spelling);
    }
    return spelling.count();
  }

  private boolean split(int level, String text, int start, int end, WordSink sink) {
    return level == splits.size()
        ? sink.word(text, start, end)
        : splits
            .get(level)
            .over(text, start, end, (part, from, to) -> split(level + 1, part, from, to, sink));
  }

  @Override
  public int clsId() {
    return ends.first();
  }

  @Override
  public int sepId() {
    return ends.last();
  }

  /** For people. */
  @Override
  public String toString() {
    return speller.kind() + ", " + speller.size() + " tokens";
  }
}
