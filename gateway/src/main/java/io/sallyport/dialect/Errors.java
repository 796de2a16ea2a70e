package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How an API tells errors.
 *
 * @param usual for every kind that has no answer of its own
 */
record Errors(Answer usual, Map<ClientError, Answer> special) {
  private static final Set<Template.Field> KNOWN =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.TYPE,
          Template.Field.CODE,
          Template.Field.STATUS,
          Template.Field.RPC_STATUS);

  Errors {
    special = Map.copyOf(special);
  }

  /** Of a file without any, which is a problem. */
  static Errors none() {
    return new Errors(new Answer(Map.of(), new Template.Null()), Map.of());
  }

  static Errors of(YamlValue value) {
    YamlMap map = value.asMap();
    Answer usual = Answer.of(map, KNOWN);
    Map<ClientError, Answer> special = new EnumMap<>(ClientError.class);
    for (ClientError kind : ClientError.values()) {
      map.get(kind.name().toLowerCase(Locale.ROOT))
          .ifPresent(given -> special.put(kind, answer(given.asMap())));
    }
    map.rejectUnknown();
    return new Errors(usual, special);
  }

  private static Answer answer(YamlMap map) {
    Answer answer = Answer.of(map, KNOWN);
    map.rejectUnknown();
    return answer;
  }

  Answer of(ClientError kind) {
    return special.getOrDefault(kind, usual);
  }
}
