package io.sallyport.detect.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model does. Sealed: loading, self-test and detectors must handle every kind. */
public sealed interface Kind {
  /** The labels that it scores, in the order of its output; none for what gives no scores. */
  default List<String> labels() {
    return List.of();
  }

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

    @Override
    public List<String> labels() {
      return output.labels();
    }
  }

  /**
   * {@code object-detector}: pixels in, candidate boxes out, three scores per label after reading.
   *
   * @param examples at least one
   */
  record ObjectDetection(PixelInput input, BoxOutput output, List<ImageExample> examples)
      implements Kind {
    public ObjectDetection {
      examples = List.copyOf(examples);
    }

    @Override
    public List<String> labels() {
      return output.labels();
    }
  }

  /**
   * {@code image-embedding}: pixels in, one vector out.
   *
   * @param output without pooling
   * @param examples at least one
   */
  record ImageEmbedding(PixelInput input, VectorOutput output, List<PlacedImage> examples)
      implements Kind {
    public ImageEmbedding {
      examples = List.copyOf(examples);
    }
  }

  /**
   * {@code head}: another model's vector in, one score per label out.
   *
   * @param examples at least one
   * @param figures what it was worth on rows held out of its training; empty where nobody says
   */
  record Head(
      VectorInput input,
      ScoreOutput output,
      List<ScoredVector> examples,
      Map<String, HeldOut> figures)
      implements Kind {
    public Head {
      examples = List.copyOf(examples);
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    @Override
    public List<String> labels() {
      return output.labels();
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

    @Override
    public List<String> labels() {
      return output.labels();
    }
  }

  /**
   * {@code remote}: a classifier on another machine, asked over the Open Inference Protocol.
   *
   * @param texts the examples of a model that reads texts; else none
   * @param pictures the examples of a model that reads pictures; else none
   */
  record Remote(
      RemoteCall call,
      RemoteInput input,
      ScoreOutput output,
      List<ScoredText> texts,
      List<ImageExample> pictures)
      implements Kind {
    public Remote {
      texts = List.copyOf(texts);
      pictures = List.copyOf(pictures);
    }

    @Override
    public List<String> labels() {
      return output.labels();
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
