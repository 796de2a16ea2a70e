package io.sallyport.proxy;

import io.sallyport.audit.Receipt;
import io.sallyport.decide.Decision;
import io.vertx.core.Future;

/**
 * A decision and the promise that it is on record.
 *
 * @param receipt completes when the decision is durable; fails with {@link RefusedException}. No
 *     answer that the decision shapes leaves before it (I2)
 */
record Judgement(Decision decision, Future<Receipt> receipt) {}
