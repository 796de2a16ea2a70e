package io.sallyport;

import io.sallyport.detect.onnx.convert.ColourModel;
import io.sallyport.detect.onnx.convert.EmbeddedImageModel;
import io.sallyport.detect.onnx.convert.NsfwjsTarball;
import java.io.IOException;
import java.nio.file.Path;

/** The models that the demo fetches, imported once per build folder. */
public final class RealModels {
  private static final Path DIR = Path.of("target", "models").toAbsolutePath();

  private RealModels() {}

  /** The folder of models; the calling test is skipped when npm or its registry is out of reach. */
  public static synchronized Path get() throws IOException {
    EmbeddedImageModel.importInto(DIR, NsfwjsTarball.get());
    ColourModel.writeInto(DIR);
    return DIR;
  }
}
