package io.sallyport.dialect;

/**
 * What a dialect says about its channels.
 *
 * @param block how they are told that something is withheld
 */
record Channel(ChannelRules rules, ChannelBlock block) {}
