/**
 * The diary that nobody can rewrite unseen: append, prove, search.
 *
 * <p>Owns: the events, their canonical bytes, the hash chain, the SQLite store with its one writer
 * thread, and keyed hashes. Never holds content: prompts and images appear as keyed hashes only
 * (I7). {@code append} may be called from any thread and never blocks; its receipt completes after
 * the commit is durable (I2). Readers ({@code AuditSearch}, {@code AuditVerifier}) have connections
 * of their own, block on the disk, and never hold the writer up.
 *
 * <p>Paths: event → {@code AuditCodec} → {@code AppendQueue} → {@code AuditWriter} → {@code
 * AuditStore} (recovers) → {@code AuditAppender} (one connection) → {@code audit.db}. Names of
 * policies' and decisions' parts come from {@code policy} through {@code decide}.
 */
@NullMarked
package io.sallyport.audit;

import org.jspecify.annotations.NullMarked;
