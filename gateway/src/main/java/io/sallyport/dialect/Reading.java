package io.sallyport.dialect;

import java.util.List;
import java.util.Optional;

/** What was found in a body. */
public sealed interface Reading {

  /**
   * A body that was understood.
   *
   * @param texts every text to judge, claimed ones first, then swept ones
   * @param images every image to judge
   * @param links images that are elsewhere: to be fetched before a reply goes on; in a request,
   *     where they are let, to be put into the place of their URL
   * @param references files that a request names instead of bringing them
   * @param user the end user that the body names, if any: a hint, forgeable
   * @param swept how many of the texts no selector claimed
   * @param jobs the ids of jobs that it names, each once, in order
   * @param edits URLs of a reply that are to be written anew, in order
   */
  record Parts(
      List<TextPart> texts,
      List<ImagePart> images,
      List<LinkPart> links,
      List<RefPart> references,
      Optional<String> user,
      int swept,
      List<String> jobs,
      List<UrlEdit> edits)
      implements Reading {
    public Parts {
      texts = List.copyOf(texts);
      images = List.copyOf(images);
      links = List.copyOf(links);
      references = List.copyOf(references);
      jobs = List.copyOf(jobs);
      edits = List.copyOf(edits);
    }

    /** A body with all its images in it. */
    public Parts(List<TextPart> texts, List<ImagePart> images, Optional<String> user, int swept) {
      this(texts, images, List.of(), List.of(), user, swept, List.of(), List.of());
    }
  }

  /**
   * A body that is refused.
   *
   * @param where the JSON Pointer or a word for the place; empty when unknown
   */
  record Unreadable(Defect defect, String where) implements Reading {}
}
