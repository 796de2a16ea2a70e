package io.sallyport.dialect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the messages of one channel, in order: texts are JSON that is told apart by its member
 * {@code type}, binary ones by the number that they begin with. What is of no known kind is
 * dropped.
 *
 * <p>Belongs to one channel and to one thread at a time; nothing is thrown for any bytes.
 */
public final class ChannelReader {
  /** What stands beside an image is short, so that a binary message is read in no time. */
  private static final int WORDS_MAX = 1 << 20;

  private final ChannelRules rules;
  private final ReadLimits limits;
  private final boolean dropPreviews;
  private final SpreadText spread = new SpreadText();

  ChannelReader(ChannelRules rules, ReadLimits limits, boolean dropPreviews) {
    this.rules = rules;
    this.limits = limits;
    this.dropPreviews = dropPreviews;
  }

  /** Reads a text message that comes from the upstream. */
  public ChannelReading text(byte[] message) {
    Optional<MessageRule> rule = rule(rules.down(), message);
    if (rule.isEmpty()) {
      return new ChannelReading.Dropped();
    }
    ChannelReading.About about = ChannelReading.About.UNSAID;
    try {
      requireText(message, 0, message.length, false);
      about = about(rule.get(), message);
      return switch (rule.get().action()) {
        case DROP -> new ChannelReading.Dropped();
        case PREVIEW ->
            dropPreviews ? new ChannelReading.Dropped() : json(rule.get(), about, message, true);
        case JUDGE, PASS -> json(rule.get(), about, message, false);
      };
    } catch (UnreadableException e) {
      return new ChannelReading.Unreadable(about, e.defect(), "");
    }
  }

  /**
   * Reads a binary message that comes from the upstream. Takes about as long as what stands in it
   * beside an image, however large that is.
   */
  public ChannelReading binary(byte[] message) {
    if (message.length < BinaryRule.WORD) {
      return new ChannelReading.Dropped();
    }
    long event = BinaryRule.number(message, 0);
    Optional<BinaryRule> rule =
        rules.binaries().stream().filter(it -> it.event() == event).findFirst();
    if (rule.isEmpty() || rule.get().drops()) {
      return new ChannelReading.Dropped();
    }
    try {
      return pieces(rule.get(), message);
    } catch (UnreadableException e) {
      return new ChannelReading.Unreadable(ChannelReading.About.UNSAID, e.defect(), "");
    }
  }

  /** Whether a text message of the client's may go to the upstream. */
  public boolean goesUp(byte[] message) {
    Optional<MessageRule> rule = rule(rules.up(), message);
    if (rule.isEmpty() || rule.get().action() == EventRule.Action.DROP) {
      return false;
    }
    try {
      requireText(message, 0, message.length, false);
    } catch (UnreadableException e) {
      return false;
    }
    return new ReplyReader(message, message.length, rule.get().reply(), limits).read()
            instanceof Reading.Parts parts
        && parts.images().isEmpty();
  }

  private Optional<MessageRule> rule(List<MessageRule> from, byte[] message) {
    Set<String> types = TopMembers.of(message, limits.depth()).getOrDefault("type", Set.of());
    return types.size() == 1
        ? from.stream().filter(it -> it.types().containsAll(types)).findFirst()
        : Optional.empty();
  }

  private ChannelReading.About about(MessageRule rule, byte[] message) {
    return new ChannelReading.About(
        rules.job().flatMap(path -> named(path, message)),
        rule.shared(),
        rule.ends().with(message, limits.depth()));
  }

  private Optional<String> named(MemberPath path, byte[] json) {
    MemberPath.Found found = path.find(json, limits.depth());
    if (found.unclear()) {
      throw new UnreadableException(Defect.WRONG_TYPE);
    }
    return found.text();
  }

  private ChannelReading json(
      MessageRule rule, ChannelReading.About about, byte[] message, boolean preview) {
    Reading reading = new ReplyReader(message, message.length, rule.reply(), limits).read();
    return switch (reading) {
      case Reading.Unreadable(var defect, var where) ->
          new ChannelReading.Unreadable(about, defect, where);
      case Reading.Parts parts -> {
        if (!parts.links().isEmpty()) {
          yield new ChannelReading.Unreadable(about, Defect.NOT_JUDGED, "");
        }
        if (spread.joinsToAnImage(parts.texts())) {
          yield new ChannelReading.Unreadable(about, Defect.UNCLAIMED_IMAGE, "");
        }
        yield parts.images().isEmpty()
            ? new ChannelReading.Plain(about)
            : new ChannelReading.Images(about, parts.images(), preview);
      }
    };
  }

  private ChannelReading pieces(BinaryRule rule, byte[] message) {
    List<BinaryRule.Range> ranges = rule.cut(message);
    boolean preview = rule.isPreview(message, ranges);
    if (preview && dropPreviews) {
      return new ChannelReading.Dropped();
    }
    Optional<String> job = Optional.empty();
    Optional<ImagePart> image = Optional.empty();
    for (BinaryRule.Range range : ranges) {
      switch (range.piece()) {
        case NUMBER -> {}
        case TEXT, REST_TEXT -> words(message, range);
        case JSON -> job = meta(rule, message, range);
        case REST_IMAGE -> image = Optional.of(image(range));
      }
    }
    ChannelReading.About about = new ChannelReading.About(job, false, false);
    return image.isEmpty()
        ? new ChannelReading.Plain(about)
        : new ChannelReading.Images(about, List.of(image.get()), preview);
  }

  private void words(byte[] message, BinaryRule.Range range) {
    requireShort(range);
    requireText(message, range.start(), range.end(), true);
    String text = JsonText.decode(message, range.start(), range.end(), false);
    TextPart part = new TextPart(text, TextPart.Role.CONTEXT, "");
    if (Looks.likeImage(message, range.start(), range.end())
        || spread.joinsToAnImage(List.of(part))) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
  }

  /** Reads what is said about an image; the job that it names. */
  private Optional<String> meta(BinaryRule rule, byte[] message, BinaryRule.Range range) {
    requireShort(range);
    byte[] json = Arrays.copyOfRange(message, range.start(), range.end());
    requireText(json, 0, json.length, false);
    if (new ReplyReader(json, json.length, rule.json(), limits).read()
        instanceof Reading.Unreadable(var defect, var where)) {
      throw new UnreadableException(defect);
    }
    return rule.job().flatMap(path -> named(path, json));
  }

  private static void requireShort(BinaryRule.Range range) {
    if (range.end() - range.start() > WORDS_MAX) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
  }

  private static ImagePart image(BinaryRule.Range range) {
    if (range.start() == range.end()) {
      throw new UnreadableException(Defect.MISSING_FIELD);
    }
    return new ImagePart.Raw(range.start(), range.end(), "image");
  }

  /** Well-formed UTF-8, where {@code plain} without control characters but line ends and tabs. */
  private static void requireText(byte[] bytes, int start, int end, boolean plain) {
    int i = start;
    while (i < end) {
      byte b = bytes[i];
      boolean control = b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r';
      if (plain && control) {
        throw new UnreadableException(Defect.NOT_UTF8);
      }
      i = b >= 0 ? i + 1 : Utf8.next(bytes, i, end);
    }
  }
}
