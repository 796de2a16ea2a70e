package io.sallyport.detect.image.ffm;

import java.util.List;

/** A library whose functions are bound. Safe on every thread. */
public sealed interface Codec permits LibAvif, LibDeflate, LibWebp, TurboJpeg {
  /** Its own version first, then those of what it decodes with. */
  List<Need> needs();
}
