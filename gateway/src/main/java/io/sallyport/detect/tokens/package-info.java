/**
 * Tokenizers: from a text to the ids that a model was trained on, as its {@code tokenizer.json}
 * says.
 *
 * <p>WordPiece in one pass for the BERT family; BPE and Unigram behind the added tokens, steps and
 * splits that their files name. All of it is ours, follows the Hugging Face {@code tokenizers}
 * library, and is held against its answers ({@code make-goldens.mjs} among the tests). What a file
 * asks for and nobody here does is refused when the file is read.
 *
 * <p>Special tokens that are spelled out in a text are plain text: nobody can forge the end of a
 * text. Everything is linear in the text, but for BPE's queue of merges, n log n in the longest
 * word; immutable after construction, safe on every thread.
 */
@NullMarked
package io.sallyport.detect.tokens;

import org.jspecify.annotations.NullMarked;
