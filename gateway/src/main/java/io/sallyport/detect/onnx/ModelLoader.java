package io.sallyport.detect.onnx;

import io.sallyport.yaml.Problems;
import io.sallyport.yaml.YamlFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes one model from its files to ready: card, digests, session, warm-up, self-test.
 *
 * <p>Blocks for as long as that takes; never called on an event loop.
 */
final class ModelLoader {
  private final OnnxRuntime runtime;
  private final Tokenizer.Factory tokenizers;
  private final ExamplePictures pictures;
  private final Problems problems;

  ModelLoader(
      OnnxRuntime runtime,
      Tokenizer.Factory tokenizers,
      ExamplePictures pictures,
      Problems problems) {
    this.runtime = runtime;
    this.tokenizers = tokenizers;
    this.pictures = pictures;
    this.problems = problems;
  }

  /** The model; empty, with problems recorded and nothing left open, when anything is wrong. */
  Optional<LoadedModel> load(Bundle bundle) {
    Optional<ModelCard> card = card(bundle, problems);
    if (card.isEmpty()) {
      return Optional.empty();
    }
    int before = problems.list().size();
    Map<String, byte[]> files = verified(bundle, card.get());
    if (problems.list().size() > before) {
      return Optional.empty();
    }
    Optional<LoadedModel> model = open(card.get(), files);
    model.ifPresent(it -> selfTest(it, files));
    if (problems.list().size() > before) {
      model.ifPresent(LoadedModel::close);
      return Optional.empty();
    }
    return model;
  }

  /** The card alone; empty, with problems recorded, when it cannot be used. */
  static Optional<ModelCard> card(Bundle bundle, Problems problems) {
    try {
      byte[] bytes = bundle.read(CardReader.FILE);
      if (bytes.length > YamlFile.BYTES_MAX) {
        throw new IOException("larger than " + YamlFile.BYTES_MAX + " bytes");
      }
      return CardReader.read(bundle.card(), bytes, problems);
    } catch (IOException e) {
      problems.add(bundle.card(), 0, "no usable card: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The content of every file, each with the digest that the card pins. */
  private Map<String, byte[]> verified(Bundle bundle, ModelCard card) {
    Map<String, byte[]> files = new HashMap<>();
    card.files()
        .forEach(
            (name, pin) -> {
              try {
                byte[] bytes = bundle.read(name);
                String found = Digests.sha256(bytes);
                if (!found.equals(pin.sha256())) {
                  problems.add(
                      card.file(), pin.line(), "'" + name + "' has another SHA-256: " + found);
                }
                files.put(name, bytes);
              } catch (IOException e) {
                problems.add(card.file(), pin.line(), String.valueOf(e.getMessage()));
              }
            });
    return files;
  }

  private Optional<LoadedModel> open(ModelCard card, Map<String, byte[]> files) {
    try {
      return Optional.of(
          switch (card.kind()) {
            case Kind.ImageClassification kind -> ImageModel.join(card, kind, session(card, files));
            case Kind.ImageEmbedding kind ->
                ImageEmbeddingModel.join(card, kind, session(card, files));
            case Kind.Head kind -> HeadModel.join(card, kind, session(card, files));
            case Kind.ObjectDetection kind -> BoxModel.join(card, kind, session(card, files));
            case Kind.TextClassification kind -> {
              Tokenizer tokenizer = tokenizer(kind.input().tokenizer(), files);
              yield TextClassifierModel.join(card, kind, tokenizer, session(card, files));
            }
            case Kind.Remote kind -> remote(card, kind, files);
            case Kind.TextEmbedding kind -> {
              Tokenizer tokenizer = tokenizer(kind.input().tokenizer(), files);
              yield TextModel.join(card, kind, tokenizer, session(card, files));
            }
          });
    } catch (UnusableModelException e) {
      problems.add(card.file(), 0, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private LoadedModel remote(ModelCard card, Kind.Remote kind, Map<String, byte[]> files)
      throws UnusableModelException {
    return switch (kind.input()) {
      case RemoteInput.Tokens tokens ->
          RemoteModel.ofTokens(card, kind, tokens, tokenizer(tokens.input().tokenizer(), files));
      case RemoteInput.Texts texts -> RemoteModel.ofTexts(card, kind);
      case RemoteInput.Pixels pixels -> RemoteModel.ofPixels(card, kind, pixels);
    };
  }

  private OnnxModel session(ModelCard card, Map<String, byte[]> files)
      throws UnusableModelException {
    return OnnxModel.open(runtime, content(card.onnxFile(), files));
  }

  private Tokenizer tokenizer(String name, Map<String, byte[]> files)
      throws UnusableModelException {
    try {
      return tokenizers.open(new ByteArrayInputStream(content(name, files)));
    } catch (IOException e) {
      throw new UnusableModelException("'" + name + "' is not a tokenizer: " + e.getMessage());
    }
  }

  private static byte[] content(String name, Map<String, byte[]> files) {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new IllegalStateException("the card names no file " + name);
    }
    return bytes;
  }

  private void selfTest(LoadedModel model, Map<String, byte[]> files) {
    SelfTest test = new SelfTest(model.card(), problems);
    switch (model.card().kind()) {
      case Kind.ImageClassification kind ->
          test.run((ImageScorer) model, kind.examples(), new ExampleViews(pictures, files));
      case Kind.ObjectDetection kind ->
          test.run((ImageScorer) model, kind.examples(), new ExampleViews(pictures, files));
      case Kind.ImageEmbedding kind ->
          test.run((ImageEmbeddingModel) model, kind.examples(), new ExampleViews(pictures, files));
      case Kind.Head kind -> test.run((HeadModel) model, kind.examples());
      case Kind.TextClassification kind -> test.run((TextClassifierModel) model, kind.examples());
      case Kind.TextEmbedding kind -> test.run((TextModel) model, kind.examples());
      // Its examples are asked when its server is reached.
      case Kind.Remote kind -> {}
    }
  }
}
