package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a query may have.
 *
 * <p>Servers merge queries into parameters (the Hugging Face toolkit does), so a query that is not
 * claimed would be a second, unread request. Each key comes once. A value that nobody reads must be
 * spelled plainly, without percent-encoding; one that a selector claims is decoded strictly, as
 * forms are: {@code %XX} to UTF-8, {@code +} to a blank.
 *
 * @param keys that may come, with values that nobody reads
 * @param read that may come and are claimed by selectors; {@code *} is any
 * @param fixed what the gateway itself sends upstream, whatever the client says
 */
record QueryRule(Set<String> keys, Set<String> read, Map<String, String> fixed) {
  private static final int QUERY_MAX = 8 << 10;
  private static final int PLAIN_MAX = 512;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~-]{0,128}");
  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z0-9_.-]{1,40})=((?:[!-~&&[^%&#]]|%[0-9A-Fa-f]{2})*)");

  QueryRule {
    keys = Set.copyOf(keys);
    read = Set.copyOf(read);
    fixed = Map.copyOf(fixed);
  }

  QueryRule(Set<String> keys) {
    this(keys, Set.of(), Map.of());
  }

  boolean claims(@Nullable String rawQuery) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return true;
    }
    return rawQuery.length() <= (read.isEmpty() ? PLAIN_MAX : QUERY_MAX)
        && values(rawQuery).isPresent();
  }

  /** The values that selectors claim, decoded, by key; empty when the query is not claimed. */
  Optional<Map<String, String>> values(String rawQuery) {
    Map<String, String> values = new LinkedHashMap<>();
    if (rawQuery.isEmpty()) {
      return Optional.of(values);
    }
    Set<String> seen = new HashSet<>();
    for (String pair : rawQuery.split("&", -1)) {
      Matcher matcher = PAIR.matcher(pair);
      if (!matcher.matches() || !seen.add(matcher.group(1))) {
        return Optional.empty();
      }
      String key = matcher.group(1);
      boolean plain = keys.contains(key) || fixed.containsKey(key);
      Optional<String> value = plain ? Optional.of(matcher.group(2)) : decoded(matcher.group(2));
      if (plain ? !PLAIN.matcher(matcher.group(2)).matches() : !reads(key) || value.isEmpty()) {
        return Optional.empty();
      }
      if (!plain) {
        values.put(key, value.orElseThrow());
      }
    }
    return Optional.of(values);
  }

  private boolean reads(String key) {
    return read.contains(key) || read.contains("*");
  }

  /** The query as the upstream gets it: a claimed one, but for what the gateway itself says. */
  String sent(String rawQuery) {
    if (fixed.isEmpty()) {
      return rawQuery;
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : rawQuery.isEmpty() ? new String[0] : rawQuery.split("&", -1)) {
      if (!fixed.containsKey(pair.substring(0, pair.indexOf('=')))) {
        pairs.add(pair);
      }
    }
    fixed.forEach((key, value) -> pairs.add(key + "=" + value));
    return String.join("&", pairs);
  }

  private static Optional<String> decoded(String value) {
    byte[] bytes = new byte[value.length()];
    int length = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '%') {
        bytes[length++] = (byte) Integer.parseInt(value, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) (c == '+' ? ' ' : c);
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
