package io.sallyport.detect.onnx.convert;

/** Field numbers of the messages in {@code onnx.proto}, one nested class per message. */
final class OnnxSchema {
  private OnnxSchema() {}

  static final class Model {
    static final int IR_VERSION = 1;
    static final int PRODUCER_NAME = 2;
    static final int GRAPH = 7;
    static final int OPSET_IMPORT = 8;

    private Model() {}
  }

  static final class OperatorSet {
    static final int DOMAIN = 1;
    static final int VERSION = 2;

    private OperatorSet() {}
  }

  static final class Graph {
    static final int NODE = 1;
    static final int NAME = 2;
    static final int INITIALIZER = 5;
    static final int INPUT = 11;
    static final int OUTPUT = 12;

    private Graph() {}
  }

  static final class Node {
    static final int INPUT = 1;
    static final int OUTPUT = 2;
    static final int OP_TYPE = 4;
    static final int ATTRIBUTE = 5;

    private Node() {}
  }

  /** {@code AttributeProto}, with the values of its enum {@code AttributeType}. */
  static final class NodeAttribute {
    static final int NAME = 1;
    static final int F = 2;
    static final int I = 3;
    static final int S = 4;
    static final int INTS = 8;
    static final int TYPE = 20;
    static final int TYPE_FLOAT = 1;
    static final int TYPE_INT = 2;
    static final int TYPE_STRING = 3;
    static final int TYPE_INTS = 7;

    private NodeAttribute() {}
  }

  static final class Tensor {
    static final int DIMS = 1;
    static final int DATA_TYPE = 2;
    static final int NAME = 8;
    static final int RAW_DATA = 9;

    private Tensor() {}
  }

  /** {@code ValueInfoProto} and what is nested in it down to one dimension. */
  static final class ValueInfo {
    static final int NAME = 1;
    static final int TYPE = 2;
    static final int TYPE_TENSOR = 1;
    static final int TENSOR_ELEMENT = 1;
    static final int TENSOR_SHAPE = 2;
    static final int SHAPE_DIM = 1;
    static final int DIM_VALUE = 1;
    static final int DIM_NAME = 2;

    private ValueInfo() {}
  }
}
