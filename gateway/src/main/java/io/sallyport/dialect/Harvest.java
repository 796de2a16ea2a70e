package io.sallyport.dialect;

import io.sallyport.fetch.HostPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is found while a body is walked, within the limits. Belongs to one thread. */
final class Harvest {
  /** Longest spelling of one UTF-16 unit in JSON: a six-byte escape. */
  private static final int UNIT_BYTES_MAX = 6;

  /** Enough of a string with escapes to know an image by. */
  private static final int HEAD_BYTES = 4096;

  /** Numbers in arrays from which they may be the bytes or pixels of an image. */
  private static final int ARRAY_NUMBERS_MAX = 1024;

  private final byte[] body;
  private final Values walk;
  private final ReadLimits limits;
  private final List<TextPart> claimed = new ArrayList<>();
  private final List<TextPart> swept = new ArrayList<>();
  private final List<ImagePart> images = new ArrayList<>();
  private final List<LinkPart> links = new ArrayList<>();
  private final List<RefPart> references = new ArrayList<>();
  private final Set<String> jobs = new LinkedHashSet<>();
  private final List<UrlEdit> edits = new ArrayList<>();
  private Optional<String> user = Optional.empty();
  private boolean reversed;
  private int chars;
  private int arrayNumbers;

  Harvest(byte[] body, Values walk, ReadLimits limits) {
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
    add(new TextPart(text, role, walk.where()), claimed);
  }

  void claimed(TextPart text) {
    add(text, claimed);
  }

  void swept(String text) {
    add(new TextPart(text, TextPart.Role.UNKNOWN, walk.where()), swept);
  }

  /** Notes that the request makes its negative texts show: they count as what to make. */
  void reversed() {
    reversed = true;
  }

  void user(String name) {
    user = Optional.of(name);
  }

  /** Takes the string just met as the id of a job. */
  void job() {
    if (walk.end() - walk.start() > TextRules.PLAIN_CHARS_MAX || !JobIds.fits(walk.text())) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
    job(walk.text());
  }

  private void job(String id) {
    if (jobs.add(id) && jobs.size() > JobIds.MAX) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
  }

  /** Takes the string just met as a URL to write anew. */
  void address(UrlEdit.To to) {
    if (walk.end() - walk.start() > UrlEdit.URL_MAX || edits.size() == JobIds.MAX) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    edits.add(new UrlEdit(walk.start(), walk.end(), walk.text(), to));
  }

  /** Takes the string just met as an image, or as the URL of one where those are fetched. */
  void image(Claim.Form as, Optional<List<HostPattern>> fetch) {
    boolean empty = walk.start() == walk.end();
    if (fetch.isPresent() && isLink(as)) {
      if (!(as == Claim.Form.URL && empty)) {
        link(linkTo(fetch.get()));
      }
    } else {
      image(as == Claim.Form.URL ? Claim.Form.DATA_URI : as);
    }
  }

  /**
   * Takes the string just met as an image, or as the URL of one where those of requests come into
   * their place; an empty one is none.
   */
  void image(Claim.Form as) {
    int start = walk.start();
    if (start == walk.end()) {
      return;
    }
    boolean dataUri =
        as != Claim.Form.BASE64 && DataUri.is(body, start, walk.end(), walk.escaped());
    if (dataUri) {
      start = DataUri.payload(body, start, walk.end(), walk.escaped());
    } else if (limits.requestUrls() && as == Claim.Form.AUTO && isUrl()) {
      link(linkTo(List.of()));
      return;
    } else if (as == Claim.Form.DATA_URI || (as != Claim.Form.BASE64 && isUrl())) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
    image(new ImagePart.Base64(start, walk.end(), walk.escaped(), walk.where()));
  }

  void image(ImagePart image) {
    roomForOne();
    images.add(image);
  }

  /** Takes the string just met as the name of a file. */
  void reference() {
    reference(new RefPart(text(), walk.where()));
  }

  void reference(RefPart reference) {
    roomForOne();
    references.add(reference);
  }

  private LinkPart linkTo(List<HostPattern> hosts) {
    return new LinkPart(text(), hosts, walk.start(), walk.end(), walk.where());
  }

  private void link(LinkPart link) {
    roomForOne();
    links.add(link);
  }

  /**
   * Takes over what was found in JSON that stood in a string.
   *
   * @param json the bytes in which it was found
   */
  void takeOver(Harvest inner, byte[] json) {
    inner.claimed.forEach(text -> add(text, claimed));
    inner.swept.forEach(text -> add(text, swept));
    for (ImagePart image : inner.images) {
      try {
        image(new ImagePart.Unpacked(image.bytes(json), image.where()));
      } catch (BadBase64Exception e) {
        throw new UnreadableException(Defect.BAD_BASE64);
      }
    }
    inner.links.forEach(this::link);
    inner.references.forEach(this::reference);
    inner.jobs.forEach(this::job);
    user = user.or(() -> inner.user);
    reversed |= inner.reversed;
  }

  /** Whether the string just met begins like an image. */
  boolean looksLikeImage() {
    if (!walk.escaped()) {
      return Looks.likeImage(body, walk.start(), walk.end());
    }
    byte[] head =
        JsonText.decodeStart(body, walk.start(), walk.end(), HEAD_BYTES, true)
            .getBytes(StandardCharsets.UTF_8);
    return Looks.likeImage(head, 0, head.length);
  }

  /** Counts a number that no selector claims; images may come as arrays of them. */
  void number() {
    if (walk.inArray() && ++arrayNumbers > ARRAY_NUMBERS_MAX) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
  }

  /** True when neither a text nor an image was found, nor what stands for one. */
  boolean isEmpty() {
    return claimed.isEmpty()
        && swept.isEmpty()
        && images.isEmpty()
        && links.isEmpty()
        && references.isEmpty();
  }

  Reading.Parts parts() {
    List<TextPart> texts = new ArrayList<>(claimed);
    texts.addAll(swept);
    if (reversed) {
      texts.replaceAll(TextPart::asPrompt);
    }
    return new Reading.Parts(
        texts, images, links, references, user, swept.size(), List.copyOf(jobs), edits);
  }

  private boolean isLink(Claim.Form as) {
    return switch (as) {
      case URL -> !DataUri.is(body, walk.start(), walk.end(), walk.escaped());
      case AUTO, MAYBE -> !DataUri.is(body, walk.start(), walk.end(), walk.escaped()) && isUrl();
      case BASE64, DATA_URI, BYTES, REF -> false;
    };
  }

  private void roomForOne() {
    if (images.size() + links.size() + references.size() == limits.images()) {
      throw new UnreadableException(Defect.TOO_MANY_IMAGES);
    }
  }

  private boolean isUrl() {
    byte[] head =
        JsonText.decodeStart(body, walk.start(), walk.end(), 64, walk.escaped())
            .getBytes(StandardCharsets.UTF_8);
    return Looks.likeUrl(head, 0, head.length);
  }

  private void add(TextPart text, List<TextPart> to) {
    if (claimed.size() + swept.size() == limits.texts()) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    chars += text.value().length();
    if (chars > limits.allTextChars()) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
    to.add(text);
  }
}
