package io.sallyport.detect.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where the files of one model are: a folder of the operator's, or our own class path. */
public sealed interface Bundle {
  /** No file of a model is larger; graphs are read into one array. */
  int BYTES_MAX = 1 << 30;

  /**
   * Segments of plain characters that do not start with a dot, so neither {@code ..} nor hidden.
   */
  Pattern INSIDE =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,3}");

  /** The card as the operator would name it in a message. */
  String card();

  /** The place as the operator would name it. */
  String place();

  /**
   * The whole file.
   *
   * @param file a path for which {@link #isInside} holds
   * @throws IOException with a message for the operator
   */
  byte[] read(String file) throws IOException;

  /** True for a relative path that stays below the folder, symbolic links aside. */
  static boolean isInside(String file) {
    return file.length() <= 200 && INSIDE.matcher(file).matches();
  }

  /**
   * A folder. Links are followed and must end inside it.
   *
   * @param folder as the operator names it
   */
  record Folder(Path folder) implements Bundle {
    @Override
    public String card() {
      return folder.resolve(CardReader.FILE).toString();
    }

    @Override
    public String place() {
      return folder.toString();
    }

    @Override
    public byte[] read(String file) throws IOException {
      Path real = real(file);
      if (!Files.isRegularFile(real)) {
        throw new IOException("'" + file + "' is not a regular file");
      }
      if (Files.size(real) > BYTES_MAX) {
        throw new IOException("'" + file + "' is larger than " + BYTES_MAX + " bytes");
      }
      return Files.readAllBytes(real);
    }

    private Path real(String file) throws IOException {
      Path base;
      Path real;
      try {
        base = folder.toRealPath();
        real = base.resolve(file).toRealPath();
      } catch (IOException e) {
        throw new IOException("'" + file + "' is not there", e);
      }
      if (!real.startsWith(base)) {
        throw new IOException("'" + file + "' leads outside the model's folder");
      }
      return real;
    }
  }

  /**
   * Class-path resources: the card is ours, the files are a dependency's.
   *
   * @param resource the card's absolute resource path
   */
  record Embedded(String resource) implements Bundle {
    @Override
    public String card() {
      return "classpath:" + resource;
    }

    @Override
    public String place() {
      return "classpath";
    }

    @Override
    public byte[] read(String file) throws IOException {
      String path = file.equals(CardReader.FILE) ? resource : "/" + file;
      try (InputStream in = Bundle.class.getResourceAsStream(path)) {
        if (in == null) {
          throw new IOException("'" + file + "' is not on the class path");
        }
        return in.readAllBytes();
      }
    }
  }
}
