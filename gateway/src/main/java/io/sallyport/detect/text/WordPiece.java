package io.sallyport.detect.text;

import io.sallyport.detect.onnx.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenizer of uncased BERT models: splits a text into words and words into pieces of a fixed
 * vocabulary.
 *
 * <p>Follows the {@code BertNormalizer}, {@code BertPreTokenizer} and {@code WordPiece} model of
 * the Hugging Face {@code tokenizers} library. It differs in three places: code points that no
 * table knows are kept, those that this JDK knows and the library's older table does not have their
 * category, and {@code [SEP]} or {@code [PAD]} spelled out in a text are plain text, so that nobody
 * can forge the end of a text. Reads no further than it was asked for tokens, so a long text costs
 * no more than a short one. Immutable, safe on every thread.
 */
public final class WordPiece implements Tokenizer {
  private final TokenizerJson model;
  private final int continuation;

  private WordPiece(TokenizerJson model) {
    this.model = model;
    this.continuation = model.continuation();
  }

  /**
   * Builds the tokenizer that a {@code tokenizer.json} describes. Padding and truncation that the
   * file asks for are not obeyed: callers say how many tokens they want.
   *
   * @param json the file; read to its end, not closed
   * @throws IOException when it cannot be read, or is not the description of an uncased BERT
   *     tokenizer
   */
  public static WordPiece fromTokenizerJson(InputStream json) throws IOException {
    return new WordPiece(TokenizerJson.read(json));
  }

  /** Token that starts every window. */
  @Override
  public int clsId() {
    return model.cls();
  }

  /** Token that ends every window. */
  @Override
  public int sepId() {
    return model.sep();
  }

  /** Token that fills up a window where a model wants a fixed length. */
  public int padId() {
    return model.pad();
  }

  /** Token of a word that the vocabulary cannot spell. */
  public int unkId() {
    return model.unk();
  }

  /** One more than the largest token id. */
  public int size() {
    return model.size();
  }

  /**
   * Writes the tokens of a text, without {@link #clsId()} and {@link #sepId()}, until the array is
   * full.
   *
   * @return how many were written; equal to {@code ids.length} also when the text goes on
   */
  @Override
  public int encode(CharSequence text, int[] ids) {
    return new WordPieceRun(model, continuation, ids).over(text);
  }

  /**
   * What a model looks at, piece by piece, when a text is longer than it can read at once.
   *
   * @param ids each window from {@link #clsId()} to {@link #sepId()}, unpadded; at least one
   * @param complete false when the text goes on after the last window. A caller must not treat such
   *     a text as judged
   */
  public record Windows(List<long[]> ids, boolean complete) {
    public Windows {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Cuts a text into windows that overlap.
   *
   * @param tokens the largest window, {@link #clsId()} and {@link #sepId()} included; 3 or more
   * @param overlap tokens that two neighbours share, from 0 to {@code tokens - 3}
   * @param windowsMax no more windows than this, 1 or more
   */
  public Windows windows(CharSequence text, int tokens, int overlap, int windowsMax) {
    if (tokens < 3 || overlap < 0 || overlap > tokens - 3 || windowsMax < 1) {
      throw new IllegalArgumentException("no such windows");
    }
    int body = tokens - 2;
    int step = body - overlap;
    long reach = body + (long) step * (windowsMax - 1);
    // No character decomposes into more than four, so this many tokens hold any text.
    int[] ids = new int[(int) Math.min(reach + 1, 4L * text.length() + 1)];
    int count = encode(text, ids);
    boolean complete = count <= reach;
    int end = complete ? count : (int) reach;
    List<long[]> windows = new ArrayList<>();
    int start = 0;
    do {
      windows.add(window(ids, start, Math.min(start + body, end)));
      start += step;
    } while (start + overlap < end);
    return new Windows(windows, complete);
  }

  private long[] window(int[] ids, int start, int end) {
    long[] window = new long[end - start + 2];
    window[0] = clsId();
    for (int i = start; i < end; i++) {
      window[i - start + 1] = ids[i];
    }
    window[window.length - 1] = sepId();
    return window;
  }
}
