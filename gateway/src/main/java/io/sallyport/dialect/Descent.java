package io.sallyport.dialect;

/**
 * Goes down into the values of a request's JSON, strictly: a name twice in one object is refused,
 * and so are more values than the cap. Belongs to one thread.
 */
final class Descent {
  private final Walk walk;
  private final Harvest harvest;
  private final int valuesMax;
  private final SeenNames names = new SeenNames();
  private int values;

  Descent(Walk walk, Harvest harvest, ReadLimits limits) {
    this.walk = walk;
    this.harvest = harvest;
    this.valuesMax = limits.values();
  }

  /** What becomes of the values of a part of a body; the walk stands at each. */
  interface Part {
    /** A name that is more than a name of a field. */
    void name(String name);

    void string();

    void number();
  }

  /** What becomes of a member; it must go to the end of its value. */
  interface Member {
    void value(String name, JsonCursor.Token token);
  }

  /** The next token; names and values are counted. */
  JsonCursor.Token next() {
    JsonCursor.Token token = walk.next();
    boolean end = token == JsonCursor.Token.END_OBJECT || token == JsonCursor.Token.END_ARRAY;
    if (!end && ++values > valuesMax) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    return token;
  }

  /** Goes to the end of the object just met. */
  void members(Member each) {
    names.open();
    for (var token = next(); token != JsonCursor.Token.END_OBJECT; token = next()) {
      String name = harvest.text();
      names.add(name);
      each.value(name, next());
    }
    names.close();
  }

  /**
   * Goes to the end of an array.
   *
   * @param first the element just met, or the array's end
   */
  void elements(JsonCursor.Token first, Part part) {
    for (var token = first; token != JsonCursor.Token.END_ARRAY; token = next()) {
      all(token, part);
    }
  }

  /** Goes to the end of the value just met. */
  void all(JsonCursor.Token token, Part part) {
    switch (token) {
      case OBJECT ->
          members(
              (name, value) -> {
                if (!Walk.plainName(name)) {
                  part.name(name);
                }
                all(value, part);
              });
      case ARRAY -> elements(next(), part);
      case STRING -> part.string();
      case NUMBER -> part.number();
      case TRUE, FALSE, NULL -> {}
      case KEY, END_OBJECT, END_ARRAY, END -> throw new UnreadableException(Defect.MALFORMED_JSON);
    }
  }
}
