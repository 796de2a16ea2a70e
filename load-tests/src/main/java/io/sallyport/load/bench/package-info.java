/** JMH benches of what every request pays for: {@code load-tests/bin/bench}. */
@NullMarked
package io.sallyport.load.bench;

import org.jspecify.annotations.NullMarked;
