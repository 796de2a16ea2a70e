package io.sallyport.testing;

import io.sallyport.detect.Bench;
import io.sallyport.detect.Detector;
import io.sallyport.detect.Sample;
import io.sallyport.detect.UnavailableException;
import io.sallyport.signal.Cause;
import io.sallyport.signal.Signal;
import io.sallyport.signal.Stage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Detectors that do what a sample's own words say: {@code bicycle} and {@code red} score 1, {@code
 * CRASH} throws, {@code HANG} sleeps past every deadline, {@code UNDECODABLE} is an image that is
 * none.
 */
public final class Scripted {
  private Scripted() {}

  /** The detector {@code words} of texts, with the label {@code bicycle}. */
  public static Bench<String> words() {
    return new Bench<>(
        Sample.Text.class,
        sample -> ((Sample.Text) sample).value(),
        List.of(new Words("words", "bicycle", Stage.OF_TEXTS)));
  }

  /** The detector {@code pictures} of images, with the label {@code red}; an image is any text. */
  public static Bench<String> pictures() {
    return pictures(List.of(new Words("pictures", "red", Stage.OF_IMAGES)));
  }

  /** The same, and a detector {@code second} with the label {@code blue} beside it. */
  public static Bench<String> picturesWithSecond() {
    return pictures(
        List.of(
            new Words("pictures", "red", Stage.OF_IMAGES),
            new Words("second", "blue", Stage.OF_IMAGES)));
  }

  private static Bench<String> pictures(List<Words> detectors) {
    return new Bench<>(
        Sample.Image.class,
        sample -> {
          String text =
              StandardCharsets.ISO_8859_1
                  .decode(((Sample.Image) sample).bytes().duplicate())
                  .toString();
          if (text.contains("UNDECODABLE")) {
            throw new UnavailableException(Cause.UNDECODABLE, "scripted");
          }
          return text;
        },
        detectors);
  }

  private record Words(String name, String word, Set<Stage> stages) implements Detector<String> {
    @Override
    public Set<String> labels() {
      return Set.of(word);
    }

    @Override
    public String digest() {
      return "0".repeat(64);
    }

    @Override
    public List<Signal> inspect(Stage stage, String sample, long deadlineNanos) {
      if (sample.contains("CRASH")) {
        throw new IllegalStateException("scripted");
      }
      if (sample.contains("HANG")) {
        sleep();
      }
      return List.of(
          new Signal.Score(
              name, stage, word, sample.contains(word) || sample.contains("two wheels") ? 1 : 0));
    }

    private static void sleep() {
      try {
        Thread.sleep(3_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
