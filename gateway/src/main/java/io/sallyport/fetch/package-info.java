/**
 * Which URLs may be fetched: how one must be spelled, whose host it may name, and which addresses
 * that name may have.
 *
 * <p>Owns: the strict grammar of URLs, host patterns, networks, and the table of addresses that are
 * nobody's public server. Pure: the JDK only; resolves no name and opens no connection. What it
 * returns is immutable and safe on every thread.
 */
@NullMarked
package io.sallyport.fetch;

import org.jspecify.annotations.NullMarked;
