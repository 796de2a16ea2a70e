/** The command line: arguments, exit codes, and what is printed. No logic of its own. */
@NullMarked
package io.sallyport.cli;

import org.jspecify.annotations.NullMarked;
