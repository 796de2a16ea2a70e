package io.sallyport.dialect;

import java.util.Set;

/** What a dialect says about a method and a path. */
public sealed interface RouteMatch {

  /** The dialect claims it. */
  record Found(Route route) implements RouteMatch {}

  /** No route has this path, or the path is not spelled canonically. */
  record UnknownRoute() implements RouteMatch {}

  /**
   * The path is claimed, with other methods.
   *
   * @param allowed the methods that would do, for the {@code allow} header
   */
  record WrongMethod(Set<String> allowed) implements RouteMatch {
    public WrongMethod {
      allowed = Set.copyOf(allowed);
    }
  }
}
