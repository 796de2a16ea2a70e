package io.sallyport.policy;

/** Writes JSON without any choice of layout: no spaces, ASCII only. One thread. */
final class Json {
  private final StringBuilder out = new StringBuilder();

  Json open(char bracket) {
    comma();
    out.append(bracket);
    return this;
  }

  Json close(char bracket) {
    out.append(bracket);
    return this;
  }

  Json key(String name) {
    text(name);
    out.append(':');
    return this;
  }

  /** A number or a boolean. */
  Json raw(String value) {
    comma();
    out.append(value);
    return this;
  }

  Json texts(Iterable<String> values) {
    open('[');
    values.forEach(this::text);
    return close(']');
  }

  Json text(String value) {
    comma();
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    out.append('"');
    return this;
  }

  /** Before every value but the first of a list or mapping, and never between key and value. */
  private void comma() {
    int last = out.length() - 1;
    if (last >= 0 && "{[:".indexOf(out.charAt(last)) < 0) {
      out.append(',');
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
