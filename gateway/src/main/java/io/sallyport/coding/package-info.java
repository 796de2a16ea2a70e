/**
 * Content codings of HTTP (RFC 9110 §8.4): which ones bodies are judged in, and how each is undone.
 *
 * <p>Owns: the names, the intersection of {@code Accept-Encoding} with them, and one strict decoder
 * for each, whose output is bounded in size and in ratio. What two decoders could read differently
 * is refused: trailing bytes, several members or frames, dictionaries, wrong checksums. Knows
 * nothing of servers, budgets or dialects; pure, safe on every thread, and blocking for as long as
 * decoding takes.
 */
@NullMarked
package io.sallyport.coding;

import org.jspecify.annotations.NullMarked;
