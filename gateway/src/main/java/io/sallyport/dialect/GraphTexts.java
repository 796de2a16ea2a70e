package io.sallyport.dialect;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the strings of a graph are, and what is judged of them: each by itself, and together what
 * the graph puts together. Belongs to one thread.
 */
final class GraphTexts {
  private static final Pattern URL_LINE = Pattern.compile("(?im)^\\s*[a-z][a-z0-9+.-]{0,15}://");

  /** Strings, the same ones too: each may be followed through the graph. */
  private static final int PLACES_MAX = 1024;

  /** Longer ones are no names of files. */
  private static final int FILE_CHARS_MAX = 300;

  private static final Pattern FILE =
      Pattern.compile(
          "(?i)[^\\r"
              + "\\n"
              + "]{1,255}\\.(png|apng|jpe?g|jfif|webp|gif|avif|bmp|tiff?|svg|jxl|heic|heif|ico"
              + "|psd|exr|hdr|tga|mp4|m4v|webm|mov|mkv|avi|flac|wav|mp3|ogg|opus|m4a|glb|gltf|obj|fbx|stl|ply|usdz|latent)("
              + " ?\\[[a-z]{1,10}\\])?|[^\\r"
              + "\\n"
              + "]* \\[(input|output|temp)\\]|blake3:[0-9a-f]+(\\.[a-z0-9]+)?");

  private static final Pattern BLANK = Pattern.compile("\\s");

  private final GraphRules rules;
  private final List<String> denied;
  private final boolean named;
  private final ReadLimits limits;
  private final Map<String, GraphRules.Kind> kinds = new HashMap<>();
  private final Map<String, TextPart> found = new LinkedHashMap<>();
  private int places;
  private String where = "";

  /**
   * @param denied pieces of text that no text may hold
   * @param named whether it is known how files are named; else what names one is refused
   */
  GraphTexts(GraphRules rules, List<String> denied, boolean named, ReadLimits limits) {
    this.named = named;
    this.rules = rules;
    this.denied = denied;
    this.limits = limits;
  }

  /** The place last looked at. */
  String where() {
    return where;
  }

  /**
   * Finds what is to be judged.
   *
   * @param drafts every node by its id
   * @param harvest where it goes
   * @throws UnreadableException when the graph asks for what is not judged here
   */
  void judge(Map<String, GraphDraft> drafts, Harvest harvest) {
    Graph graph = new Graph();
    for (GraphDraft draft : drafts.values()) {
      graph.add(draft.node(drafts, admit(draft)));
      if (draft.mayShowNegative(drafts)) {
        harvest.reversed();
      }
    }
    GraphRoles roles = new GraphRoles(graph);
    for (Graph.Node node : graph.nodes()) {
      for (Graph.Piece piece : node.pieces()) {
        if (piece instanceof Graph.Text text) {
          alone(node, text, roles, harvest);
        }
      }
    }
    for (TextPart.Role role : List.of(TextPart.Role.POSITIVE, TextPart.Role.NEGATIVE)) {
      for (GraphJoins.Joined joined : new GraphJoins(graph, rules, roles, role, limits).all()) {
        graph.node(joined.node()).ifPresent(node -> together(node, joined.texts(), role));
      }
    }
    found.values().forEach(harvest::claimed);
  }

  private GraphRules.Kind admit(GraphDraft draft) {
    where = draft.where();
    GraphRules.Kind kind = kinds.computeIfAbsent(draft.type(), rules::kind);
    if (!kind.admitted()) {
      throw new UnreadableException(Defect.DENIED_NODE);
    }
    if (draft.pictured() && kind.encodes()) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    return kind;
  }

  private void alone(Graph.Node node, Graph.Text text, GraphRoles roles, Harvest harvest) {
    where = text.where();
    String value = text.value();
    if (++places > PLACES_MAX) {
      throw new UnreadableException(Defect.TOO_MANY_VALUES);
    }
    TextRules.requireText(value, denied);
    boolean prompt = node.kind().encodes();
    if (!prompt) {
      refuseUrl(value);
      if (!value.isBlank() && named && rules.namesFile(node.type(), text.name())) {
        harvest.reference(new RefPart(value, where));
        return;
      }
      if (!value.isBlank() && (rules.namesFile(node.type(), text.name()) || isFile(value))) {
        throw new UnreadableException(Defect.NOT_JUDGED);
      }
    }
    if (worthJudging(value) && (prompt || !rules.isPlain(text.name(), value))) {
      add(value, roles.of(text));
    }
  }

  private void together(Graph.Node node, List<String> texts, TextPart.Role role) {
    where = node.where();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (Looks.holdsImage(bytes, 0, bytes.length)) {
        throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
      }
      TextRules.requireText(text, denied);
      if (!node.kind().encodes()) {
        refuseUrl(text);
        if (isFile(text) && !BLANK.matcher(text).find()) {
          throw new UnreadableException(Defect.NOT_JUDGED);
        }
      }
    }
    add(texts.getFirst(), role);
    List<String> others = texts.stream().skip(1).filter(text -> !found.containsKey(text)).toList();
    if (!others.isEmpty()) {
      add(String.join("\n", others), role);
    }
  }

  /** Of the same text twice, one that is a prompt counts. */
  private void add(String text, TextPart.Role role) {
    TextPart before = found.get(text);
    if (before == null || before.role() == TextPart.Role.NEGATIVE) {
      found.put(text, new TextPart(text, role, before == null ? where : before.where()));
    }
  }

  /** A node that takes a URL fetches what is there. */
  private static void refuseUrl(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (Looks.likeUrl(bytes, 0, bytes.length) || URL_LINE.matcher(text).find()) {
      throw new UnreadableException(Defect.NOT_JUDGED);
    }
  }

  private static boolean isFile(String text) {
    return text.length() <= FILE_CHARS_MAX && FILE.matcher(text.strip()).matches();
  }

  /** One or two letters of the Latin alphabet say nothing; of other scripts they may. */
  private static boolean worthJudging(String text) {
    return text.length() >= TextRules.SWEPT_CHARS_MIN || text.chars().anyMatch(c -> c > 0x7F);
  }
}
