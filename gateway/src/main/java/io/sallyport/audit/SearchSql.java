package io.sallyport.audit;

import io.sallyport.policy.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A search as one SQL statement and the values of its parameters; no value is ever part of the
 * text.
 *
 * <p>The statement names the index it runs on. Left to itself SQLite guesses without statistics,
 * and a wrong guess sorts millions of rows. The most selective filter leads; every index yields its
 * rows in the order of time and sequence, so that a page is read and nothing sorted. The near end
 * of a time range is folded into the place where the page begins, because SQLite seeks by one bound
 * only.
 */
final class SearchSql {
  private static final String BY_CATEGORY = "event_category c CROSS JOIN event e ON e.seq = c.seq";

  private final List<AuditFilter> filters;
  private final String from;

  /** The table that gives the order. */
  private final String leader;

  private final StringJoiner where = new StringJoiner(" AND ", " WHERE ", "").setEmptyValue("");
  private final List<Object> values = new ArrayList<>();
  private String order = "";
  private boolean categoryLeads;

  private SearchSql(List<AuditFilter> filters) {
    this.filters = filters;
    from = leadingIndex();
    categoryLeads = from.equals(BY_CATEGORY);
    leader = categoryLeads ? "c" : "e";
    filters.forEach(this::add);
  }

  /** One page, newest first, of what comes after this place. */
  static SearchSql newestFirst(List<AuditFilter> filters, long time, long sequence, int limit) {
    SearchSql sql = new SearchSql(filters);
    long until = sql.until();
    boolean inside = time < until;
    sql.seek("<", inside ? time : until, inside ? sequence : Long.MIN_VALUE);
    sql.add(sql.leader + ".time >= ?", sql.since());
    return sql.page("DESC", limit);
  }

  /** One page, oldest first, of what comes after this place, of rows up to {@code last}. */
  static SearchSql oldestFirst(
      List<AuditFilter> filters, long time, long sequence, long last, int limit) {
    SearchSql sql = new SearchSql(filters);
    long since = sql.since();
    boolean inside = time >= since;
    sql.seek(">=", inside ? time : since, inside ? sequence + 1 : Long.MIN_VALUE);
    sql.add(sql.leader + ".time < ?", sql.until());
    sql.add("e.seq <= ?", last);
    return sql.page("ASC", limit);
  }

  String text() {
    return "SELECT e.seq, e.prev, e.hash, e.body FROM " + from + where + order;
  }

  List<Object> values() {
    return values;
  }

  private void seek(String side, long time, long sequence) {
    add("(" + leader + ".time, " + leader + ".seq) " + side + " (?, ?)", time);
    values.add(sequence);
  }

  private SearchSql page(String direction, int limit) {
    order =
        " ORDER BY "
            + leader
            + ".time "
            + direction
            + ", "
            + leader
            + ".seq "
            + direction
            + " LIMIT ?";
    values.add(limit);
    return this;
  }

  private String leadingIndex() {
    if (has(AuditFilter.OfRequest.class)) {
      return "event e INDEXED BY event_request";
    }
    if (has(AuditFilter.InCategory.class)) {
      return BY_CATEGORY;
    }
    boolean ofCaller = has(AuditFilter.FromCaller.class);
    if (filters.stream().anyMatch(SearchSql::marks)) {
      return "event e INDEXED BY " + (ofCaller ? "event_caller_verdict" : "event_verdict");
    }
    if (filters.stream().anyMatch(SearchSql::isUndecided)) {
      return "event e INDEXED BY event_kind";
    }
    if (ofCaller) {
      return "event e INDEXED BY event_caller";
    }
    return "event e INDEXED BY " + (has(AuditFilter.AtStage.class) ? "event_stage" : "event_time");
  }

  private boolean has(Class<? extends AuditFilter> kind) {
    return filters.stream().anyMatch(kind::isInstance);
  }

  private static boolean marks(AuditFilter filter) {
    return filter instanceof AuditFilter.WithVerdict(var verdict) && verdict != Verdict.ALLOW;
  }

  private static boolean isUndecided(AuditFilter filter) {
    return filter instanceof AuditFilter.OfKind(var kind) && kind != AuditEvent.Kind.DECIDED;
  }

  private void add(AuditFilter filter) {
    switch (filter) {
      case AuditFilter.Since _, AuditFilter.Until _ -> {} // Bounds of the page.
      case AuditFilter.WithVerdict(var verdict) -> {
        add("e.verdict = ?", verdict.wire());
        if (marks(filter)) {
          where.add("e." + AuditSchema.MARKED);
        }
      }
      case AuditFilter.InCategory(var category) -> add(categoryCondition(), category.wire());
      case AuditFilter.FromCaller(var caller) -> add("e.caller = ?", caller);
      case AuditFilter.OfRequest(var requestId) -> add("e.request_id = ?", requestId);
      case AuditFilter.AtStage(var stage) -> add("e.stage = ?", stage.wire());
      case AuditFilter.OfKind(var kind) -> {
        add("e.kind = ?", kind.wire());
        if (isUndecided(filter)) {
          where.add("e." + AuditSchema.UNDECIDED);
        }
      }
    }
  }

  /** The first category may lead; a second one is looked up for each row. */
  private String categoryCondition() {
    if (categoryLeads) {
      categoryLeads = false;
      return "c.category = ?";
    }
    return "EXISTS (SELECT 1 FROM event_category x"
        + " WHERE x.category = ? AND x.time = e.time AND x.seq = e.seq)";
  }

  private void add(String condition, Object value) {
    where.add(condition);
    values.add(value);
  }

  private long since() {
    return filters.stream()
        .mapToLong(
            filter -> filter instanceof AuditFilter.Since(var time) ? millis(time) : Long.MIN_VALUE)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  private long until() {
    return filters.stream()
        .mapToLong(
            filter -> filter instanceof AuditFilter.Until(var time) ? millis(time) : Long.MAX_VALUE)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static long millis(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException beyond) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
