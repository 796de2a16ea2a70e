package io.sallyport;

import io.sallyport.detect.AwaitedDetector;
import io.sallyport.detect.Cancellation;
import io.sallyport.detect.Detector;
import io.sallyport.detect.DetectorPanel;
import io.sallyport.detect.Sample;
import io.sallyport.signal.Stage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;

/**
 * Asks every detector about plain samples before the first client comes, so that tables are built,
 * classes are loaded and hot paths are compiled when it does. What the detectors say is not looked
 * at: models have passed their self-tests by now.
 */
final class WarmUp {
  /** No caller of the gateway's has this name. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String CALLER = "";

  private static final int SIDE = 256;
  private static final List<String> PROMPTS =
      List.of(
          "a lighthouse on a rocky coast at dawn, soft light",
          "a (red:1.2) bicycle in front of a bakery, <lora:pixel:0.8>",
          "portrait of a fisherman, oil on canvas, 4k, highly detailed",
          "3d render of a tea pot &amp; two cups, b.a.l.a.n.c.e.d composition");

  private final DetectorPanel panel;
  private final Set<String> names = new HashSet<>();

  WarmUp(DetectorPanel panel) {
    this.panel = panel;
    for (Detector<?> detector : panel.detectors()) {
      // Another machine has nothing to compile for us, and its time is not ours to spend.
      if (!(detector instanceof AwaitedDetector<?>)) {
        names.add(detector.name());
      }
    }
  }

  /**
   * Begins nothing after so long; blocks. The last question has all the time that it needs: one cut
   * short by the end of the warm-up would count against its model.
   */
  void run(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    List<ByteBuffer> pictures = List.of(picture("png"), picture("jpeg"));
    for (int round = 0; System.nanoTime() - end < 0; round++) {
      ask(new Sample.Text(Stage.PROMPT, PROMPTS.get(round % PROMPTS.size()) + " " + round));
      ByteBuffer picture = pictures.get(round % pictures.size());
      ask(new Sample.Image(Stage.OUTPUT_IMAGE, picture.asReadOnlyBuffer()));
    }
  }

  /**
   * Asks some detectors on this thread, beside running traffic and uncounted; blocks for at most so
   * long and one answer more.
   */
  void rehearse(Set<String> detectors, Duration most) {
    Set<String> here = new HashSet<>(detectors);
    here.retainAll(names);
    if (here.isEmpty()) {
      return;
    }
    long end = System.nanoTime() + most.toNanos();
    ByteBuffer picture = picture("png");
    for (String prompt : PROMPTS) {
      panel.rehearse(here, new Sample.Text(Stage.PROMPT, prompt), end);
      panel.rehearse(here, new Sample.Image(Stage.OUTPUT_IMAGE, picture.asReadOnlyBuffer()), end);
    }
  }

  private void ask(Sample sample) {
    Set<String> wanted = panel.expected(sample.stage(), names);
    if (!wanted.isEmpty()) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      panel
          .inspect(CALLER, wanted, sample, deadline, new Cancellation())
          .toCompletableFuture()
          .join();
    }
  }

  private static ByteBuffer picture(String format) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, x << 16 | y << 8 | (x ^ y));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }
}
