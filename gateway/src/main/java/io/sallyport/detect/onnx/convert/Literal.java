package io.sallyport.detect.onnx.convert;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a JavaScript data literal. The typed reads throw {@link ModelSourceException} when the
 * value is of another kind, so that no code downstream has to guess.
 */
sealed interface Literal {
  /** An object; its members in the order of the source. */
  record Members(Map<String, Literal> values) implements Literal {}

  /** An array. */
  record Items(List<Literal> values) implements Literal {}

  /** A string. */
  record Text(String value) implements Literal {}

  /** A number; never NaN nor infinite. */
  record Number(double value) implements Literal {}

  /** True and false, which minifiers spell {@code !0} and {@code !1}. */
  record Truth(boolean value) implements Literal {}

  /** The member of an object, which must be there. */
  default Literal get(String key) throws ModelSourceException {
    return find(key).orElseThrow(() -> new ModelSourceException("the model lacks '" + key + "'"));
  }

  /** The member of an object, if there. */
  default Optional<Literal> find(String key) throws ModelSourceException {
    if (this instanceof Members(Map<String, Literal> values)) {
      return Optional.ofNullable(values.get(key));
    }
    throw new ModelSourceException("the model has no object where '" + key + "' is looked for");
  }

  default List<Literal> items() throws ModelSourceException {
    if (this instanceof Items(List<Literal> values)) {
      return values;
    }
    throw notA("list");
  }

  default String text() throws ModelSourceException {
    if (this instanceof Text(String value)) {
      return value;
    }
    throw notA("text");
  }

  default double number() throws ModelSourceException {
    if (this instanceof Number(double value)) {
      return value;
    }
    throw notA("number");
  }

  default boolean truth() throws ModelSourceException {
    if (this instanceof Truth(boolean value)) {
      return value;
    }
    throw notA("truth value");
  }

  private ModelSourceException notA(String kind) {
    return new ModelSourceException(
        "the model has a " + getClass().getSimpleName() + " where a " + kind + " belongs");
  }
}
