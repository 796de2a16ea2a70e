package io.sallyport;

import io.sallyport.config.GatewayConfig.CodecUse;
import io.sallyport.config.GatewayConfig.NativeCodecs;
import io.sallyport.detect.image.Codecs;
import io.sallyport.detect.image.DecoderInfo;
import io.sallyport.detect.image.NativeUse;
import io.sallyport.detect.image.ffm.Use;
import io.sallyport.ops.EventLog;
import io.sallyport.ops.LogKey;
import io.sallyport.ops.Meters;

/** From the operator's word on decoders to those that the machine has, told in log and metrics. */
final class Decoders {
  private static final EventLog LOG = EventLog.of(Decoders.class);

  private Decoders() {}

  static Codecs open(NativeCodecs said) {
    return Codecs.open(
        new NativeUse(use(said.png()), use(said.jpeg()), use(said.webp()), use(said.avif())));
  }

  private static Use use(CodecUse said) {
    return switch (said) {
      case AUTO -> Use.AUTO;
      case OFF -> Use.OFF;
      case TRUST -> Use.TRUST;
    };
  }

  static void tell(Codecs codecs, Meters meters) {
    for (DecoderInfo info : codecs.decoders()) {
      meters.decoder(info.format(), info.decoder(), info.version());
      EventLog.Line line =
          LOG.info()
              .with(LogKey.FORMAT, info.format())
              .with(LogKey.DECODER, info.decoder())
              .with(LogKey.VERSION, info.version());
      (info.note().isEmpty() ? line : line.with(LogKey.NOTE, info.note())).say("image decoder");
    }
  }
}
