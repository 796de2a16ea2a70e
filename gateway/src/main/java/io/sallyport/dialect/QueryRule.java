package io.sallyport.dialect;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a query may have.
 *
 * <p>Servers merge queries into parameters (the Hugging Face toolkit does), so a query that is not
 * claimed would be a second, unread request. Claimed ones must be spelled plainly: no
 * percent-encoding, each key once.
 */
record QueryRule(Set<String> keys) {
  private static final int QUERY_MAX = 512;
  private static final Pattern PAIR =
      Pattern.compile("([A-Za-z0-9_-]{1,40})=[A-Za-z0-9._~-]{0,128}");

  QueryRule {
    keys = Set.copyOf(keys);
  }

  boolean claims(@Nullable String rawQuery) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return true;
    }
    if (rawQuery.length() > QUERY_MAX) {
      return false;
    }
    Set<String> seen = new java.util.HashSet<>();
    for (String pair : rawQuery.split("&", -1)) {
      Matcher matcher = PAIR.matcher(pair);
      if (!matcher.matches() || !keys.contains(matcher.group(1)) || !seen.add(matcher.group(1))) {
        return false;
      }
    }
    return true;
  }
}
