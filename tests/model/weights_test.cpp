// SPDX-License-Identifier: MIT
#include <fsis/model/weights.hpp>

#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>

#include <cmath>
#include <limits>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::randomise;

namespace {

template <class T>
struct small_layer : nn::sequential<nn::conv<2, 3, 3, tensor<T>>, nn::batch_norm<3, tensor<T>>,
                                    nn::linear<3, 4, tensor<T>>> {};

io::safetensors_file file_of(io::safetensors_writer const& writer) {
  return io::safetensors_file::parse(writer.encode(), "some.safetensors");
}

template <class Layer>
io::safetensors_file file_of(cpu_context const& ctx, Layer const& layer, io::dtype type,
                             std::string const& prefix = "") {
  io::safetensors_writer writer;
  model::add_parameters(ctx, layer, writer, type, prefix);
  return file_of(writer);
}

/// What a file of a `small_layer` holds, with one tensor left out and put in again by the caller.
io::safetensors_writer all_but(cpu_context const& ctx, small_layer<float> const& layer, std::string const& left_out) {
  io::safetensors_writer writer;
  nn::visit_parameters(layer, [&](std::string const& name, auto const& p) {
    auto const values = to_host(ctx, p.value);
    if (name != left_out) writer.add(name, model::stored_extents(p.extents), values.data(), io::dtype::f32);
  });
  return writer;
}

/// Loading must throw an `io_error` with all these words and leave the layer as it was.
template <class... Words>
void check_refused(io::safetensors_file const& file, Words const&... words) {
  cpu_context ctx;
  small_layer<float> layer;
  randomise(ctx, layer, 99);
  auto const before = bytes_of_parameters(ctx, layer);
  auto const run = [&] { model::load_parameters(ctx, layer, file); };
  CHECK_THROWS_AS(run(), io_error);
  std::string const text = error_text(run);
  INFO(text);
  CHECK(mentions(text, "some.safetensors", words...));
  CHECK(bytes_of_parameters(ctx, layer) == before);
}

}  // namespace

TEST_CASE("weights: a file holds filters as (K,C,R,S)") {
  cpu_context ctx;
  nn::conv<2, 2, 3> layer;
  randomise(ctx, layer, 1);
  auto filter = layer.weight.value.view<4>();
  for (index_t k = 0; k < 2; ++k)
    for (index_t r = 0; r < 3; ++r)
      for (index_t s = 0; s < 3; ++s)
        for (index_t c = 0; c < 2; ++c) filter(k, r, s, c) = static_cast<float>(1000 * k + 100 * c + 10 * r + s);
  auto const file = file_of(ctx, layer, io::dtype::f32);
  CHECK(file.at("weight").extents() == shape{2, 2, 3, 3});
  auto const stored = file.read<float>("weight");
  std::vector<float> wanted;
  for (int k : {0, 1000})
    for (int c : {0, 100})
      for (int r : {0, 10, 20})
        for (int s : {0, 1, 2}) wanted.push_back(static_cast<float>(k + c + r + s));
  CHECK(stored == wanted);
}

TEST_CASE("weights: matrices and vectors are stored as they are") {
  cpu_context ctx;
  small_layer<float> layer;
  randomise(ctx, layer, 2);
  auto const file = file_of(ctx, layer, io::dtype::f32);
  CHECK(file.tensors().size() == 8);
  CHECK(file.at("2.weight").extents() == shape{4, 3});
  CHECK(file.read<float>("2.weight") == to_host(ctx, layer.layer<2>().weight.value));
  CHECK(file.read<float>("1.running_var") == to_host(ctx, layer.layer<1>().running_variance.value));
}

TEST_CASE("weights: float32 comes back to the last bit, float64 too") {
  cpu_context ctx;
  small_layer<float> a, b;
  randomise(ctx, a, 3);
  randomise(ctx, b, 4);
  model::load_parameters(ctx, b, file_of(ctx, a, io::dtype::f32));
  CHECK(bytes_of_parameters(ctx, a) == bytes_of_parameters(ctx, b));
  CHECK(b.layer<0>().weight.value.extents() == shape{3, 3, 3, 2});

  small_layer<double> c, d;
  randomise(ctx, c, 3);
  model::load_parameters(ctx, d, file_of(ctx, c, io::dtype::f64));
  CHECK(bytes_of_parameters(ctx, c) == bytes_of_parameters(ctx, d));
}

TEST_CASE("weights: float16 comes back within half its precision, running averages do not lose any") {
  cpu_context ctx;
  small_layer<float> a, b;
  randomise(ctx, a, 5);
  a.layer<1>().running_variance.value.data()[0] = 3e6f;  // more than float16 holds
  a.layer<1>().running_mean.value.data()[0] = 1e-9f;     // less
  auto const file = file_of(ctx, a, io::dtype::f16);
  CHECK(file.at("0.weight").type == io::dtype::f16);
  CHECK(file.at("1.weight").type == io::dtype::f16);
  CHECK(file.at("1.running_mean").type == io::dtype::f32);
  CHECK(file.at("1.running_var").type == io::dtype::f32);
  model::load_parameters(ctx, b, file);
  CHECK(bytes_of_parameters(ctx, a, "1.running") == bytes_of_parameters(ctx, b, "1.running"));
  bool rounded = false;
  auto const x = to_host(ctx, a.layer<0>().weight.value), y = to_host(ctx, b.layer<0>().weight.value);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK_NEAR(x[i], y[i], std::ldexp(std::abs(x[i]), -11) + 3e-8);
    rounded = rounded || x[i] != y[i];
  }
  CHECK(rounded);
}

