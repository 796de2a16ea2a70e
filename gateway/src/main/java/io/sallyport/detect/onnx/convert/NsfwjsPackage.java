package io.sallyport.detect.onnx.convert;

import io.sallyport.detect.onnx.Digests;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The npm package {@code nsfwjs} in its pinned version, opened: the files of its model {@code
 * mobilenet_v2_mid} and its licence, each checked against its SHA-256.
 */
public final class NsfwjsPackage {
  /** The pinned version. */
  public static final String VERSION = "4.4.0";

  private static final String SPEC = "nsfwjs@" + VERSION;
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(120);

  private static final String FOLDER = "package/dist/models/mobilenet_v2_mid/";
  private static final String MODEL = FOLDER + "model.min.js";
  private static final String SHARD_1 = FOLDER + "group1-shard1of2.min.js";
  private static final String SHARD_2 = FOLDER + "group1-shard2of2.min.js";
  private static final String LICENCE = "package/LICENSE";

  /** Of the files as published; the package.json is among them because it names the version. */
  private static final Map<String, String> DIGESTS =
      Map.of(
          MODEL,
          "a7a9e701491e2449b221dab7c424957f853e700602b5575da33cfd745616f964",
          SHARD_1,
          "f2e79a209e44d668220ec5f1533a98f2be954e3953685bf074d201b82fefc29a",
          SHARD_2,
          "f291df992a0131741372506a6072fb9f1645bff7c973c983fd6276f5f9625d5e",
          LICENCE,
          "2f7fe40b4f0d97020f0a0dc2214d637471f6204e565eb83e9fd414f0e5287d94",
          "package/package.json",
          "bdd856d312805710882e06b80fbbf1691828a6c7434c6e3af53e24da631e34f9");

  private final Map<String, byte[]> files;

  private NsfwjsPackage(Map<String, byte[]> files) {
    this.files = files;
  }

  /**
   * Gets the package with {@code npm pack}, from whichever registry npm is configured for.
   *
   * @param folder made when absent; the tarball (25 MB) and npm's output are left in it
   * @return the tarball, not yet verified: that is {@link #open}'s work
   * @throws FetchException when npm is absent, the registry does not answer, or npm fails
   */
  public static Path fetch(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new NpmPack(List.of("npm"), FETCH_TIMEOUT).fetch(SPEC, folder);
  }

  /**
   * Opens a tarball of the package.
   *
   * @throws ModelSourceException when it is not a whole tarball, or a file in it is not the pinned
   *     one
   */
  public static NsfwjsPackage open(Path tarball) throws IOException {
    if (!Files.isRegularFile(tarball)) {
      throw new ModelSourceException("there is no tarball " + tarball);
    }
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(tarball))) {
      return new NsfwjsPackage(verified(TarGz.read(stream, DIGESTS.keySet()), DIGESTS));
    }
  }

  /** The same files, once each has the digest that was pinned for it. */
  static Map<String, byte[]> verified(Map<String, byte[]> files, Map<String, String> digests)
      throws ModelSourceException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!Digests.sha256(file.getValue()).equals(digests.get(file.getKey()))) {
        throw new ModelSourceException(
            SPEC + ": " + file.getKey() + " is not the file that was pinned");
      }
    }
    return files;
  }

  /**
   * The model, translated.
   *
   * @return an ONNX file: {@code pixels}, float32 [1, 3, 224, 224], red green blue from 0 to 1; to
   *     {@code probabilities}, float32 [1, 5], of drawing, hentai, neutral, porn, sexy
   */
  public byte[] toOnnx() throws ModelSourceException {
    TfjsGraph graph = TfjsGraph.read(file(MODEL), List.of(file(SHARD_1), file(SHARD_2)));
    return GraphModelToOnnx.convert(
        graph, EmbeddedImageModel.NAME, EmbeddedImageModel.INPUT, EmbeddedImageModel.OUTPUT);
  }

  /** The package's licence, MIT, with its copyright line. */
  public String licence() {
    return new String(file(LICENCE), StandardCharsets.UTF_8);
  }

  private byte[] file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }
}
