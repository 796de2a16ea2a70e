/**
 * Typed records of the YAML file that an operator writes. Imports nothing of ours but strict YAML.
 */
@NullMarked
package io.sallyport.config;

import org.jspecify.annotations.NullMarked;
