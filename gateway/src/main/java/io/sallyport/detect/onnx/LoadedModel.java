package io.sallyport.detect.onnx;

/**
 * A model that was verified, loaded, warmed up and self-tested, ready to be asked.
 *
 * <p>Safe on every thread; asking blocks the calling thread while the model runs. Owned by the
 * {@link ModelStore} that loaded it, which closes it.
 */
public sealed interface LoadedModel
    permits HeadModel,
        ImageEmbeddingModel,
        ImageScorer,
        RemoteModel,
        TextClassifierModel,
        TextModel {
  /** What the model is. */
  ModelCard card();

  /** SHA-256 of the card and so of every file, 64 lower-case hex digits. */
  default String digest() {
    return card().digest();
  }

  /**
   * Frees native memory once the runs under way have ended. A closed model answers {@code CRASH}.
   */
  void close();
}
