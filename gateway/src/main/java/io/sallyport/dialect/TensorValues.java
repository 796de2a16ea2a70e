package io.sallyport.dialect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a body whose tensors follow its JSON: first those of the JSON, then each element of
 * each tensor as if it stood in the {@code data} of its object. Belongs to one thread.
 *
 * <p>An element of {@code BYTES} is a string; where the dialect claims an image it may also be the
 * image's own bytes. A tensor of pixels that is claimed as an image is one, or several; one that
 * cannot be shown as it is refuses the body. All other numbers are numbers.
 */
final class TensorValues implements Values {
  private static final Claim IMAGE = new Claim.File(true);

  private final byte[] body;
  private final int jsonLength;
  private final int length;
  private final Walk json;
  private final String list;
  private final ReadLimits limits;
  private final Automaton automaton;
  private @Nullable List<Tensor> tensors;
  private int next;
  private @Nullable Tensor tensor;
  private Claim claim = new Claim.Unclaimed();
  private int state;

  /** Of the present tensor: elements met, and the offset after them. */
  private int index;

  private int at;

  private int start;
  private int end;
  private @Nullable ImagePart part;

  /**
   * @param jsonLength bytes of the body that are JSON
   * @param list the member that describes the tensors: {@code inputs} or {@code outputs}
   * @param strict as for {@link Walk}
   */
  TensorValues(
      byte[] body,
      int jsonLength,
      int length,
      String list,
      boolean strict,
      ReadLimits limits,
      Automaton automaton) {
    this.body = body;
    this.jsonLength = jsonLength;
    this.length = length;
    this.json = new Walk(body, jsonLength, strict, limits, automaton);
    this.list = list;
    this.limits = limits;
    this.automaton = automaton;
  }

  @Override
  public JsonCursor.Token next() {
    if (tensors == null) {
      JsonCursor.Token token = json.next();
      if (token != JsonCursor.Token.END) {
        return token;
      }
      tensors = TensorList.read(body, jsonLength, length, list, limits.depth());
    }
    part = null;
    while (tensor == null || index == tensor.elements() || at == tensor.end()) {
      if (tensor != null && (index < tensor.elements() || at < tensor.end())) {
        throw new UnreadableException(Defect.MALFORMED_TENSORS);
      }
      if (next == tensors.size()) {
        return JsonCursor.Token.END;
      }
      enter(tensors.get(next++));
    }
    return element(tensor);
  }

  /** An object is what its own members make of it, as in {@link Walk}. */
  private void enter(Tensor entered) {
    tensor = entered;
    index = 0;
    at = entered.start();
    byte[] data = {'d', 'a', 't', 'a'};
    byte[] name = list.getBytes(StandardCharsets.UTF_8);
    state = automaton.element(automaton.member(Automaton.ROOT, name, 0, name.length));
    for (var guard = automaton.guard(state); guard.isPresent(); guard = automaton.guard(state)) {
      state =
          guard
              .get()
              .after(
                  Lookahead.member(body, entered.object(), jsonLength, guard.get().key(), false));
    }
    state = automaton.element(automaton.member(state, data, 0, data.length));
    claim = automaton.claim(state);
    if (claim instanceof Claim.Image && entered.type() != Tensor.Type.BYTES) {
      PixelTensor.require(body, entered);
    }
  }

  private JsonCursor.Token element(Tensor tensor) {
    index++;
    if (tensor.type() == Tensor.Type.BYTES) {
      string(tensor);
      return JsonCursor.Token.STRING;
    }
    if (claim instanceof Claim.Image) {
      ImagePart.Pixels picture = PixelTensor.picture(tensor, at, where());
      part = picture;
      index += picture.elements() - 1;
      take(picture.elements() * tensor.type().bytes());
      return JsonCursor.Token.STRING;
    }
    take(tensor.type().bytes());
    return JsonCursor.Token.NUMBER;
  }

