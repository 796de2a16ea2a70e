package io.sallyport.dialect;

import java.nio.ByteBuffer;

/** An image that a body brings: where its bytes are and how they are written. */
public sealed interface ImagePart {
  /** The place: a JSON Pointer, or a word for a part of another kind of body. Never content. */
  String where();

  /**
   * The encoded file, from its first byte to its last.
   *
   * @param body the body in which the part was found
   * @return a buffer of its own position and limit; nobody writes to its bytes
   * @throws BadBase64Exception when the part is base64 and not canonical
   */
  ByteBuffer bytes(byte[] body) throws BadBase64Exception;

  /**
   * Base64 within the body.
   *
   * @param start offset of the first base64 character, after any {@code data:} prefix
   * @param end offset after the last one
   * @param escaped true when the range holds JSON escapes (for example {@code \/}) to undo first
   */
  record Base64(int start, int end, boolean escaped, String where) implements ImagePart {
    @Override
    public ByteBuffer bytes(byte[] body) throws BadBase64Exception {
      return Base64Image.decode(body, this);
    }
  }

  /**
   * The bytes themselves within the body: all of it, or a part of a form.
   *
   * @param start offset of the first byte
   * @param end offset after the last one
   */
  record Raw(int start, int end, String where) implements ImagePart {
    @Override
    public ByteBuffer bytes(byte[] body) {
      return ByteBuffer.wrap(body, start, end - start).slice();
    }
  }

  /**
   * Pixels without a file around them, row by row from the top: an uncompressed PNG is made of
   * them.
   *
   * @param start offset of the first one's first byte
   * @param channels of a pixel: 1 (grey), 3 (red, green, blue) or 4 (and alpha)
   * @param floats true for little-endian 32-bit numbers from 0 to 1, false for bytes
   */
  record Pixels(int start, int height, int width, int channels, boolean floats, String where)
      implements ImagePart {
    /** How many numbers it consists of. */
    int elements() {
      return height * width * channels;
    }

    @Override
    public ByteBuffer bytes(byte[] body) {
      return PixelPng.of(body, this);
    }
  }

  /**
   * Bytes that stand nowhere in the body as they are: unpacked from a container.
   *
   * @param image not written by anybody any more
   */
  record Unpacked(ByteBuffer image, String where) implements ImagePart {
    @Override
    public ByteBuffer bytes(byte[] body) {
      return image.duplicate();
    }

    /** Content never reaches a log by accident. */
    @Override
    public String toString() {
      return "Unpacked[" + where + ", " + image.remaining() + " bytes]";
    }
  }
}
