/**
 * Rules as data: what the operator wants done about which signals, loaded strictly from YAML.
 *
 * <p>Owns: the policy records, their loading and validation, and the digest that names a policy.
 * Values are immutable and safe on every thread. Conditions have no negation, on purpose (I10).
 * Never evaluates a condition: that is {@code decide}.
 */
@NullMarked
package io.sallyport.policy;

import org.jspecify.annotations.NullMarked;
