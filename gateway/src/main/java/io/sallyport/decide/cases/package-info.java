/**
 * Policy cases: signals in, verdict and reasons out, written by operators beside their policies.
 *
 * <p>Owns: reading case files and running them against a policy book. Used by {@code sallyport
 * policy test} and by the tests of the shipped policies. Reads files, which the judge itself never
 * does.
 */
@NullMarked
package io.sallyport.decide.cases;

import org.jspecify.annotations.NullMarked;
