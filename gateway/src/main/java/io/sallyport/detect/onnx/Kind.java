package io.sallyport.detect.onnx;

import java.util.List;

/** What a model does. Sealed: loading, self-test and detectors must handle every kind. */
public sealed interface Kind {

  /**
   * {@code image-classifier}: pixels in, one score per label out.
   *
   * @param examples at least one; a model is trusted on its own examples
   */
  record ImageClassification(PixelInput input, ScoreOutput output, List<ImageExample> examples)
      implements Kind {
    public ImageClassification {
      examples = List.copyOf(examples);
    }
  }

  /**
   * {@code text-classifier}: tokens in, one score per label out.
   *
   * @param examples at least one
   */
  record TextClassification(TokenInput input, ScoreOutput output, List<ScoredText> examples)
      implements Kind {
    public TextClassification {
      examples = List.copyOf(examples);
    }
  }

  /**
   * {@code text-embedding}: tokens in, one vector out.
   *
   * @param examples at least one
   */
  record TextEmbedding(TokenInput input, VectorOutput output, List<TextExample> examples)
      implements Kind {
    public TextEmbedding {
      examples = List.copyOf(examples);
    }
  }
}
