package io.sallyport.detect.onnx.export;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The labels of a classifier, from {@code id2label}. */
final class Labels {
  private static final String CONFIG = "config.json";

  /** A card's labels are no longer; lists of synonyms, as ImageNet's labels are, often are. */
  private static final int LENGTH_MAX = 64;

  private static final int LABELS_MAX = 1000;

  private final ExportFolder folder;
  private final Notes notes;

  Labels(ExportFolder folder, Notes notes) {
    this.folder = folder;
    this.notes = notes;
  }

  /**
   * One label for each number of the output.
   *
   * @param declared how many numbers the graph says it gives; -1 when it does not
   * @return empty, with a problem recorded, when they cannot be told
   */
  List<String> of(JsonNode config, long declared) {
    JsonNode byId = config.path("id2label");
    if (!byId.isObject() || byId.isEmpty()) {
      return unnamed(declared);
    }
    List<String> labels = new ArrayList<>();
    for (int id = 0; byId.has(String.valueOf(id)); id++) {
      labels.add(byId.get(String.valueOf(id)).asString(""));
    }
    if (labels.size() != byId.size()) {
      folder.problem(CONFIG, "id2label does not count from 0 without a gap");
      return List.of();
    }
    return checked(labels, declared);
  }

  private List<String> checked(List<String> labels, long declared) {
    if (declared > 0 && declared != labels.size()) {
      folder.problem(
          CONFIG, "id2label has " + labels.size() + " labels, the graph gives " + declared);
    }
    if (labels.size() > LABELS_MAX) {
      folder.problem(CONFIG, "id2label has more than " + LABELS_MAX + " labels");
    }
    List<String> fitting = fitting(labels);
    notes.took("labels", fitting.size() + ": " + shown(fitting), "id2label in " + CONFIG);
    if (!fitting.equals(labels)) {
      notes.assumed(
          "labels", "shortened or numbered", "a card's labels are distinct, at most 64 characters");
    }
    return fitting;
  }

  /** Names that an export leaves out are the library's own: LABEL_0 and so on. */
  private List<String> unnamed(long declared) {
    if (declared < 1 || declared > LABELS_MAX) {
      folder.problem(CONFIG, "no id2label, and the graph does not tell how many labels it gives");
      return List.of();
    }
    List<String> labels = new ArrayList<>();
    for (int id = 0; id < declared; id++) {
      labels.add("LABEL_" + id);
    }
    notes.assumed("labels", shown(labels), CONFIG + " has no id2label; name them in the card");
    return labels;
  }

  private static List<String> fitting(List<String> labels) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String label : labels) {
      String name = label.isBlank() ? "LABEL_" + distinct.size() : label;
      if (name.length() > LENGTH_MAX) {
        name = name.substring(0, Math.min(LENGTH_MAX - 6, (name + ",").indexOf(',')));
      }
      distinct.add(distinct.contains(name) ? name + " " + distinct.size() : name);
    }
    return List.copyOf(distinct);
  }

  private static String shown(List<String> labels) {
    return labels.size() <= 12
        ? String.join(", ", labels)
        : String.join(", ", labels.subList(0, 12)) + ", …";
  }
}
