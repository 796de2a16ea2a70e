package io.sallyport.console;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What operators can ask about the versions of models, as functions that block.
 *
 * @param list every model with its versions, as JSON values
 * @param activate puts a version into force: by the model's name and the beginning of the digest
 * @param rollBack puts the version before into force, by the model's name
 */
public record ModelDesk(
    Supplier<Map<String, Object>> list,
    BiFunction<String, String, Reply> activate,
    Function<String, Reply> rollBack) {

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body JSON values
   */
  public record Reply(int status, Map<String, Object> body) {}
}
