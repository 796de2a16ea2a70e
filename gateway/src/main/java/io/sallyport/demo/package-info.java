/** A stand-in image service for demos and tests: draws the colour and shape that a prompt names. */
@NullMarked
package io.sallyport.demo;

import org.jspecify.annotations.NullMarked;
