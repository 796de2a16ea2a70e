package io.sallyport.detect.tokens;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.util.List;

/**
 * A tokenizer in parts: added tokens, steps over the text between them, splits into words, and a
 * speller of words. Immutable, safe on every thread.
 */
final class SubwordTokenizer implements Tokenizer {
  private static final Step WHOLE = new Step.Whole();

  private final AddedTokens added;
  private final List<Step> steps;
  private final List<Split> splits;
  private final Speller speller;
  private final Ends ends;

  private SubwordTokenizer(
      AddedTokens added, List<Step> steps, List<Split> splits, Speller speller, Ends ends) {
    this.added = added;
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
    AddedTokens added = AddedTokens.of(file.added(), file.model());
    return new SubwordTokenizer(added, Steps.of(file.normalizer()), splits, speller, ends);
  }

  @Override
  public int encode(CharSequence text, int[] ids) {
    if (ids.length == 0) {
      return 0;
    }
    Speller.Spelling spelling = speller.over(ids);
    String whole = WHOLE.apply(text.toString());
    if (added.isEmpty()) {
      boolean _ = spell(whole, spelling);
    } else {
      added.split(whole, new Pass(spelling));
    }
    return spelling.count();
  }

  private boolean spell(String text, Speller.Spelling spelling) {
    String prepared = text;
    for (Step step : steps) {
      prepared = step.apply(prepared);
    }
    return prepared.isEmpty() || split(0, prepared, 0, prepared.length(), spelling);
  }

  private boolean split(int level, String text, int start, int end, WordSink sink) {
    return level == splits.size()
        ? sink.word(text, start, end)
        : splits
            .get(level)
            .over(text, start, end, (part, from, to) -> split(level + 1, part, from, to, sink));
  }

  /** One pass over a text with added tokens in it. */
  private final class Pass implements AddedTokens.Parts {
    private final Speller.Spelling spelling;

    Pass(Speller.Spelling spelling) {
      this.spelling = spelling;
    }

    @Override
    public boolean text(String text) {
      return spell(text, spelling);
    }

    @Override
    public boolean token(int id) {
      return spelling.token(id);
    }
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
    return speller.kind() + ", " + Math.max(speller.size(), added.size()) + " tokens";
  }
}
