package io.sallyport.dialect;

import static io.sallyport.dialect.Forms.field;
import static io.sallyport.dialect.Forms.file;
import static io.sallyport.dialect.Forms.form;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forms and archives of any bytes: reading throws nothing, and what is accepted holds. */
class FormFuzzTest {
  private static final String FORM =
      form(
          field("prompt", "a dog"),
          file("image[]", Forms.PNG),
          field("lora", "{\"name\":\"pixel\"}"),
          field("n", "1"));

  /** What is accepted is spelled in one way: written anew from its parts, it is the same bytes. */
  @FuzzTest
  void readsAnyForm(byte[] body) {
    Reading reading = Forms.read(Forms.TYPE, body);
    if (reading instanceof Reading.Parts parts) {
      assertThat(parts.texts().size() + parts.images().size()).isPositive();
      for (ImagePart image : parts.images()) {
        ImagePart.Raw raw = (ImagePart.Raw) image;
        assertThat(raw.start()).isBetween(0, raw.end());
        assertThat(raw.end()).isBetween(raw.start(), body.length);
      }
      isItsPartsAndNothingElse(body);
    }
  }

  @FuzzTest
  void readsAnyType(byte[] type) {
    String header = new String(type, ISO_8859_1);
    FormType.boundary(header)
        .ifPresent(
            boundary -> {
              assertThat(boundary).hasSizeBetween(1, 70);
              assertThat(FormType.isClaimed(header)).isTrue();
              assertThat(header).contains(new String(boundary, ISO_8859_1));
            });
  }

  @FuzzTest
  void readsAnyArchive(byte[] body) {
    Reading reading =
        Samples.IMAGES.readReply(
            Forms.EDIT, 200, "application/zip", body, body.length, ReadLimits.defaults());
    if (reading instanceof Reading.Parts parts && body.length > 0) {
      assertThat(parts.images()).isNotEmpty();
      for (ImagePart image : parts.images()) {
        assertThat(bytes(image, body)).isPositive();
      }
    }
  }

  @Test
  void staysCalmOnMutatedSeeds() {
    byte[] zip =
        new ZipFile()
            .add("a.png", ZipFile.STORED, Forms.PNG.getBytes(ISO_8859_1))
            .addStreamed("b.png", Forms.PNG.getBytes(ISO_8859_1))
            .bytes();
    Mutations.run(1, 20_000, FORM.getBytes(ISO_8859_1), this::readsAnyForm);
    Mutations.run(2, 5_000, Forms.TYPE.getBytes(ISO_8859_1), this::readsAnyType);
    Mutations.run(3, 20_000, zip, this::readsAnyArchive);
  }

  /** Between and around the contents stand delimiters and headers only. */
  private static void isItsPartsAndNothingElse(byte[] body) {
    String text = new String(body, ISO_8859_1);
    List<FormPart> parts = FormParts.read(body, Forms.BOUNDARY.getBytes(ISO_8859_1));
    int at = 0;
    for (FormPart part : parts) {
      assertThat(text.startsWith("--" + Forms.BOUNDARY + "\r\n", at)).isTrue();
      assertThat(part.start()).isGreaterThan(at);
      assertThat(text.startsWith("\r\n--" + Forms.BOUNDARY, part.end())).isTrue();
      at = part.end() + 2;
    }
    assertThat(text.substring(at).stripTrailing()).isEqualTo("--" + Forms.BOUNDARY + "--");
  }

  private static int bytes(ImagePart image, byte[] body) {
    try {
      return image.bytes(body).remaining();
    } catch (BadBase64Exception e) {
      throw new AssertionError(e);
    }
  }
}
