package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes {@code multipart/form-data} (RFC 7578, RFC 2046 §5.1) apart into byte ranges. Nothing is
 * copied; the body is searched once.
 *
 * <p>One spelling only, the one that every reader takes alike: nothing before the first delimiter,
 * at most a CRLF after the last; CRLF and no blanks around delimiters; and the boundary, after two
 * hyphens, stands nowhere else in the body, not even where RFC 2046 sees none. Werkzeug takes it
 * after a bare LF, others in the middle of a line.
 */
final class FormParts {
  /** Far more than any API has fields; python-multipart stops at 1,000. */
  static final int PARTS_MAX = 256;

  private final byte[] body;
  private final ByteSearch delimiter;
  private final List<FormPart> parts = new ArrayList<>();

  private FormParts(byte[] body, ByteSearch delimiter) {
    this.body = body;
    this.delimiter = delimiter;
  }

  /**
   * Every part in order, at least one.
   *
   * @throws UnreadableException at the first defect
   */
  static List<FormPart> read(byte[] body, byte[] boundary) {
    byte[] dashed = new byte[boundary.length + 2];
    dashed[0] = '-';
    dashed[1] = '-';
    System.arraycopy(boundary, 0, dashed, 2, boundary.length);
    FormParts form = new FormParts(body, new ByteSearch(dashed));
    form.read();
    return form.parts;
  }

  private void read() {
    int found = delimiter.find(body, 0, body.length);
    require(found == 0);
    int at = delimiter.length();
    do {
      require(isCrlf(at));
      at += 2;
      found = delimiter.find(body, at, body.length);
      require(found >= at + 2 && isCrlf(found - 2));
      if (parts.size() == PARTS_MAX) {
        throw new UnreadableException(Defect.TOO_MANY_VALUES);
      }
      parts.add(PartHead.read(body, at, found - 2));
      at = found + delimiter.length();
    } while (!isLast(at));
  }

  /** True after the last delimiter, which nothing may follow but a line end. */
  private boolean isLast(int at) {
    if (at + 2 > body.length || body[at] != '-' || body[at + 1] != '-') {
      return false;
    }
    require(at + 2 == body.length || (at + 4 == body.length && isCrlf(at + 2)));
    return true;
  }

  private boolean isCrlf(int at) {
    return at + 2 <= body.length && body[at] == '\r' && body[at + 1] == '\n';
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new UnreadableException(Defect.MALFORMED_FORM);
    }
  }
}
