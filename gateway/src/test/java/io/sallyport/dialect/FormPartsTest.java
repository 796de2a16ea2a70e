package io.sallyport.dialect;

import static io.sallyport.dialect.Forms.BOUNDARY;
import static io.sallyport.dialect.Forms.field;
import static io.sallyport.dialect.Forms.file;
import static io.sallyport.dialect.Forms.form;
import static io.sallyport.dialect.Forms.parts;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a form may look like, and every spelling that two readers could take differently. */
class FormPartsTest {
  private static final String PROMPT = field("prompt", "a dog");
  private static final String DASHED = "--" + BOUNDARY;

  @Test
  void takesAFormApart() {
    assertThat(
            parts(
                form(PROMPT, file("image[]", "one"), file("image[]", ""), field("lora[name]", ""))))
        .containsExactly(
            "form:prompt=a dog",
            "file:image[](a.png)=one",
            "file:image[](a.png)=",
            "form:lora[name]=");
  }

  @Test
  void endsWithOrWithoutALineEnd() {
    String form = form(PROMPT);
    assertThat(parts(form.substring(0, form.length() - 2))).hasSize(1);
  }

  @Test
  void leavesLineEndsHyphensAndHalfBoundariesToTheContent() {
    String content =
        "\r\n--\r\n"
            + DASHED.substring(0, DASHED.length() - 1)
            + "\r\n\r\n--x\n-"
            + BOUNDARY
            + "\r";
    assertThat(parts(form(file("image", content), PROMPT)))
        .containsExactly("file:image(a.png)=" + content, "form:prompt=a dog");
  }

