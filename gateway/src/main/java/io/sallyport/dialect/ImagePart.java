package io.sallyport.dialect;

/**
 * Where an image stands in a body, as a range of its bytes.
 *
 * @param start offset of the first base64 character, after any {@code data:} prefix
 * @param end offset after the last one
 * @param escaped true when the range holds JSON escapes (for example {@code \/}) to undo first
 * @param where the JSON Pointer of the place
 */
public record ImagePart(int start, int end, boolean escaped, String where) {}
