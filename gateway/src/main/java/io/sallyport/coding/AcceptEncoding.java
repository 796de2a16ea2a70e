package io.sallyport.coding;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an upstream may be told of the codings that a client takes. Pure. */
public final class AcceptEncoding {
  /** RFC 9110 §12.4.2 and §12.5.3: a token or {@code *}, perhaps with a weight. */
  private static final Pattern MEMBER =
      Pattern.compile(
          "([A-Za-z0-9!#$%&'+.^_`|~-]+|\\*)"
              + "(?:[ \\t]*;[ \\t]*[qQ]=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?");

  private static final Pattern NOTHING = Pattern.compile("0(?:\\.0*)?");

  private final List<Member> members = new ArrayList<>();
  private final Set<ContentCoding> named = EnumSet.noneOf(ContentCoding.class);

  private AcceptEncoding(List<String> fields) {
    for (String field : fields) {
      for (String text : field.split(",", -1)) {
        add(MEMBER.matcher(text.strip()));
      }
    }
  }

  /**
   * The client's codings without those that are not judged, in the client's order and with its
   * weights. {@code *} becomes the codings that it stands for here; {@code identity;q=0} stays, and
   * so does a weight of zero for the others. A client that names none, or none that is judged, gets
   * {@code identity}.
   *
   * @param fields the value of every {@code Accept-Encoding} line, in order
   */
  public static String upstream(List<String> fields) {
    AcceptEncoding accepted = new AcceptEncoding(fields);
    List<String> kept = new ArrayList<>();
    for (Member member : accepted.members) {
      accepted.write(member, kept);
    }
    return kept.isEmpty() ? ContentCoding.IDENTITY.wire() : String.join(", ", kept);
  }

  /** Takes a member in; drops one that is malformed, unknown, or was named before. */
  private void add(Matcher member) {
    if (!member.matches()) {
      return;
    }
    Optional<String> weight = Optional.ofNullable(member.group(2));
    if (member.group(1).equals("*")) {
      members.add(new Member(Optional.empty(), weight));
      return;
    }
    Optional<ContentCoding> coding = ContentCoding.named(member.group(1));
    if (coding.isPresent() && named.add(coding.get())) {
      members.add(new Member(coding, weight));
    }
  }

  private void write(Member member, List<String> to) {
    if (member.coding().isPresent()) {
      to.add(member.write(member.coding().get().wire()));
    } else if (member.refuses()) {
      to.add(member.write("*"));
    } else {
      for (ContentCoding coding : ContentCoding.values()) {
        if (coding.served() && named.add(coding)) {
          to.add(member.write(coding.wire()));
        }
      }
    }
  }

  /**
   * One member of the list.
   *
   * @param coding empty for {@code *}
   * @param weight as the client wrote it
   */
  private record Member(Optional<ContentCoding> coding, Optional<String> weight) {
    boolean refuses() {
      return weight.filter(q -> NOTHING.matcher(q).matches()).isPresent();
    }

    String write(String name) {
      return weight.map(q -> name + ";q=" + q).orElse(name);
    }
  }
}
