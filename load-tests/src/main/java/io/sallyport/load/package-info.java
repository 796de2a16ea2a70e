/**
 * What a gate costs: scenarios over loopback against a fixed upstream, compared with a bare proxy
 * and with bare model runs.
 */
@NullMarked
package io.sallyport.load;

import org.jspecify.annotations.NullMarked;
