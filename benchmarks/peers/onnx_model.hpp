// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace fsis_bench {

/// Bytes of a protobuf message, field by field (https://protobuf.dev/programming-guides/encoding).
class protobuf {
 public:
  protobuf& number(int field, std::uint64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3);
    varint(value);
    return *this;
  }
  protobuf& bytes(int field, std::string const& value) {
    varint(static_cast<std::uint64_t>(field) << 3 | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  protobuf& message(int field, protobuf const& value) { return bytes(field, value.bytes_); }

  std::string const& all() const { return bytes_; }

 private:
  void varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) bytes_ += static_cast<char>(v | 0x80);
    bytes_ += static_cast<char>(v);
  }

  std::string bytes_;
};

/// An ONNX model of operators one after the other, from a feature map `x` (N,C,H,W) to the last operator's result.
/// Field numbers are those of onnx.proto3.
class onnx_model {
 public:
  using extents = std::vector<std::int64_t>;

  /// With its bias; the filter is (K,C,R,S).
  onnx_model& convolution(extents const& filter_extents, std::vector<float> const& filter,
                          std::vector<float> const& bias, std::int64_t padding, std::int64_t dilation) {
    std::string const number = std::to_string(count_), f = "filter" + number, b = "bias" + number;
    initializer(f, filter_extents, filter);
    initializer(b, {filter_extents[0]}, bias);
    protobuf const pads = integers("pads", extents(4, padding)),
                   dilations = integers("dilations", extents(2, dilation));
    return add("Conv", {f, b}, {pads, dilations});
  }

  onnx_model& relu() { return add("Relu", {}, {}); }

  /// The largest of each 2x2.
  onnx_model& max_pool() {
    return add("MaxPool", {}, {integers("kernel_shape", {2, 2}), integers("strides", {2, 2})});
  }

  std::string const& output() const { return last_; }

  std::string finished(extents const& x) {
    graph_.bytes(2, "benchmark").message(11, feature_map("x", x)).message(12, feature_map(last_, {}));
    constexpr std::uint64_t ir_version = 7, operators = 13;
    return protobuf().number(1, ir_version).message(7, graph_).message(8, protobuf().number(2, operators)).all();
  }

 private:
  static constexpr std::uint64_t of_floats = 1,
                                 of_integers = 7;  // TensorProto.DataType, AttributeProto.AttributeType

  static protobuf integers(std::string const& name, extents const& values) {
    protobuf a;
    a.bytes(1, name);
    for (auto const v : values) a.number(8, static_cast<std::uint64_t>(v));
    return a.number(20, of_integers);
  }

  /// Without extents: of four that the runtime finds itself.
  static protobuf feature_map(std::string const& name, extents const& of) {
    protobuf shape;
    for (auto const e : of) shape.message(1, protobuf().number(1, static_cast<std::uint64_t>(e)));
    for (int i = 0; of.empty() && i < 4; ++i) shape.message(1, protobuf());
    protobuf const tensor = protobuf().number(1, of_floats).message(2, shape);
    return protobuf().bytes(1, name).message(2, protobuf().message(1, tensor));
  }

  void initializer(std::string const& name, extents const& of, std::vector<float> const& values) {
    protobuf t;
    for (auto const e : of) t.number(1, static_cast<std::uint64_t>(e));
    std::string raw(values.size() * sizeof(float), '\0');
    std::memcpy(&raw[0], values.data(), raw.size());  // little-endian, as the machines that this runs on
    graph_.message(5, t.number(2, of_floats).bytes(8, name).bytes(9, raw));
  }

  onnx_model& add(std::string const& type, std::vector<std::string> const& parameters,
                  std::vector<protobuf> const& attributes) {
    protobuf node;
    node.bytes(1, last_);
    for (auto const& p : parameters) node.bytes(1, p);
    last_ = type + std::to_string(count_++);
    node.bytes(2, last_).bytes(4, type);
    for (auto const& a : attributes) node.message(5, a);
    graph_.message(1, node);
    return *this;
  }

  protobuf graph_;
  std::string last_ = "x";
  int count_ = 0;
};

}  // namespace fsis_bench
