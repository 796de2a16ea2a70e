package io.sallyport.detect;

import io.sallyport.signal.Stage;
import java.nio.ByteBuffer;

/** One thing to judge. Lives for one exchange; holds content, so it is never logged or stored. */
public sealed interface Sample {
  /** The stage that it belongs to. */
  Stage stage();

  /**
   * A text of a request.
   *
   * @param value the text as the client sent it, at most the configured number of characters
   */
  record Text(Stage stage, String value) implements Sample {
    /** Content never reaches a log by accident. */
    @Override
    public String toString() {
      return "Text[" + stage + ", " + value.length() + " chars]";
    }
  }

  /**
   * An encoded image.
   *
   * @param bytes the file as it travels, read-only, position at its first byte
   */
  record Image(Stage stage, ByteBuffer bytes) implements Sample {
    /** Content never reaches a log by accident. */
    @Override
    public String toString() {
      return "Image[" + stage + ", " + bytes.remaining() + " bytes]";
    }
  }
}
