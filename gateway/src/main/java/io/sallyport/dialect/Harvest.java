package io.sallyport.dialect;

import io.sallyport.fetch.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is found while a body is walked, within the limits. Belongs to one thread. */
final class Harvest {
  /** Longest spelling of one UTF-16 unit in JSON: a six-byte escape. */
  private static final int UNIT_BYTES_MAX = 6;

  /** Numbers in arrays from which they may be the bytes or pixels of an image. */
  private static final int ARRAY_NUMBERS_MAX = 1024;

  private final byte[] body;
  private final Walk walk;
  private final ReadLimits limits;
  private final List<TextPart> claimed = new ArrayList<>();
  private final List<TextPart> swept = new ArrayList<>();
  private final List<ImagePart> images = new ArrayList<>();
  private final List<LinkPart> links = new ArrayList<>();
  private Optional<String> user = Optional.empty();
  private int chars;
  private int arrayNumbers;

  Harvest(byte[] body, Walk walk, ReadLimits limits) {
    this.body = body;
    this.walk = walk;
    this.limits = limits;
  }

  /** The text of the string just met, bounded before it is built. */
  String text() {
    if (walk.end() - walk.start() > (long) limits.textChars() * UNIT_BYTES_MAX) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
    String text = walk.text();
    if (text.length() > limits.textChars()) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
    return text;
  }

  void claimed(String text, TextPart.Role role) {
    count(text);
    claimed.add(new TextPart(text, role, walk.where()));
  }

  void swept(String text) {
    count(text);
    swept.add(new TextPart(text, TextPart.Role.UNKNOWN, walk.where()));
  }

  void user(String name) {
    user = Optional.of(name);
  }

  /** Takes the string just met as an image, or as the URL of one where those are fetched. */
  void image(Claim.Form as, Optional<List<HostPattern>> fetch) {
    boolean empty = walk.start() == walk.end();
    if (fetch.isPresent() && isLink(as)) {
      if (!(as == Claim.Form.URL && empty)) {
        roomForOne();
        links.add(new LinkPart(text(), fetch.get(), walk.where()));
      }
    } else {
      image(as == Claim.Form.URL ? Claim.Form.DATA_URI : as);
    }
  }

  /** Takes the string just met as an image. */
  void image(Claim.Form as) {
    int start = walk.start();
    boolean dataUri = as != Claim.Form.BASE64 && DataUri.is(body, start, walk.end());
    if (dataUri) {
      start = DataUri.payload(body, start, walk.end());
    } else if (as == Claim.Form.DATA_URI || (as == Claim.Form.AUTO && isUrl())) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
    roomForOne();
    images.add(new ImagePart.Base64(start, walk.end(), walk.escaped(), walk.where()));
  }

  /** Counts a number that no selector claims; images may come as arrays of them. */
  void number() {
    if (walk.inArray() && ++arrayNumbers > ARRAY_NUMBERS_MAX) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
  }

  /** True when neither a text nor an image was found. */
  boolean isEmpty() {
    return claimed.isEmpty() && swept.isEmpty() && images.isEmpty();
  }

  Reading.Parts parts() {
    List<TextPart> texts = new ArrayList<>(claimed);
    texts.addAll(swept);
    return new Reading.Parts(texts, images, links, user, swept.size());
  }

  private boolean isLink(Claim.Form as) {
    return switch (as) {
      case URL -> !DataUri.is(body, walk.start(), walk.end());
      case AUTO -> !DataUri.is(body, walk.start(), walk.end()) && isUrl();
      case BASE64, DATA_URI, BYTES -> false;
    };
  }

  private void roomForOne() {
    if (images.size() + links.size() == limits.images()) {
      throw new UnreadableException(Defect.TOO_MANY_IMAGES);
    }
  }

  private boolean isUrl() {
    byte[] head =
        JsonText.decodeStart(body, walk.start(), walk.end(), 64)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return Looks.likeUrl(head, 0, head.length);
  }

  private void count(String text) {
    if (claimed.size() + swept.size() == limits.texts()) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    chars += text.length();
    if (chars > limits.allTextChars()) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
  }
}
