package io.sallyport.detect.onnx.convert;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The wrapper that browserify and terser put around one exported literal, as in the {@code
 * *.min.js} files of the npm package {@code nsfwjs}:
 *
 * <pre>{@code
 * !function(t){...}(function(){...}({1:[function(t,e,a){e.exports=LITERAL},{}]},{},[1])(1)});
 * }</pre>
 *
 * <p>The part before is not interpreted, only found; the part after must be exactly this.
 */
final class ScriptModule {
  /** The wrapper is about 900 bytes; the search for its end stays inside this many. */
  private static final int MAX_WRAPPER = 4096;

  private static final Pattern EXPORT =
      Pattern.compile("\\(\\{1:\\[function\\(\\w+,(\\w+),\\w+\\)\\{\\1\\.exports=");
  private static final String END = "},{}]},{},[1])(1)});";

  private ScriptModule() {}

  /**
   * Reads the exported literal.
   *
   * @param script the whole file
   * @throws ModelSourceException when the file has another form
   */
  static Literal read(byte[] script) throws ModelSourceException {
    int wrapper = Math.min(script.length, MAX_WRAPPER);
    Matcher export = EXPORT.matcher(new String(script, 0, wrapper, StandardCharsets.ISO_8859_1));
    if (!export.find()) {
      throw new ModelSourceException("malformed script: it exports nothing in the expected form");
    }
    LiteralReader reader = new LiteralReader(script, export.end());
    Literal literal = reader.read();
    int end = reader.position();
    String rest = new String(script, end, script.length - end, StandardCharsets.ISO_8859_1);
    if (!rest.strip().equals(END)) {
      throw new ModelSourceException("malformed script: more than one literal");
    }
    return literal;
  }
}
