package io.sallyport.dialect;

import io.sallyport.yaml.YamlMap;
import io.sallyport.yaml.YamlValue;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How a dialect tells in a channel that a job's image is withheld: with a text message.
 *
 * @param json by policy
 * @param error for another reason
 */
record ChannelBlock(Template json, Template error) {
  private static final Set<Template.Field> REFUSED =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.ID,
          Template.Field.STAGE,
          Template.Field.CATEGORIES);
  private static final Set<Template.Field> FAILED =
      EnumSet.of(
          Template.Field.MESSAGE,
          Template.Field.REQUEST_ID,
          Template.Field.ID,
          Template.Field.TYPE,
          Template.Field.CODE);

  static ChannelBlock of(YamlValue value) {
    YamlMap map = value.asMap();
    ChannelBlock block =
        new ChannelBlock(
            map.require("json", new Template.Null(), it -> Template.of(it, REFUSED)),
            map.require("error", new Template.Null(), it -> Template.of(it, FAILED)));
    map.rejectUnknown();
    return block;
  }

  byte[] refusal(Map<Template.Field, Object> values) {
    return Answer.json(json, values);
  }

  byte[] failure(Map<Template.Field, Object> values) {
    return Answer.json(error, values);
  }
}
