package io.sallyport.detect.image;

import io.sallyport.detect.UnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;

/**
 * Takes the boxes of an AVIF's description: the primary item ({@code pitm}), its properties ({@code
 * iprp}), and the items' places ({@code iloc}), which must lie in the file. For one thread.
 */
final class AvifItems {
  private static final int PITM = 0x7069746D;
  private static final int ILOC = 0x696C6F63;
  private static final int IPRP = 0x69707270;
  private static final int IPCO = 0x6970636F;
  private static final int IPMA = 0x69706D61;
  private static final int ISPE = 0x69737065;
  private static final int PIXI = 0x70697869;
  private static final int IROT = 0x69726F74;
  private static final int IMIR = 0x696D6972;
  private static final int CLAP = 0x636C6170;
  private static final int AUXC = 0x61757843;
  private static final int FULL = 4;
  private static final int MAX_PROPERTIES = 512;

  private final FileBytes file;
  private final ImageLimits limits;
  private final List<Property> properties = new ArrayList<>();
  private final List<Integer> ofPrimary = new ArrayList<>();
  private long primary = -1;
  private boolean alpha;

  private record Property(int type, int at, int length) {}

  AvifItems(FileBytes file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** Takes a box of the description; the primary item is named before its properties. */
  void take(BoxWalk box) throws UnavailableException {
    switch (box.type()) {
      case PITM -> {
        box.need(6);
        boolean shortId = file.u8(box.data()) == 0;
        primary = shortId ? file.u16(box.data() + FULL) : unsigned(box.data() + FULL, 4);
      }
      case ILOC -> new AvifLocations(file, box).check();
      case IPRP -> {
        BoxWalk inside = box.inside(0);
        while (inside.next()) {
          switch (inside.type()) {
            case IPCO -> properties(inside.inside(0));
            case IPMA -> associations(inside);
            default -> {}
          }
        }
      }
      default -> {}
    }
  }

  private void properties(BoxWalk boxes) throws UnavailableException {
    while (boxes.next()) {
      if (properties.size() == MAX_PROPERTIES) {
        throw Failures.tooLarge("too many properties of an AVIF");
      }
      properties.add(new Property(boxes.type(), boxes.data(), boxes.length()));
      switch (boxes.type()) {
        case ISPE -> {
          boxes.need(FULL + 8);
          int at = boxes.data() + FULL;
          limits.checkSize(file.i32(at), file.i32(at + 4), file.size());
        }
        case AUXC -> alpha = true;
        default -> {}
      }
    }
  }

  private void associations(BoxWalk box) throws UnavailableException {
    box.need(FULL + 4);
    int version = file.u8(box.data());
    boolean wide = (file.u8(box.data() + 3) & 1) != 0;
    long entries = unsigned(box.data() + FULL, 4);
    int at = box.data() + FULL + 4;
    for (long i = 0; i < entries; i++) {
      int idBytes = version == 0 ? 2 : 4;
      boolean ofThePrimary = unsigned(at, idBytes) == primary;
      int count = file.u8(at + idBytes);
      at += idBytes + 1;
      for (int j = 0; j < count; j++) {
        int index = wide ? file.u16(at) & 0x7FFF : file.u8(at) & 0x7F;
        at += wide ? 2 : 1;
        if (ofThePrimary && index > 0) {
          ofPrimary.add(index);
        }
      }
      if (at > box.end()) {
        throw Failures.undecodable("a box is too short");
      }
    }
  }

  AvifHeader finish() throws UnavailableException {
    int width = 0;
    int height = 0;
    int depth = 8;
    int turns = 0;
    int mirror = -1;
    for (int index : ofPrimary) {
      if (index > properties.size()) {
        throw Failures.undecodable("a property that is not there");
      }
      Property property = properties.get(index - 1);
      int at = property.at();
      switch (property.type()) {
        case ISPE -> {
          width = file.i32(at + FULL);
          height = file.i32(at + FULL + 4);
        }
        case PIXI -> depth = file.u8(at + FULL + 1);
        case IROT -> turns = file.u8(at) & 3;
        case IMIR -> mirror = file.u8(at) & 1;
        case CLAP -> throw Failures.unsupported("a cropped AVIF");
        default -> {}
      }
    }
    limits.checkSize(width, height, file.size());
    EnumSet<Orientation> orientation = EnumSet.of(orientation(turns, mirror));
    return new AvifHeader(width, height, depth, alpha, Collections.unmodifiableSet(orientation));
  }

  /**
   * Rotation first, then mirroring (ISO/IEC 23000-22, 7.3.6.7).
   *
   * @param turns quarter turns, anticlockwise
   * @param axis of mirroring: 0 upside down, 1 left to right, or -1
   */
  static Orientation orientation(int turns, int axis) {
    Orientation[] unmirrored = {
      Orientation.NORMAL, Orientation.TURNED_270, Orientation.TURNED_180, Orientation.TURNED_90
    };
    Orientation[] upsideDown = {
      Orientation.MIRRORED_DOWN,
      Orientation.TRANSPOSED,
      Orientation.MIRRORED,
      Orientation.TRANSVERSED
    };
    return switch (axis) {
      case 0 -> upsideDown[turns];
      case 1 -> upsideDown[turns ^ 2];
      default -> unmirrored[turns];
    };
  }

  private long unsigned(int at, int bytes) throws UnavailableException {
    return bytes == 2 ? file.u16(at) : file.i32(at) & 0xFFFF_FFFFL;
  }
}
