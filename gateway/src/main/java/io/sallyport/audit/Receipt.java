package io.sallyport.audit;

/**
 * Proof that an event is durable.
 *
 * @param sequence its number in the log, from 1
 * @param hash the chain hash of its row, 64 lower-case hex digits
 */
public record Receipt(long sequence, String hash) {}
