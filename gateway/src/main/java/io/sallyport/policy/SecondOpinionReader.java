package io.sallyport.policy;

import io.sallyport.policy.Draft.PlacedOpinion;
import io.sallyport.signal.Stage;
import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code second_opinion}: one mapping, or a list of them in the order of asking. */
final class SecondOpinionReader {
  private SecondOpinionReader() {}

  static List<PlacedOpinion> read(YamlValue value) {
    List<PlacedOpinion> opinions = new ArrayList<>();
    for (YamlValue item : value.asListOrOne()) {
      YamlMap map = item.asMap();
      String detector = map.require("detector", "?", DraftReader::name);
      Optional<SecondOpinion.Band> when = map.get("when").map(SecondOpinionReader::when);
      map.rejectUnknown();
      YamlValue place = map.get("detector").orElse(item);
      if (opinions.stream().anyMatch(other -> other.opinion().detector().equals(detector))) {
        place.problem("listed twice");
      } else {
        opinions.add(new PlacedOpinion(new SecondOpinion(detector, when), place));
      }
    }
    return opinions;
  }

  private static SecondOpinion.Band when(YamlValue value) {
    YamlMap map = value.asMap();
    var nothing = new SecondOpinion.Band(Optional.empty(), Optional.empty(), "?", 0, 1);
    SecondOpinion.Band band = map.require("score", nothing, SecondOpinionReader::band);
    map.rejectUnknown();
    return band;
  }

  private static SecondOpinion.Band band(YamlValue value) {
    YamlMap map = value.asMap();
    String label = map.string("label");
    Optional<String> detector = map.get("detector").map(DraftReader::name);
    Optional<Stage> stage = map.get("stage").map(at -> at.asEnum(Stage.class));
    List<Double> between = map.require("between", List.of(0.0, 1.0), SecondOpinionReader::between);
    map.rejectUnknown();
    return new SecondOpinion.Band(stage, detector, label, between.getFirst(), between.getLast());
  }

  private static List<Double> between(YamlValue value) {
    List<Double> ends = value.asList().stream().map(end -> end.asDouble(0, 1)).toList();
    if (value.isList() && (ends.size() != 2 || ends.getFirst() >= ends.getLast())) {
      value.problem("expected two rising scores, [low, high]");
      return List.of(0.0, 1.0);
    }
    return ends.isEmpty() ? List.of(0.0, 1.0) : ends;
  }
}
