/**
 * The corridor that a request walks through: receive, judge, record, forward, judge, record,
 * answer.
 *
 * <p>Owns: the HTTP servers and clients of the data path, bounded bodies, header rules, deadlines,
 * admission, and the order of the steps. One exchange lives on one event loop from start to end,
 * and nothing here blocks it.
 */
@NullMarked
package io.sallyport.proxy;

import org.jspecify.annotations.NullMarked;
