package io.sallyport.audit;

import java.util.List;

/**
 * A search: the newest rows that pass every filter.
 *
 * @param filters all must hold; none means every row
 * @param limit rows wanted, 1 to {@value #MAX_LIMIT}
 * @param before only rows that come after the row with this sequence in the newest-first order;
 *     {@link #NEWEST} to begin at the newest. The next page is asked for with the last row's
 */
public record AuditQuery(List<AuditFilter> filters, int limit, long before) {
  /** The most rows of one page. */
  public static final int MAX_LIMIT = 1_000;

  /** The cursor of a first page. */
  public static final long NEWEST = Long.MAX_VALUE;

  public AuditQuery {
    filters = List.copyOf(filters);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is not from 1 to " + MAX_LIMIT + ": " + limit);
    }
  }

  /** The first page of what passes every filter. */
  public static AuditQuery newest(int limit, AuditFilter... filters) {
    return new AuditQuery(List.of(filters), limit, NEWEST);
  }

  /** The page that follows the row with this sequence. */
  public AuditQuery before(long sequence) {
    return new AuditQuery(filters, limit, sequence);
  }
}
