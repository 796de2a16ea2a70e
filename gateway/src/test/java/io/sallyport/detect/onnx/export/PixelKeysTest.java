package io.sallyport.detect.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.yaml.Problems;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PixelKeysTest {
  private static final String VALUES =
      ", \"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.2, 0.2, 0.2]}";

  private final Problems problems = new Problems();
  private final Notes notes = new Notes();

  private String yaml(String json) {
    ExportFolder folder = new ExportFolder(Path.of("export"), problems);
    return new PixelKeys(JsonMapper.shared().readTree(json), folder, notes).yaml();
  }

  /** Each line: the file, and what the card says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"size\": {\"height\": 224, \"width\": 224}, \"resample\": 2 | side: 224, | stretched to"
            + " 224x224 (",
        "{\"size\": 224, \"resample\": 2 | side: 224, | stretched to 224x224 (",
        "{\"size\": {\"shortest_edge\": 256}, \"do_center_crop\": true, \"crop_size\": 224,"
            + " \"resample\": 2 | side: 224, resize: {mode: shortest-edge, to: 256}, kernel:"
            + " bilinear, | shorter edge 256, cut to 224x224 (",
        "{\"size\": {\"shortest_edge\": 256}, \"do_center_crop\": true, \"crop_size\": {\"height\":"
            + " 224, \"width\": 224}, \"resample\": 3 | side: 224, resize: {mode: shortest-edge,"
            + " to: 256}, kernel: bicubic, | bicubic (resample",
        "{\"size\": 256, \"do_center_crop\": true, \"crop_size\": 224, \"resample\": 2 | side: 224,"
            + " resize: {mode: shortest-edge, to: 256}, | shorter edge 256, cut to 224x224 (",
        "{\"size\": {\"shortest_edge\": 224}, \"crop_pct\": 0.875, \"resample\": 3 | side: 224,"
            + " resize: {mode: shortest-edge, to: 256}, | shorter edge 256, cut to 224x224 (",
        "{\"size\": {\"shortest_edge\": 384}, \"crop_pct\": 0.875, \"resample\": 3 | side: 384,"
            + " resize: {mode: stretch}, kernel: bicubic, | stretched to 384x384 (",
        "{\"size\": 32, \"resample\": 4 | kernel: area, | kernel      area (resample",
        "{\"size\": 32 | kernel: bilinear, | kernel      bilinear (assumed",
        "{\"size\": 32, \"do_flip_channel_order\": true | channels: bgr, | bgr (do_flip",
        "{\"size\": 32 | channels: rgb, | rgb (assumed",
        "{\"size\": 32, \"rescale_factor\": 0.00392156862745098 | range: [0.0, 1.0], mean: [0.5,"
            + " 0.4, 0.3], std: [0.2, 0.2, 0.2] | values",
        "{\"size\": 32, \"do_rescale\": false | range: [0.0, 255.0], | values",
        "{\"size\": 32, \"rescale_factor\": 0.00784313725490196, \"rescale_offset\": true | range:"
            + " [-1.0, 1.0], | values",
        "{\"size\": 32, \"do_normalize\": false | mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0] |"
            + " values"
      })
  void saysWhatTheFileSays(String json, String card, String note) {
    assertThat(yaml(json + VALUES)).contains(card);
    assertThat(problems.list()).isEmpty();
    assertThat(notes.lines()).anySatisfy(line -> assertThat(line).contains(note));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"resample\": 2 | size: expected {height, width} of a square",
        "{\"size\": {\"height\": 224, \"width\": 192} | size: expected {height, width} of a square",
        "{\"size\": {\"shortest_edge\": 224} | a shortest_edge needs do_center_crop",
        "{\"size\": {\"height\": 256, \"width\": 256}, \"do_center_crop\": true, \"crop_size\": 224"
            + " | a crop of 224 from a picture stretched to 256",
        "{\"size\": {\"shortest_edge\": 200}, \"do_center_crop\": true, \"crop_size\": 224 |"
            + " expected a square",
        "{\"size\": 4096 | expected a square of 8 to 1024",
        "{\"size\": 224, \"resample\": 1 | resample: expected 2 (bilinear)",
        "{\"size\": 224, \"do_resize\": false | do_resize: false",
        "{\"size\": 224, \"do_pad\": true | do_pad: true is not supported",
        "{\"size\": 224, \"crop_pct\": 7 | crop_pct from 0 to 1",
        "{\"size\": 224, \"rescale_factor\": 0 | must be above 0"
      })
  void refusesWhatPicturesCannotBeMadeOf(String json, String why) {
    yaml(json + VALUES);
    assertThat(problems.list()).singleElement().asString().contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"size\": 224, \"image_std\": [1, 1, 1]} | image_mean: expected three numbers",
        "{\"size\": 224, \"image_mean\": [0, 0, 0], \"image_std\": [1, 1]} | image_std: expected"
            + " three numbers",
        "{\"size\": 224, \"image_mean\": [0, 0, 0], \"image_std\": [1, 1, 0]} | must be above 0"
      })
  void refusesValuesThatAreNotThere(String json, String why) {
    yaml(json);
    assertThat(problems.list()).singleElement().asString().contains(why);
  }
}
