package io.sallyport.load;

import io.sallyport.detect.onnx.ModelStore;
import io.sallyport.detect.onnx.OnnxRuntime;
import io.sallyport.detect.onnx.TextModel;
import io.sallyport.detect.tokens.Tokenizers;
import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import java.util.Set;

/** The embedded sentence model, alone. */
public final class Sentences implements AutoCloseable {
  private final OnnxRuntime runtime;
  private final ModelStore store;

  private Sentences(OnnxRuntime runtime, ModelStore store) {
    this.runtime = runtime;
    this.store = store;
  }

  /** Loads the model from the class path. */
  public static Sentences open() {
    OnnxRuntime runtime = OnnxRuntime.open();
    Problems problems = new Problems();
    ModelStore store =
        ModelStore.load(
                runtime, Path.of("."), Set.of(ModelStore.MINILM), Tokenizers::open, problems)
            .orElseThrow(() -> new IllegalStateException(problems.list().toString()));
    return new Sentences(runtime, store);
  }

  /** The model itself. */
  public TextModel model() {
    return (TextModel) store.model(ModelStore.MINILM).orElseThrow();
  }

  @Override
  public void close() {
    store.close();
    runtime.close();
  }
}
