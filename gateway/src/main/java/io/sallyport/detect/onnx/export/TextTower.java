package io.sallyport.detect.onnx.export;

import io.sallyport.detect.onnx.GraphShape;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Drafts the card of the text half of a {@link Tower}, which is needed to embed phrases. */
final class TextTower {
  private final ExportFolder folder;
  private final Notes notes;

  TextTower(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  /**
   * The draft; what is wrong is recorded, and the draft of no use then.
   *
   * @param fixed how many tokens the graph takes; empty for any number
   */
  CardDraft draft(
      Tower tower,
      JsonNode config,
      String graph,
      GraphShape shape,
      OptionalInt fixed,
      TokenizerCheck tokenizer) {
    int said = TextLimits.maxTokens(Tower.textConfig(config), tower.tokens(), folder, notes);
    int window = fixed.orElse(said);
    if (fixed.isPresent()) {
      notes.took("length", window + " tokens, no more and no less", "the graph");
    }
    notes.assumed("windows", window + " tokens", "a phrase is one vector; longer ones have more");
    OptionalInt pad =
        fixed.isPresent() || tower.alwaysPadded() ? tokenizer.pad() : OptionalInt.empty();
    long size = Tower.size(graph, shape, tower.text(), folder, notes);
    notes.assumed("normalise", "true", "concepts compare directions");
    return new CardDraft(
        "text-embedding",
        TextCard.input(shape, window, window, Math.max(1, window / 2), pad),
        "{tensor: " + tower.text() + ", size: " + size + ", pooling: none, normalise: true}",
        List.of(TokenizerCheck.FILE),
        VectorCard.LOOSE,
        VectorCard::ask);
  }
}
