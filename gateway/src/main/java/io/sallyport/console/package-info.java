/** The desk of operators: metrics, health, and the admin API, on a port of its own. */
@NullMarked
package io.sallyport.console;

import org.jspecify.annotations.NullMarked;
