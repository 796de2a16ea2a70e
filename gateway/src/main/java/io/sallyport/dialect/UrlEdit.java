package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL in a reply that leads around the gateway, and what is to stand in its place.
 *
 * @param start offset of its first byte in the body, after the quote
 * @param end offset after its last byte
 * @param url as the client would read it
 */
public record UrlEdit(int start, int end, String url, To to) {
  /** Longer ones are no address of a job. */
  static final int URL_MAX = 4096;

  private static final Pattern WHOLE =
      Pattern.compile(
          "https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(/[!-~&&[^?#\"\\\\]]*(?:\\?[!-~&&[^#\"\\\\]]*)?)");

  /** What needs no escape in JSON, nor in a URL. */
  private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\"\\\\]]{1,4096}");

  /**
   * How the new URL is written.
   *
   * @param template begins with <code>${self}</code>; <code>${path}</code> is path and query of the
   *     old one
   */
  public record To(Template template) {}

  /**
   * The new URL.
   *
   * @return empty when the old one cannot be understood, or something to fill in is not known
   */
  Optional<String> written(JobWords words) {
    Map<Template.Field, Object> values = new HashMap<>();
    words.tell(values);
    Matcher matcher = WHOLE.matcher(url);
    if (matcher.matches()) {
      values.put(Template.Field.PATH, matcher.group(1));
    }
    return to.template()
        .render(values)
        .map(String::valueOf)
        .filter(text -> PLAIN.matcher(text).matches());
  }

  /**
   * A body with its URLs written anew, every other byte as it is.
   *
   * @param edits in order
   * @param leads whether path and query lead to where jobs are asked for
   */
  static Optional<byte[]> written(
      byte[] body,
      int length,
      List<UrlEdit> edits,
      JobWords job,
      BiPredicate<String, String> leads) {
    List<byte[]> urls = new ArrayList<>();
    int all = length;
    for (UrlEdit edit : edits) {
      Optional<String> url = edit.written(job).filter(it -> leadsHere(it, job.self(), leads));
      if (url.isEmpty()) {
        return Optional.empty();
      }
      urls.add(url.get().getBytes(StandardCharsets.US_ASCII));
      all += urls.getLast().length - (edit.end() - edit.start());
    }
    ByteBuffer written = ByteBuffer.allocate(all);
    int from = 0;
    for (int i = 0; i < edits.size(); i++) {
      written.put(body, from, edits.get(i).start() - from).put(urls.get(i));
      from = edits.get(i).end();
    }
    return Optional.of(written.put(body, from, length - from).array());
  }

  private static boolean leadsHere(String url, String self, BiPredicate<String, String> leads) {
    if (self.isEmpty() || !url.startsWith(self)) {
      return false;
    }
    String[] target = url.substring(self.length()).split("\\?", 2);
    return leads.test(target[0], target.length > 1 ? target[1] : "");
  }

  /** A URL may be a credential, and never reaches a log. */
  @Override
  public String toString() {
    return "UrlEdit[" + start + ".." + end + "]";
  }
}
