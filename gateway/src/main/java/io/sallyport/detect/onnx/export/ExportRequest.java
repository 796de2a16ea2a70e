package io.sallyport.detect.onnx.export;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What an operator wants imported, and how.
 *
 * @param folder the export
 * @param models the folder of all models, made when absent; empty to write the card into the export
 *     itself
 * @param name the model's name; the export's folder's, made fit, when empty
 * @param graph the graph's path in the export; the plain one before the quantised one when empty
 * @param licence what the card says; the export's README's, when empty
 * @param source what the card says; the export's folder, when empty
 */
public record ExportRequest(
    Path folder,
    Optional<Path> models,
    Optional<String> name,
    Optional<String> graph,
    Optional<String> licence,
    Optional<String> source) {}
