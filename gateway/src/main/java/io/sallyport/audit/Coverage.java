package io.sallyport.audit;

/**
 * How much of a body was seen and judged at a stage.
 *
 * @param texts texts found
 * @param textsJudged those for which every expected detector was asked
 * @param images images found
 * @param imagesJudged those for which every expected detector was asked
 * @param swept texts that no selector of the dialect claimed
 */
public record Coverage(int texts, int textsJudged, int images, int imagesJudged, int swept) {}