  /** As curl, browsers, .NET and aiohttp write headers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Disposition: form-data; name=\"prompt\"|form:prompt=x",
        "content-disposition:form-data;name=prompt|form:prompt=x",
        "Content-Type: text/plain; charset=utf-8~Content-Disposition: form-data;"
            + " name=prompt|form:prompt=x",
        "Content-Disposition: form-data; name=prompt~Content-Type: text/plain|form:prompt=x",
        "Content-Disposition: form-data; name=prompt~Content-Length: 1|form:prompt=x",
        "Content-Disposition: form-data; name=lora~Content-Type: application/json|form:lora=x",
        "Content-Disposition: form-data; name=a; filename=b.png|file:a(b.png)=x",
        "Content-Disposition: form-data; name=a; filename=b.png;"
            + " filename*=utf-8''b.png|file:a(b.png)=x",
        "Content-Disposition: form-data; name=\"a\"; filename=\"IMG 1 (2).png\"|file:a(IMG 1"
            + " (2).png)=x",
        "Content-Disposition: form-data; name=\"a\"; filename=\"100%.png\"|file:a(100%.png)=x",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b\"~Content-Type:"
            + " application/octet-stream|file:a(b)=x",
      })
  void readsTheHeadersOfCommonClients(String head, String expected) {
    assertThat(parts(form(lines(head) + "\r\n\r\nx"))).containsExactly(expected);
  }

  /** Each is taken in two ways by two readers that are in use, or by none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // no name, or two, or one that needs an escape
        "Content-Disposition: form-data",
        "Content-Disposition: form-data; name=\"\"",
        "Content-Disposition: form-data; name=prompt; name=mask",
        "Content-Disposition: form-data; name=\"a\\\"b\"",
        "Content-Disposition: form-data; name=\"a%22b\"",
        "Content-Disposition: form-data; name=\"a b\"",
        "Content-Disposition: form-data; name=\"a;b\"",
        "Content-Disposition: form-data; name='prompt'",
        "Content-Disposition: form-data; name*=utf-8''prompt",
        "Content-Disposition: form-data; name=image[]",
        "Content-Disposition: form-data; name=\"pr\u00c3\u00b6mpt\"",
        "Content-Disposition: form-data; name=\"[]\"",
        // a file to some, a field to others
        "Content-Disposition: form-data; name=a; filename*=utf-8''b.png",
        "Content-Disposition: form-data; name=a; filename=\"\"",
        "Content-Disposition: form-data; name=prompt~Content-Type: application/octet-stream",
        "Content-Disposition: form-data; name=prompt~Content-Type: image/png",
        "Content-Disposition: form-data; name=a; filename=b; filename*=utf-8''c",
        "Content-Disposition: form-data; name=a; filename=b; filename*=iso-8859-1''b",
        "Content-Disposition: form-data; name=a; filename*=utf-8''b; filename=b",
        "Content-Disposition: form-data; name=a; filename*0=b",
        "Content-Disposition: form-data; name=a; Filename=b",
        // a file name that ends early, or goes on as parameters
        "Content-Disposition: form-data; name=\"a\"; filename=\"b\\\"; name=\\\"prompt\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b; name=prompt\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b;c\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b=c\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b%22.png\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"b%0d%0ac\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"=?utf-8?q?b?=\"",
        "Content-Disposition: form-data; name=\"a\"; filename=\"C:\\b.png\"",
        "Content-Disposition: form-data; filename=b; name=a",
        "Content-Disposition: form-data; name=a; size=1",
        // other dispositions, and none
        "Content-Disposition: attachment; name=prompt",
        "Content-Disposition: Form-Data; name=prompt",
        "Content-Disposition: form-data ; name=prompt",
        "Content-Type: text/plain",
        "Content-Disposition: form-data; name=prompt~Content-Disposition: form-data; name=mask",
        // lines that are folded, blank at an end, or no field
        "Content-Disposition: form-data;~ name=prompt",
        "Content-Disposition: form-data; name=prompt ",
        "Content-Disposition : form-data; name=prompt",
        "Content-Disposition: form-data; name=prompt~X-More: a",
        "Content-Disposition: form-data; name=prompt~nonsense",
        // parts inside parts, types of more than one reading, lengths that lie
        "Content-Disposition: form-data; name=a; filename=b~Content-Type: multipart/mixed",
        "Content-Disposition: form-data; name=a; filename=b~Content-Type: message/rfc822",
        "Content-Disposition: form-data; name=a; filename=b~Content-Type: image/png; name=c",
        "Content-Disposition: form-data; name=a~Content-Type: text/plain~Content-Type: text/plain",
        "Content-Disposition: form-data; name=a~Content-Length: 2",
        "Content-Disposition: form-data; name=a~Content-Length: 01",
        "Content-Disposition: form-data; name=a~Content-Length: 1~Content-Length: 1",
      })
  void refusesHeadersThatReadersTakeDifferently(String head) {
    assertThat(defect(form(lines(head) + "\r\n\r\nx"))).isEqualTo("malformed_form");
  }

  /** Starlette passes over both; others undo them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: binary",
        "Content-Encoding: gzip",
        "Content-Type: text/plain; charset=utf-16",
        "Content-Type: text/plain; charset=\"iso-8859-1\"",
      })
  void refusesEncodingsOfParts(String line) {
    assertThat(defect(form("Content-Disposition: form-data; name=a\r\n" + line + "\r\n\r\nx")))
        .isEqualTo("part_encoding");
  }

  @Test
  void refusesTheFieldThatNamesACharsetForAll() {
    assertThat(defect(form(field("_charset_", "utf-16")))).isEqualTo("part_encoding");
  }

  static List<String> framings() {
    String good = form(PROMPT, file("image", "x"));
    List<String> bad = new ArrayList<>();
    // cut at every place: never a form, however it is cut
    for (int end = 0; end < good.length() - 3; end++) {
      bad.add(good.substring(0, end));
    }
    Collections.addAll(
        bad,
        good.substring(0, good.length() - 1),
        // before, after and between
        "\r\n" + good,
        "preamble\r\n" + good,
        good + "\r\n",
        good + "epilogue",
        good.replaceFirst("--\r\n$", "-- \r\n"),
        good.replaceFirst("--\r\n$", "--\n"),
        good.replaceFirst("--\r\n$", ""),
        good + good,
        // delimiters with more on their line, or with other line ends
        good.replaceFirst("\r\n", " \r\n"),
        good.replaceFirst("\r\n", "\n"),
        good.replaceFirst("\r\n", "\r"),
        good.replaceFirst("\r\n", "x\r\n"),
        good.replaceFirst("\r\n", "xy"),
        good.replace("\r\n", "\n"),
        form(),
        DASHED + "\r\n" + DASHED + "--\r\n",
        DASHED + "\r\n\r\n\r\n" + DASHED + "--\r\n",
        form("\r\nno header"),
        form(PROMPT.replace("\r\n\r\n", "\n\n")),
        form(PROMPT.replace("\r\n\r\n", "\r\n")),
        form(PROMPT, ""),
        // an empty part whose line end is also the delimiter's
        DASHED + "\r\nContent-Disposition: form-data; name=a\r\n\r\n" + DASHED + "--\r\n",
        // the boundary inside a part: RFC 2046 sees content, Werkzeug and others a delimiter
        form(file("image", "x\n" + DASHED + "\r\n" + field("prompt", "a bicycle"))),
        form(file("image", "x\r" + DASHED + "\r\n" + field("prompt", "a bicycle"))),
        form(file("image", "x" + DASHED + "\r\n" + field("prompt", "a bicycle"))),
        form(file("image", "x" + DASHED + "--")),
        // a longer line that begins with it: RFC 2046 sees a delimiter, Go's reader content
        form(file("image", "x\r\n" + DASHED + "x\r\ny")),
        form(field("prompt", DASHED)),
        form(PROMPT.replace("prompt", "pro" + DASHED + "mpt")));
    return bad;
  }

  @ParameterizedTest
  @MethodSource("framings")
  void refusesFramesThatReadersTakeDifferently(String form) {
    assertThat(defect(form)).isEqualTo("malformed_form");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x07, 0x09, 0x0A, 0x0D, 0x7F})
  void refusesControlCharactersInHeaders(int c) {
    for (String at : List.of("name=\"a\"; filename=\"b%sc\"", "name=\"a%sb\"", "name=\"a\"; %s")) {
      String head = "Content-Disposition: form-data; " + at.replace("%s", "" + (char) c);
      assertThat(defect(form(head + "\r\n\r\nx"))).as(at).isEqualTo("malformed_form");
    }
  }

  @Test
  void refusesFileNamesThatAreNotUtf8() {
    String head = "Content-Disposition: form-data; name=\"a\"; filename=\"%s.png\"\r\n\r\nx";
    String utf8 = new String("höhe".getBytes(UTF_8), ISO_8859_1);
    assertThat(defect(form(head.replace("%s", "h\u00f6he")))).isEqualTo("not_utf8");
    assertThat(parts(form(head.replace("%s", utf8)))).containsExactly("file:a(" + utf8 + ".png)=x");
  }

  @Test
  void bounds() {
    String[] most = Collections.nCopies(FormParts.PARTS_MAX, PROMPT).toArray(String[]::new);
    assertThat(parts(form(most))).hasSize(256);
    List<String> more = new ArrayList<>(List.of(most));
    more.add(PROMPT);
    assertThat(defect(form(more.toArray(String[]::new)))).isEqualTo("too_many_values");
    String name = "Content-Disposition: form-data; name=\"%s\"\r\n\r\nx";
    assertThat(parts(form(name.replace("%s", "a".repeat(40))))).hasSize(1);
    assertThat(defect(form(name.replace("%s", "a".repeat(41))))).isEqualTo("malformed_form");
    assertThat(defect(form(name.replace("%s", "a" + "[b]".repeat(27)))))
        .isEqualTo("malformed_form");
    String type = "Content-Disposition: form-data; name=a\r\nContent-Type: text/%s\r\n\r\nx";
    assertThat(defect(form(type.replace("%s", "a".repeat(2_000))))).isEqualTo("malformed_form");
    String fileName = "Content-Disposition: form-data; name=\"a\"; filename=\"%s\"\r\n\r\nx";
    assertThat(parts(form(fileName.replace("%s", "b".repeat(255))))).hasSize(1);
    assertThat(defect(form(fileName.replace("%s", "b".repeat(256))))).isEqualTo("malformed_form");
  }

  private static String lines(String head) {
    return head.replace("~", "\r\n");
  }

  private static String defect(String form) {
    try {
      return parts(form).toString();
    } catch (UnreadableException e) {
      return e.defect().wire();
    }
  }
}
