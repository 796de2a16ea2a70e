package io.sallyport.detect.onnx.export;

import io.sallyport.detect.UnavailableException;
import io.sallyport.detect.onnx.LoadedModel;
import java.util.List;

/**
 * What is particular to one kind of model, ready to be written into a card.
 *
 * @param kind the card's {@code kind}
 * @param input the card's {@code input}, as YAML in one line
 * @param output the card's {@code output}, as YAML in one line
 * @param others the files of the model besides its graph
 * @param looseExample one that every model of the kind meets, until the real ones are asked
 * @param questions asks the loaded model the real ones
 */
record CardDraft(
    String kind,
    String input,
    String output,
    List<String> others,
    String looseExample,
    Questions questions) {
  /** Of a graph that is of no kind; never written. */
  static final CardDraft NONE =
      new CardDraft("none", "{}", "{}", List.of(), "{}", (model, tolerance) -> List.of());

  /** All files of the model, the graph first. */
  List<String> files(String graph) {
    return java.util.stream.Stream.concat(List.of(graph).stream(), others.stream()).toList();
  }

  /** Asks a model, and writes down what it answers. */
  @FunctionalInterface
  interface Questions {
    /**
     * The card's examples, each as YAML in one line.
     *
     * @param tolerance how far another machine's answer may be off
     * @throws UnavailableException when the model has no answer to one
     */
    List<String> ask(LoadedModel model, double tolerance) throws UnavailableException;
  }
}
