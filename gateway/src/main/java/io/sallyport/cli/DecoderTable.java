package io.sallyport.cli;

import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.DecoderInfo;
import io.sallyport.detect.image.NativeUse;
import java.io.PrintWriter;

/**
 * Which decoder serves which format on this machine, as a configuration without a word of it has.
 */
final class DecoderTable {
  private DecoderTable() {}

  static void print(PrintWriter out) {
    for (DecoderInfo info : Codecs.open(NativeUse.AUTO).decoders()) {
      String note = info.note().isEmpty() ? "" : " (" + info.note() + ")";
      String who = (info.decoder() + " " + info.version()).strip();
      out.printf("%-28s decoded by %s%s%n", info.format(), who, note);
    }
    out.flush();
  }
}
