package io.sallyport.dialect;

import java.util.Map;

/**
 * What an answer about a job is filled with.
 *
 * @param id the job's; empty when none is known, and then the request id stands for it
 * @param self scheme and authority at which the client reached the gateway; empty when unknown
 * @param captures what stands at the names of the path that was asked
 */
public record JobWords(String id, String self, Map<String, String> captures) {
  /** Of an answer that is about no job. */
  public static final JobWords NONE = new JobWords("", "", Map.of());

  public JobWords {
    captures = Map.copyOf(captures);
  }

  /** Adds the values for templates. */
  void tell(Map<Template.Field, Object> values) {
    if (!id.isEmpty()) {
      values.put(Template.Field.ID, id);
    }
    if (!self.isEmpty()) {
      values.put(Template.Field.SELF, self);
    }
    values.put(Template.Field.CAPTURED, captures);
  }
}
