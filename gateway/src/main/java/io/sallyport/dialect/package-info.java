/**
 * How each image API spells prompt, image and refusal: data, run by one engine.
 *
 * <p>Owns: the declarative dialects (YAML in the jar), the compiled selectors, the strict reader of
 * request JSON, the lenient reader of replies, base64 as byte ranges, and the rendering of
 * refusals. Uses the JDK, JSON and strict YAML only; knows nothing of HTTP servers, policies or
 * models. A compiled dialect is immutable and safe on every thread.
 */
@NullMarked
package io.sallyport.dialect;

import org.jspecify.annotations.NullMarked;
