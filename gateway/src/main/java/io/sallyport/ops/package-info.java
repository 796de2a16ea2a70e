/** Names of metrics and log keys, each in one place. Imports nothing of ours. */
@NullMarked
package io.sallyport.ops;

import org.jspecify.annotations.NullMarked;
