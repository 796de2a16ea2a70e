package io.sallyport.detect.image;

/** What a file of frames says of itself; a single frame is one, too. */
sealed interface AnimatedHeader extends ImageHeader permits GifHeader, ApngHeader, WebpAnimation {
  /** How many frames are drawn one after another, 1 to the cap. */
  int frames();

  /** Where and how a frame is drawn; inside the canvas. */
  FrameArea area(int frame);

  /** Bytes for a certainty that decoding any one frame takes beside the canvas. */
  long decoderBytes();

  /** Bytes beyond {@link #decoderBytes} that hostile data can make a decoder take. */
  long tableBytes();
}
