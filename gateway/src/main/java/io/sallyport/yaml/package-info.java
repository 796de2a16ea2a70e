/**
 * Strict YAML with line numbers: what every file of the operator's is read through.
 *
 * <p>Owns: parsing (YAML 1.2, no duplicate keys, no aliases, no tags), typed reads that record a
 * {@link io.sallyport.yaml.Problem} and go on, and the refusal of keys that nobody read. Never
 * decides what a value means. Nothing here is thread-safe; a file is read by one thread.
 */
@NullMarked
package io.sallyport.yaml;

import org.jspecify.annotations.NullMarked;
