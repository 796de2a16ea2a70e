package io.sallyport.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Whether the gateway should get traffic: every named check must hold. Checks are quick looks at
 * state that others keep; they never block.
 */
public final class Readiness {
  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();

  /** Adds a check; before serving. */
  public Readiness add(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /** The outcome of each check, in the order added. */
  Map<String, Boolean> look() {
    Map<String, Boolean> outcome = new LinkedHashMap<>();
    checks.forEach((name, check) -> outcome.put(name, check.getAsBoolean()));
    return outcome;
  }
}
