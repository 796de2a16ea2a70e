package io.sallyport.proxy;

import io.sallyport.config.GatewayConfig.Dialects;
import io.sallyport.config.GatewayConfig.Limits;
import io.sallyport.config.GatewayConfig.Streams;
import io.sallyport.detect.InferenceLane;
import io.sallyport.dialect.Dialect;
import io.sallyport.dialect.ReadLimits;
import io.sallyport.ops.Meters;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all exchanges of a gateway share. Everything in it is safe on every event loop.
 *
 * @param rules the policies and detectors in force; swapped whole by a reload
 * @param dialect the API of the upstream
 * @param moderations the moderation API, served by the gateway itself
 * @param dialects what happens to what the dialect does not claim
 * @param fetcher of what replies name by URL
 * @param requestFetcher of what requests name by URL; empty when that is refused
 * @param lane where large bodies are read, so that no event loop is blocked
 * @param jobs generations that are collected later, by the id that the upstream gave them
 * @param references files that were uploaded through this gateway
 * @param publicUrl where clients reach the gateway, when the operator says so; else it is where
 *     each says that it came to
 * @param channels WebSockets that are open
 * @param sockets opens those to the upstream
 * @param inFlight exchanges let in and not ended
 */
record Corridor(
    AtomicReference<Rules> rules,
    Dialect dialect,
    Dialect moderations,
    CallerBook callers,
    Gates gates,
    UpstreamClient upstream,
    GuardedFetcher fetcher,
    Optional<GuardedFetcher> requestFetcher,
    InferenceLane lane,
    ByteBudget budget,
    Limits limits,
    Dialects dialects,
    Streams streams,
    Owned<Job> jobs,
    References references,
    Optional<String> publicUrl,
    Channels channels,
    UpstreamSockets sockets,
    Meters meters,
    AtomicInteger inFlight) {

  ReadLimits readLimits() {
    return new ReadLimits(
        limits.textChars(), 2 * limits.textChars(), 64, limits.images(), 100_000, limits.depth());
  }
}
