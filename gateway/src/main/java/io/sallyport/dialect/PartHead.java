package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of one part of a form: exactly one {@code Content-Disposition}, at most one
 * {@code Content-Type} and one {@code Content-Length} that tells the truth, nothing else.
 *
 * <p>What readers take differently is refused: folded lines; escapes, quotes, {@code ;} and {@code
 * =} in a name; an empty file name (a file or a field); a file name only in the extended form of
 * RFC 5987 (a file or a field), or one that says something else than the plain one; bytes that some
 * take for a file and some for a field; encodings of the content. A declared type is not believed:
 * what a file is, its first bytes tell.
 */
final class PartHead {
  private static final int BYTES_MAX = 1024;

  private static final ByteSearch END = new ByteSearch(new byte[] {'\r', '\n', '\r', '\n'});

  private static final Pattern FIELD = Pattern.compile("([A-Za-z-]+): ?([^ ].*[^ ]|[^ ])");

  private static final Pattern DISPOSITION =
      Pattern.compile(
          "form-data; ?name=(?:\"([^\"]+)\"|([A-Za-z0-9_.-]+))"
              + "(?:; ?filename=(?:\"([^\"\\\\;=]{1,255})\"|([A-Za-z0-9_.-]{1,255}))"
              + "(?:; ?filename\\*=(?i:utf-8)''([A-Za-z0-9_.-]{1,255}))?)?");

  /** Quotes and line ends as browsers escape them; other readers leave them as they are. */
  private static final Pattern ESCAPED = Pattern.compile("(?i)%(?:22|0a|0d|00)");

  private static final Pattern TYPE =
      Pattern.compile(
          "(?i)([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)(?:; ?charset=(\"?)([a-z0-9_-]+)\\2)?");

  /** Of parts that are no file; others make some readers take a field for a file. */
  private static final Set<String> FIELD_TYPES = Set.of("text/plain", "application/json");

  private final byte[] body;
  private final int start;
  private final int content;
  private final int end;
  private @Nullable Disposition disposition;
  private @Nullable String type;
  private boolean lengthTold;

  /** What the part is called, and where its file name stands. */
  private record Disposition(String name, boolean file, int nameStart, int nameEnd) {}

  private PartHead(byte[] body, int start, int content, int end) {
    this.body = body;
    this.start = start;
    this.content = content;
    this.end = end;
  }

  /**
   * Reads a part.
   *
   * @param start offset of its header
   * @param end offset after its content
   * @throws UnreadableException at the first defect
   */
  static FormPart read(byte[] body, int start, int end) {
    int headEnd = END.find(body, start, Math.min(end, start + BYTES_MAX));
    require(headEnd > start);
    return new PartHead(body, start, headEnd + 4, end).part();
  }

  private FormPart part() {
    int at = start;
    while (at < content - 2) {
      int lineEnd = lineEnd(at);
      line(at, lineEnd);
      at = lineEnd + 2;
    }
    Disposition it = disposition;
    if (it == null) {
      throw malformed();
    }
    require(it.file || type == null || FIELD_TYPES.contains(type));
    return new FormPart(it.name, it.file, it.nameStart, it.nameEnd, content, end);
  }

  /** The end of a line of visible characters; anything that is not UTF-8 or a control ends it. */
  private int lineEnd(int from) {
    int at = from;
    while (body[at] != '\r') {
      require(body[at] < 0 || (body[at] >= ' ' && body[at] != 0x7F));
      at = body[at] >= 0 ? at + 1 : Utf8.next(body, at, content);
    }
    require(body[at + 1] == '\n');
    return at;
  }

  /** Latin-1 keeps offsets in the text and in the body alike. */
  private void line(int from, int to) {
    String line = new String(body, from, to - from, StandardCharsets.ISO_8859_1);
    Matcher field = FIELD.matcher(line);
    require(field.matches());
    String value = field.group(2);
    switch (field.group(1).toLowerCase(Locale.ROOT)) {
      case "content-disposition" -> disposition(value, from + field.start(2));
      case "content-type" -> type(value);
      case "content-length" -> length(value);
      case "content-transfer-encoding", "content-encoding" ->
          throw new UnreadableException(Defect.PART_ENCODING);
      default -> throw malformed();
    }
  }

  private void disposition(String value, int at) {
    Matcher found = DISPOSITION.matcher(value);
    require(disposition == null && found.matches());
    String name = found.group(1) != null ? found.group(1) : found.group(2);
    require(name.length() <= FormSelector.NAME_MAX && FormSelector.NAME.matcher(name).matches());
    if (name.equals("_charset_")) {
      throw new UnreadableException(Defect.PART_ENCODING);
    }
    int group = found.group(3) != null ? 3 : 4;
    String file = found.group(group);
    require(file == null || !ESCAPED.matcher(file).find());
    require(found.group(5) == null || found.group(5).equals(file));
    disposition =
        file == null
            ? new Disposition(name, false, at, at)
            : new Disposition(name, true, at + found.start(group), at + found.end(group));
  }

  private void type(String value) {
    Matcher found = TYPE.matcher(value);
    require(type == null && found.matches());
    type = found.group(1).toLowerCase(Locale.ROOT);
    require(!type.startsWith("multipart/") && !type.startsWith("message/"));
    String charset = found.group(3);
    if (charset != null && !charset.toLowerCase(Locale.ROOT).matches("utf-?8|us-ascii")) {
      throw new UnreadableException(Defect.PART_ENCODING);
    }
  }

  private void length(String value) {
    require(!lengthTold && value.equals(Integer.toString(end - content)));
    lengthTold = true;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw malformed();
    }
  }

  private static UnreadableException malformed() {
    return new UnreadableException(Defect.MALFORMED_FORM);
  }
}
