/**
 * The diary that nobody can rewrite unseen: append, prove, search.
 *
 * <p>Owns: the events, their canonical bytes, the hash chain, the SQLite store with its one writer
 * thread, and keyed hashes. Never holds content: prompts and images appear as keyed hashes only (I7).
 * {@code append} may be called from any thread and never blocks; its receipt completes after the
 * commit is durable (I2).
 */
@NullMarked
package io.sallyport.audit;

import org.jspecify.annotations.NullMarked;
