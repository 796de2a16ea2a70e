/** The wiring: builds the rooms bottom-up and closes them top-down. */
@NullMarked
package io.sallyport;

import org.jspecify.annotations.NullMarked;
