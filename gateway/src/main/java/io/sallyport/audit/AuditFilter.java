package io.sallyport.audit;

import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.time.Instant;

/** One thing asked of a row. Sealed: each is one comparison in the store. */
public sealed interface AuditFilter {
  /** It happened at this time or later, to the millisecond. */
  record Since(Instant time) implements AuditFilter {}

  /** It happened before this time, to the millisecond. */
  record Until(Instant time) implements AuditFilter {}

  /** A decision with this verdict, as enforced. */
  record WithVerdict(Verdict verdict) implements AuditFilter {}

  /** A decision with a violation of this category, enforced or in shadow. */
  record InCategory(Category category) implements AuditFilter {}

  /** A request of this caller. */
  record FromCaller(String caller) implements AuditFilter {}

  /** A request with this id. */
  record OfRequest(String requestId) implements AuditFilter {}

  /** A decision or a refusal at this stage. */
  record AtStage(Stage stage) implements AuditFilter {}

  /** An event of this kind. */
  record OfKind(AuditEvent.Kind kind) implements AuditFilter {}
}
