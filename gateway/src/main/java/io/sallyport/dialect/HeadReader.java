package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a route claims of a request's query, path and header fields. Belongs to one thread.
 */
final class HeadReader {
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");

  private final HeadRules rules;
  private final List<String> denied;
  private final ReadLimits limits;
  private final List<TextPart> claimed = new ArrayList<>();
  private final List<TextPart> swept = new ArrayList<>();
  private final Set<String> jobs = new LinkedHashSet<>();
  private Optional<String> user = Optional.empty();
  private String where = "";
  private int chars;

  HeadReader(HeadRules rules, List<String> denied, ReadLimits limits) {
    this.rules = rules;
    this.denied = denied;
    this.limits = limits;
  }

  /**
   * What was found; its images are none.
   *
   * @param captures what stands at the names of the route's path
   * @param query the decoded values that selectors claim
   */
  Reading read(RequestHead head, Map<String, String> captures, Map<String, String> query) {
    try {
      captures.forEach((name, value) -> value(HeadSelector.Source.PATH, name, value));
      query.forEach((name, value) -> value(HeadSelector.Source.QUERY, name, value));
      for (String name : rules.names(HeadSelector.Source.HEADER)) {
        header(name, head.header(name));
      }
    } catch (UnreadableException e) {
      return new Reading.Unreadable(e.defect(), where);
    }
    List<TextPart> texts = new ArrayList<>(claimed);
    texts.addAll(swept);
    return new Reading.Parts(
        texts, List.of(), List.of(), List.of(), user, swept.size(), List.copyOf(jobs), List.of());
  }

  private void header(String name, List<String> values) {
    where = "header:" + name;
    if (values.size() > 1) {
      throw new UnreadableException(Defect.DUPLICATE_KEY);
    }
    if (!values.isEmpty()) {
      if (!PRINTABLE.matcher(values.getFirst()).matches()) {
        throw new UnreadableException(Defect.NOT_UTF8);
      }
      value(HeadSelector.Source.HEADER, name, values.getFirst());
    }
  }

  private void value(HeadSelector.Source source, String name, String value) {
    where = source.name().toLowerCase(java.util.Locale.ROOT) + ":" + name;
    rules.claim(source, name).ifPresent(claim -> value(claim, value));
  }

  private void value(Claim claim, String value) {
    switch (claim) {
      case Claim.Text text -> {
        requireText(text, value);
        if (text.role() != TextPart.Role.UNKNOWN || value.length() >= TextRules.SWEPT_CHARS_MIN) {
          claimed.add(part(value, text.role()));
        }
      }
      case Claim.User other -> {
        if (TextRules.fits(value, TextRules.USER)) {
          user = Optional.of(value);
        } else {
          sweep(value);
        }
      }
      case Claim.Plain(Pattern fits) -> {
        if (!TextRules.fits(value, fits)) {
          sweep(value);
        }
      }
      case Claim.Only(List<String> allowed) -> {
        if (!allowed.contains('"' + value + '"') && !allowed.contains(value)) {
          throw new UnreadableException(Defect.NOT_JUDGED);
        }
      }
      case Claim.JobId job -> {
        if (!JobIds.fits(value)) {
          throw new UnreadableException(Defect.WRONG_TYPE);
        }
        jobs.add(value);
      }
      case Claim.Opaque opaque -> throw new UnreadableException(Defect.NOT_JUDGED);
      case Claim.Unclaimed other -> sweep(value);
      case Claim.Ignored other -> sweep(value);
      case Claim.Address other -> sweep(value);
      case Claim.Image other -> throw new UnreadableException(Defect.NOT_JUDGED);
      case Claim.File other -> throw new UnreadableException(Defect.NOT_JUDGED);
      case Claim.Json other -> throw new UnreadableException(Defect.NOT_JUDGED);
    }
  }

  /** What stands where anything may is no text by its place alone. */
  private void requireText(Claim.Text claim, String value) {
    if (claim.role() == TextPart.Role.UNKNOWN) {
      TextRules.requireNoImage(value, denied);
    } else {
      TextRules.requireText(value, denied);
    }
  }

  private void sweep(String value) {
    TextRules.requireNoImage(value, denied);
    if (value.length() >= TextRules.SWEPT_CHARS_MIN) {
      swept.add(part(value, TextPart.Role.UNKNOWN));
    }
  }

  private TextPart part(String value, TextPart.Role role) {
    chars += value.length();
    if (value.length() > limits.textChars() || chars > limits.allTextChars()) {
      throw new UnreadableException(Defect.TEXT_TOO_LONG);
    }
    if (claimed.size() + swept.size() == limits.texts()) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    return new TextPart(value, role, where);
  }
}