TEST_CASE("weights: what does not fit into float16 is refused with its name") {
  cpu_context ctx;
  small_layer<float> layer;
  randomise(ctx, layer, 5);
  layer.layer<2>().weight.value.data()[5] = 70000;
  auto const run = [&] { file_of(ctx, layer, io::dtype::f16); };
  CHECK_THROWS_AS(run(), value_error);
  CHECK(mentions(error_text(run), "2.weight", "70000", "F16"));
}

TEST_CASE("weights: what has no value yet cannot be stored") {
  cpu_context ctx;
  small_layer<float> const layer;
  auto const run = [&] { file_of(ctx, layer, io::dtype::f32, "net."); };
  CHECK_THROWS_AS(run(), value_error);
  CHECK(mentions(error_text(run), "save", "net.0.weight"));
}

TEST_CASE("weights: a prefix stands before every name") {
  cpu_context ctx;
  small_layer<float> a, b;
  randomise(ctx, a, 3);
  auto const file = file_of(ctx, a, io::dtype::f32, "trunk.");
  CHECK(file.contains("trunk.0.weight"));
  auto const used = model::load_parameters(ctx, b, file, "trunk.");
  CHECK(used.size() == 8);
  CHECK(used.count("trunk.2.bias") == 1);
  CHECK(bytes_of_parameters(ctx, a) == bytes_of_parameters(ctx, b));
  check_refused(file, "'0.weight'", "(3,2,3,3)");
}

TEST_CASE("weights: a file that does not fit leaves everything as it was") {
  cpu_context ctx;
  small_layer<float> layer;
  randomise(ctx, layer, 6);
  std::vector<float> values(60, 0.5f);
  SECTION("a tensor is missing") {
    check_refused(file_of(all_but(ctx, layer, "2.bias")), "no tensor '2.bias'", "(4)");
  }
  SECTION("a tensor has another shape") {
    auto writer = all_but(ctx, layer, "0.weight");
    writer.add("0.weight", {3, 3, 3, 2}, values.data(), io::dtype::f32);
    check_refused(file_of(writer), "'0.weight'", "shape (3,3,3,2)", "wanted (3,2,3,3)");
  }
  SECTION("the same numbers under another rank") {
    auto writer = all_but(ctx, layer, "2.bias");
    writer.add("2.bias", {4, 1}, values.data(), io::dtype::f32);
    check_refused(file_of(writer), "'2.bias'", "(4,1)", "(4)");
  }
  SECTION("NaN in the last tensor") {
    auto writer = all_but(ctx, layer, "2.weight");
    values[7] = std::numeric_limits<float>::quiet_NaN();
    writer.add("2.weight", {4, 3}, values.data(), io::dtype::f32);
    check_refused(file_of(writer), "2.weight", "nan", "index 7 of 12");
  }
  SECTION("infinity") {
    auto writer = all_but(ctx, layer, "1.running_var");
    values[2] = std::numeric_limits<float>::infinity();
    writer.add("1.running_var", {3}, values.data(), io::dtype::f32);
    check_refused(file_of(writer), "1.running_var", "inf");
  }
  SECTION("finite in the file, but not as float") {
    auto writer = all_but(ctx, layer, "2.bias");
    std::vector<double> const large{1, 1e300, 1, 1};
    writer.add("2.bias", {4}, large.data(), io::dtype::f64);
    check_refused(file_of(writer), "2.bias", "index 1 of 4");
  }
}

TEST_CASE("weights: memory that runs out in the middle leaves everything as it was") {
  cpu_context plenty;
  nn::sequential<nn::linear<16, 100>, nn::linear<100, 100>, nn::linear<100, 200>> source;  // 6, 40 and 80 kB
  nn::initialise(plenty, source, 1);
  auto const file = file_of(plenty, source, io::dtype::f32);
  cpu_options o;
  o.memory_limit = 200000;  // two of three new matrices fit beside the old ones
  cpu_context ctx(o);
  decltype(source) layer;
  nn::initialise(ctx, layer, 2);
  auto const before = bytes_of_parameters(ctx, layer);
  CHECK_THROWS_AS(model::load_parameters(ctx, layer, file), device_error);
  CHECK(bytes_of_parameters(ctx, layer) == before);
}

TEST_CASE("weights: tensors that nobody used show that the file is of something else") {
  cpu_context ctx;
  small_layer<float> layer;
  randomise(ctx, layer, 6);
  io::safetensors_writer writer;
  model::add_parameters(ctx, layer, writer, io::dtype::f32);
  auto const whole = file_of(writer);
  model::check_all_used(whole, model::load_parameters(ctx, layer, whole));
  std::vector<float> const one{1};
  writer.add("3.bias", {1}, one.data(), io::dtype::f32);
  auto const more = file_of(writer);
  auto const run = [&] { model::check_all_used(more, model::load_parameters(ctx, layer, more)); };
  CHECK_THROWS_AS(run(), io_error);
  CHECK(mentions(error_text(run), "some.safetensors", "'3.bias'", "9 tensors", "8 known"));
}
