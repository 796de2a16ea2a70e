package io.sallyport.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Forms as tests write them, byte by byte, and short ways to read them. */
final class Forms {
  static final String BOUNDARY = "----form-7MA4YWxk";
  static final String TYPE = "multipart/form-data; boundary=" + BOUNDARY;
  static final Route EDIT = Samples.route(Samples.IMAGES, "POST", "/v1/images/edits");

  /** A one-pixel PNG as Latin-1 text. */
  static final String PNG = new String(Base64.getDecoder().decode(Samples.PNG), ISO_8859_1);

  private Forms() {}

  static String field(String name, String value) {
    return "Content-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value;
  }

  static String file(String name, String content) {
    return "Content-Disposition: form-data; name=\""
        + name
        + "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        + content;
  }

  /** The whole form, as Latin-1 text. */
  static String form(String... parts) {
    StringBuilder form = new StringBuilder();
    for (String part : parts) {
      form.append("--").append(BOUNDARY).append("\r\n").append(part).append("\r\n");
    }
    return form + "--" + BOUNDARY + "--\r\n";
  }

  static Reading read(String... parts) {
    return read(TYPE, form(parts).getBytes(ISO_8859_1));
  }

  static Reading read(String type, byte[] body) {
    return Samples.IMAGES.readRequest(EDIT, type, body, ReadLimits.defaults());
  }

  /** Every part as {@code form:name=content} or {@code file:name(filename)=content}. */
  static List<String> parts(String latin1) {
    byte[] body = latin1.getBytes(ISO_8859_1);
    return FormParts.read(body, BOUNDARY.getBytes(ISO_8859_1)).stream()
        .map(
            part ->
                part.where()
                    + (part.file()
                        ? "(" + latin1.substring(part.nameStart(), part.nameEnd()) + ")"
                        : "")
                    + "="
                    + latin1.substring(part.start(), part.end()))
        .collect(Collectors.toList());
  }

  /** A large form: a prompt, then one file of random bytes after a PNG's first ones. */
  static byte[] large(byte[] file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 1024);
    String head = form(field("prompt", "a dog"), file("image", ""));
    int cut = head.lastIndexOf("\r\n--");
    out.writeBytes(head.substring(0, cut).getBytes(ISO_8859_1));
    out.writeBytes(file);
    out.writeBytes(head.substring(cut).getBytes(ISO_8859_1));
    return out.toByteArray();
  }
}
