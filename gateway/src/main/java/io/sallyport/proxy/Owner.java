package io.sallyport.proxy;

/**
 * Whose a job, a file or a channel is. What a client says about itself in a body is no owner:
 * anybody may say it.
 *
 * @param caller the name of the caller's key
 * @param subject keyed hash of the end user whom the caller's trusted front end named in a header;
 *     empty when it named none
 */
record Owner(String caller, String subject) {}
