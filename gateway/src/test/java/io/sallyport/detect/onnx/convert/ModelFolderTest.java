package io.sallyport.detect.onnx.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.detect.onnx.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static final byte[] MODEL = {1, 2, 3};
  private static final Map<String, byte[]> FILES =
      Map.of("model.onnx", MODEL, "model.yaml", new byte[] {4}, "LICENSE", new byte[0]);

  @TempDir Path temporary;
  private Path models;
  private ModelFolder folder;

  @BeforeEach
  void makeFolder() {
    models = temporary.resolve("not/yet/there");
    folder = new ModelFolder(models, "toy", Digests.sha256(MODEL));
  }

  @Test
  void writesEveryFileAndNothingElse() throws IOException {
    assertThat(folder.isThere()).isFalse();
    assertThat(folder.write(FILES)).isEqualTo(ImportOutcome.WRITTEN);
    assertThat(folder.isThere()).isTrue();
    assertThat(models).isDirectoryNotContaining(path -> !path.endsWith("toy"));
    try (var files = Files.list(models.resolve("toy"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.onnx", "model.yaml", "LICENSE");
    }
    assertThat(models.resolve("toy/model.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void letsWhoeverMayEnterOrdinaryFoldersEnterThisOne() throws IOException {
    folder.write(FILES);
    Path ordinary = Files.createDirectory(temporary.resolve("ordinary"));
    assertThat(Files.getPosixFilePermissions(models.resolve("toy")))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
  }

  @Test
  void leavesAModelThatIsThereAlone() throws IOException {
    folder.write(FILES);
    Path card = models.resolve("toy/model.yaml");
    Files.writeString(card, "edited by the operator");
    assertThat(folder.write(FILES)).isEqualTo(ImportOutcome.ALREADY_THERE);
    assertThat(card).hasContent("edited by the operator");
  }

  @Test
  void refusesToReplaceAnotherModel() throws IOException {
    folder.write(FILES);
    Path model = models.resolve("toy/model.onnx");
    Files.write(model, new byte[] {9});
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> folder.write(FILES))
        .withMessageContaining("holds another model than the pinned one; delete the folder");
    assertThat(model).hasBinaryContent(new byte[] {9});
  }

  @Test
  void refusesToFillAFolderThatIsNotWhole() throws IOException {
    folder.write(FILES);
    Files.delete(models.resolve("toy/model.yaml"));
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(folder::isThere)
        .withMessageContaining("is not a whole model; delete the folder");
  }

  @Test
  void refusesAModelThatIsNotThePinnedOne() {
    Map<String, byte[]> other = Map.of("model.onnx", new byte[] {9}, "model.yaml", new byte[0]);
    assertThatExceptionOfType(ModelSourceException.class)
        .isThrownBy(() -> folder.write(other))
        .withMessageContaining("not the pinned one");
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(() -> folder.write(Map.of()));
    assertThat(models).doesNotExist();
  }

  @Test
  void leavesNothingBehindWhenWritingFails() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("model.onnx", MODEL);
    files.put("no-such-folder/file", MODEL);
    assertThatThrownBy(() -> folder.write(files)).isInstanceOf(IOException.class);
    assertThat(models).isEmptyDirectory();
  }

  @Test
  void acceptsThatAnotherProcessWasFasterWithTheSameModel() throws IOException {
    Path hidden = Files.createDirectories(models.resolve(".import-test"));
    folder.write(FILES);
    assertThat(folder.rename(hidden)).isEqualTo(ImportOutcome.ALREADY_THERE);
    Files.write(models.resolve("toy/model.onnx"), new byte[] {9});
    assertThatExceptionOfType(ModelSourceException.class).isThrownBy(() -> folder.rename(hidden));
  }
}
