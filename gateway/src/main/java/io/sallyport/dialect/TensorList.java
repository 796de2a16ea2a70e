package io.sallyport.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensors that stand after the JSON of a body, one after another in the order in which
 * the JSON describes them (Triton's extension for binary tensors). They must fill the rest of the
 * body to its last byte, or two readers could cut it differently. Belongs to one thread.
 */
final class TensorList {
  private static final int TENSORS_MAX = 256;
  private static final int DIMENSIONS_MAX = 8;
  private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]{0,9}");

  private final byte[] body;
  private final JsonCursor cursor;
  private final int length;
  private final String list;
  private final List<Tensor> tensors = new ArrayList<>();
  private int described;
  private long at;

  private TensorList(byte[] body, int json, int length, String list, int depth) {
    this.body = body;
    this.length = length;
    this.list = list;
    this.cursor = new JsonCursor(body, json, false, depth);
    this.at = json;
  }

  /** What an object says of a tensor. */
  private static final class Described {
    private @Nullable String name;
    private @Nullable String type;
    private @Nullable List<Integer> shape;
    private int size = -1;
    private boolean data;
  }

  /**
   * Every tensor that has bytes.
   *
   * @param json bytes of the body that are JSON
   * @param list the member that describes them: {@code inputs} or {@code outputs}
   * @throws UnreadableException when the bytes are not exactly those that are described
   */
  static List<Tensor> read(byte[] body, int json, int length, String list, int depth) {
    TensorList tensors = new TensorList(body, json, length, list, depth);
    tensors.read();
    return tensors.tensors;
  }

  private void read() {
    require(cursor.next() == JsonCursor.Token.OBJECT);
    members(
        name -> {
          JsonCursor.Token token = cursor.next();
          if (!name.equals(list)) {
            skip(token);
            return;
          }
          require(token == JsonCursor.Token.ARRAY);
          token = cursor.next();
          for (; token != JsonCursor.Token.END_ARRAY; token = cursor.next()) {
            require(token == JsonCursor.Token.OBJECT && described < TENSORS_MAX);
            tensor();
          }
        });
    require(at == length);
  }

  private interface Member {
    void read(String name);
  }

  /** Reads an open object's members; a name twice would be read in two ways. */
  private void members(Member member) {
    Set<String> seen = new HashSet<>();
    JsonCursor.Token token = cursor.next();
    for (; token == JsonCursor.Token.KEY; token = cursor.next()) {
      String name = text();
      if (!seen.add(name)) {
        throw new UnreadableException(Defect.DUPLICATE_KEY);
      }
      member.read(name);
    }
  }

  private void tensor() {
    int object = cursor.start();
    Described tensor = new Described();
    members(
        name -> {
          JsonCursor.Token token = cursor.next();
          switch (name) {
            case "name" -> tensor.name = string(token);
            case "datatype" -> tensor.type = string(token);
            case "shape" -> tensor.shape = shape(token);
            case "parameters" -> parameters(token, tensor);
            case "data" -> {
              tensor.data = true;
              skip(token);
            }
            default -> skip(token);
          }
        });
    add(tensor, object);
    described++;
  }

  private void parameters(JsonCursor.Token open, Described tensor) {
    if (open == JsonCursor.Token.NULL) {
      return;
    }
    require(open == JsonCursor.Token.OBJECT);
    members(
        name -> {
          JsonCursor.Token token = cursor.next();
          if (name.equals("binary_data_size")) {
            tensor.size = whole(token);
          } else {
            skip(token);
          }
        });
  }

  private void add(Described tensor, int object) {
    if (tensor.size < 0) {
      return;
    }
    String name = tensor.name;
    List<Integer> shape = tensor.shape;
    Optional<Tensor.Type> type = type(tensor.type);
    if (name == null || shape == null || type.isEmpty() || tensor.data) {
      throw new UnreadableException(Defect.MALFORMED_TENSORS);
    }
    long elements = elements(shape);
    long start = at;
    at += tensor.size;
    boolean whole =
        type.get() == Tensor.Type.BYTES
            ? elements * Integer.BYTES <= tensor.size
            : elements * type.get().bytes() == tensor.size;
    require(whole && at <= length);
    String where = "/" + list + "/" + described;
    tensors.add(
        new Tensor(object, name, type.get(), shape, (int) elements, (int) start, (int) at, where));
  }

  private static Optional<Tensor.Type> type(@Nullable String name) {
    for (Tensor.Type type : Tensor.Type.values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Stops where no body of ours goes on, so that nothing overflows. */
  private static long elements(List<Integer> shape) {
    long product = 1;
    for (int size : shape) {
      product *= size;
      require(product <= Integer.MAX_VALUE);
    }
    return product;
  }

  private List<Integer> shape(JsonCursor.Token open) {
    require(open == JsonCursor.Token.ARRAY);
    List<Integer> shape = new ArrayList<>();
    JsonCursor.Token token = cursor.next();
    for (; token != JsonCursor.Token.END_ARRAY; token = cursor.next()) {
      require(shape.size() < DIMENSIONS_MAX);
      shape.add(whole(token));
    }
    return shape;
  }

  private int whole(JsonCursor.Token token) {
    require(token == JsonCursor.Token.NUMBER && WHOLE.matcher(text()).matches());
    long value = Long.parseLong(text());
    require(value <= Integer.MAX_VALUE);
    return (int) value;
  }

  private String string(JsonCursor.Token token) {
    require(token == JsonCursor.Token.STRING);
    return text();
  }

  private String text() {
    return JsonText.decode(body, cursor.start(), cursor.end(), cursor.escaped());
  }

  private void skip(JsonCursor.Token first) {
    int depth = 0;
    JsonCursor.Token token = first;
    while (true) {
      switch (token) {
        case OBJECT, ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case KEY, STRING, NUMBER, TRUE, FALSE, NULL, END -> {}
      }
      if (depth == 0) {
        return;
      }
      token = cursor.next();
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new UnreadableException(Defect.MALFORMED_TENSORS);
    }
  }
}
