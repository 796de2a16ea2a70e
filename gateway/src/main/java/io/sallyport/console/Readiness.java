package io.sallyport.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether the gateway should get traffic: every named check must hold. Checks are quick looks at
 * state that others keep; they never block.
 */
public final class Readiness {
  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
  private final Map<String, Supplier<Map<String, String>>> details = new LinkedHashMap<>();

  /** Adds a check; before serving. */
  public Readiness add(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /** Adds what operators may want to know although it holds no traffic back; before serving. */
  public Readiness tell(String name, Supplier<Map<String, String>> detail) {
    details.put(name, detail);
    return this;
  }

  /** What there is to tell, in the order added; nothing of what is empty. */
  Map<String, Map<String, String>> details() {
    Map<String, Map<String, String>> told = new LinkedHashMap<>();
    details.forEach(
        (name, detail) -> {
          if (!detail.get().isEmpty()) {
            told.put(name, detail.get());
          }
        });
    return told;
  }

  /** The outcome of each check, in the order added. */
  Map<String, Boolean> look() {
    Map<String, Boolean> outcome = new LinkedHashMap<>();
    checks.forEach((name, check) -> outcome.put(name, check.getAsBoolean()));
    return outcome;
  }
}
