package io.sallyport.proxy;

import io.sallyport.decide.CategoryScores;
import io.sallyport.decide.Decision;
import io.sallyport.dialect.Refusal;
import io.sallyport.policy.Policy;
import io.sallyport.policy.Verdict;
import io.sallyport.signal.Category;
import io.sallyport.signal.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's moderation reply. Pure. */
final class ModerationReply {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ModerationReply() {}

  /**
   * @param results per asked item its decisions, one per stage
   */
  static Refusal of(Policy policy, List<List<Decision>> results, String requestId) {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("id", requestId.replace("req_", "modr-"));
    reply.put("model", "sallyport-" + policy.name());
    reply.put("results", results.stream().map(item -> result(policy, item)).toList());
    Map<String, String> headers =
        Map.of("content-type", "application/json", HeaderRules.REQUEST_ID, requestId);
    return new Refusal(200, headers, JSON.writeValueAsBytes(reply));
  }

  private static Map<String, Object> result(Policy policy, List<Decision> decisions) {
    boolean flagged = decisions.stream().anyMatch(decision -> decision.verdict() != Verdict.ALLOW);
    Map<String, Object> categories = new LinkedHashMap<>();
    Map<String, Object> scores = new LinkedHashMap<>();
    Map<String, Object> applied = new LinkedHashMap<>();
    for (Category category : listed(policy)) {
      double score = 0;
      List<String> types = new ArrayList<>();
      boolean violated = false;
      for (Decision decision : decisions) {
        score = Math.max(score, CategoryScores.score(policy, decision, category));
        violated |= CategoryScores.violated(decision, category);
        if (CategoryScores.judged(policy, decision.stage(), category)) {
          types.add(Stage.OF_TEXTS.contains(decision.stage()) ? "text" : "image");
        }
      }
      categories.put(category.wire(), violated);
      scores.put(category.wire(), score);
      applied.put(category.wire(), types);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("flagged", flagged);
    result.put("categories", categories);
    result.put("category_scores", scores);
    result.put("category_applied_input_types", applied);
    return result;
  }

  /** OpenAI's thirteen, which its clients expect, and whatever else the policy has rules for. */
  private static Set<Category> listed(Policy policy) {
    Set<Category> listed = new LinkedHashSet<>(Category.openAi());
    policy.rules().forEach(rule -> listed.add(rule.category()));
    return listed;
  }
}