  private void take(int bytes) {
    start = at;
    at += bytes;
    end = at;
  }

  private void string(Tensor tensor) {
    long size = tensor.end() - at < Integer.BYTES ? -1 : Integer.toUnsignedLong(i32(at));
    if (size < 0 || size > tensor.end() - at - Integer.BYTES) {
      throw new UnreadableException(Defect.MALFORMED_TENSORS);
    }
    at += Integer.BYTES;
    take((int) size);
    boolean bytes =
        claim instanceof Claim.Image(Claim.Form as)
            && (as == Claim.Form.AUTO || as == Claim.Form.MAYBE)
            && Signature.isJudged(body, start, end);
    if (bytes) {
      part = new ImagePart.Raw(start, end, where());
    } else {
      requireText();
    }
  }

  /** What is no text could be an image of a kind that nobody here knows. */
  private void requireText() {
    if (Signature.isOfImage(body, start, end)) {
      throw new UnreadableException(Defect.UNCLAIMED_IMAGE);
    }
    int i = start;
    while (i < end) {
      if (body[i] == 0) {
        throw new UnreadableException(Defect.NOT_UTF8);
      }
      i = body[i] > 0 ? i + 1 : Utf8.next(body, i, end);
    }
  }

  private int i32(int offset) {
    return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }

  @Override
  public Claim claim() {
    return tensor == null ? json.claim() : part == null ? claim : IMAGE;
  }

  @Override
  public ImagePart raw() {
    return part == null ? Values.super.raw() : part;
  }

  @Override
  public boolean goesDeeper() {
    return tensor == null ? json.goesDeeper() : automaton.goesDeeper(state);
  }

  @Override
  public boolean inArray() {
    return tensor != null || json.inArray();
  }

  @Override
  public int start() {
    return tensor == null ? json.start() : start;
  }

  @Override
  public int end() {
    return tensor == null ? json.end() : end;
  }

  @Override
  public boolean escaped() {
    return tensor == null && json.escaped();
  }

  @Override
  public String text() {
    Tensor present = tensor;
    if (present == null) {
      return json.text();
    }
    return present.type() == Tensor.Type.BYTES
        ? new String(body, start, end - start, StandardCharsets.UTF_8)
        : number(present.type());
  }

  /** A number as JSON would spell it, as exactly as guidance and the like need it. */
  private String number(Tensor.Type type) {
    ByteBuffer number = ByteBuffer.wrap(body, start, end - start).slice();
    number.order(ByteOrder.LITTLE_ENDIAN);
    return switch (type) {
      case BOOL -> Boolean.toString(number.get() != 0);
      case UINT8 -> Integer.toString(number.get() & 0xFF);
      case INT8 -> Byte.toString(number.get());
      case UINT16 -> Integer.toString(number.getShort() & 0xFFFF);
      case INT16 -> Short.toString(number.getShort());
      case UINT32 -> Integer.toUnsignedString(number.getInt());
      case INT32 -> Integer.toString(number.getInt());
      case UINT64 -> Long.toUnsignedString(number.getLong());
      case INT64 -> Long.toString(number.getLong());
      case FP16 -> Float.toString(Float.float16ToFloat(number.getShort()));
      case BF16 -> Float.toString(Float.intBitsToFloat(number.getShort() << 16));
      case FP32 -> Float.toString(number.getFloat());
      case FP64 -> Double.toString(number.getDouble());
      case BYTES -> "";
    };
  }

  @Override
  public String nearestName() {
    return tensor == null ? json.nearestName() : tensor.name();
  }

  @Override
  public String where() {
    Tensor present = tensor;
    if (present == null) {
      return json.where();
    }
    return present.where() + (index == 0 ? "/data" : "/data/" + (index - 1));
  }

  @Override
  public Walk inside(byte[] text, ReadLimits limits) {
    return tensor == null
        ? json.inside(text, limits)
        : new Walk(text, text.length, true, limits, automaton, state, where());
  }
}
