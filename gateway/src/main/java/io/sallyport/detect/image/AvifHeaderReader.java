package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;

/**
 * Walks the boxes of one AVIF to its last byte: which item is the picture, how large it is, and how
 * it is turned. Coded data is not looked into.
 *
 * <p>Refused: sequences, other codecs' files of the same family, and a clean aperture ({@code
 * clap}), which viewers treat differently. Every {@code ispe}, also of the tiles of a grid and of
 * thumbnails, is held to the caps.
 */
final class AvifHeaderReader {
  private static final int FTYP = 0x66747970;
  private static final int META = 0x6D657461;
  private static final int MOOV = 0x6D6F6F76;
  private static final int AVIF = 0x61766966;
  private static final int AVIS = 0x61766973;

  private final FileBytes file;
  private final ImageLimits limits;
  private boolean found;

  AvifHeaderReader(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  AvifHeader read() throws UnavailableException {
    BoxWalk boxes = new BoxWalk(file, 0, file.size());
    AvifItems items = new AvifItems(file, limits);
    boolean first = true;
    while (boxes.next()) {
      if (first != (boxes.type() == FTYP)) {
        throw Failures.undecodable("AVIF does not begin with its brands");
      }
      first = false;
      switch (boxes.type()) {
        case FTYP -> brands(boxes);
        case META -> meta(boxes, items);
        case MOOV -> throw Failures.unsupported("a sequence of pictures");
        default -> {}
      }
    }
    if (!found) {
      throw Failures.undecodable("AVIF ends without an image");
    }
    return items.finish();
  }

  private void brands(BoxWalk box) throws UnavailableException {
    if (box.length() < 8 || box.length() % 4 != 0) {
      throw Failures.undecodable("misshapen brands");
    }
    boolean still = false;
    for (int at = box.data(); at < box.end(); at += 4) {
      boolean version = at == box.data() + 4;
      if (!version && file.i32(at) == AVIS) {
        throw Failures.unsupported("a sequence of pictures");
      }
      still |= !version && file.i32(at) == AVIF;
    }
    if (!still) {
      throw Failures.unsupported("no format that is judged here");
    }
  }

  private void meta(BoxWalk box, AvifItems items) throws UnavailableException {
    if (found) {
      throw Failures.undecodable("a second description of the AVIF");
    }
    found = true;
    BoxWalk inside = box.inside(4);
    while (inside.next()) {
      items.take(inside);
    }
  }
}
