/**
 * Models on other machines, asked over the Open Inference Protocol (KServe v2) by HTTP, as Triton
 * and others speak it.
 *
 * <p>Nothing that a server says is trusted: answers are capped in bytes and time, read strictly,
 * and held against what the card says. Whatever goes wrong is a {@code Signal.Unavailable}. Prompts
 * and pixels go to the server that the operator named and nowhere else: no redirect is followed, no
 * proxy of the environment is used. Nothing here logs, and messages hold no content.
 *
 * <p>No thread waits for an answer; calls in flight and calls waiting for their turn are bounded.
 */
@NullMarked
package io.sallyport.detect.remote;

import org.jspecify.annotations.NullMarked;
