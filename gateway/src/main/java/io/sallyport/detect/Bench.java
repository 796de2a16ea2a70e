package io.sallyport.detect;

import java.util.Comparator;
import java.util.List;

/**
 * The detectors of one kind of sample, with what prepares a sample for all of them.
 *
 * @param kind the samples that sit before this bench: {@link Sample.Text} or {@link Sample.Image}
 * @param preparer called once per sample
 * @param detectors asked in the order of their cost; those of one cost in the order given
 */
public record Bench<S>(
    Class<? extends Sample> kind, Preparer<S> preparer, List<? extends Detector<S>> detectors) {
  public Bench {
    detectors = detectors.stream().sorted(Comparator.comparing(Detector::cost)).toList();
  }
}
