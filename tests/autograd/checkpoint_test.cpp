// SPDX-License-Identifier: MIT
#include <fsis/autograd/checkpoint.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/gradcheck.hpp>

#include <support/catch.hpp>
#include <support/host.hpp>
#include <support/random_tensor.hpp>

#include <array>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
using fsis::variable;
namespace ops = fsis::ops;

namespace {

using array = tensor<double>;
using array_tape = fsis::tape<array>;

/// Eight blocks of eight steps with a parameter in each, which two of the steps use.
struct chain {
  static constexpr std::size_t blocks = 8;
  std::array<array, blocks> weights;

  chain(cpu_context const& ctx, shape const& extents) {
    for (std::size_t i = 0; i < blocks; ++i) weights[i] = random_tensor<double>(ctx, extents, 10 + i, 0.5, 1.5);
  }

  template <class Tape>
  variable<array> block(Tape& t, variable<array> const& x, std::size_t i) const {
    auto y = multiply(t, x, t.parameter(&weights[i], weights[i]));
    for (int step = 0; step < 3; ++step) y = sigmoid(t, affine(t, y, 3, -1));
    return add(t, y, t.parameter(&weights[i], weights[i]));
  }

  template <class Tape>
  variable<array> operator()(Tape& t, variable<array> x, bool with_checkpoints) const {
    for (std::size_t i = 0; i < blocks; ++i) {
      auto const step = [this, i](auto& inner, variable<array> const& v) { return this->block(inner, v, i); };
      x = with_checkpoints ? checkpoint(t, step, x) : step(t, x);
    }
    return x;
  }
};

struct outcome {
  std::vector<double> y, dx;
  std::vector<std::vector<double>> dw;
  std::size_t peak = 0;
};

outcome run(cpu_context const& ctx, chain const& f, array const& x, bool with_checkpoints) {
  outcome o;
  std::size_t const start = ctx.memory().statistics().in_use;
  ctx.memory().reset_peak();
  array_tape t(ctx);
  auto const leaf = t.input(x);
  auto loss = variable<array>();
  {
    auto const y = f(t, leaf, with_checkpoints);
    o.y = host(y.value);
    loss = sum_of_squares(t, y);
  }
  t.backward(loss);
  o.peak = ctx.memory().statistics().peak - start;
  o.dx = host(t.gradient(leaf));
  for (auto const& w : f.weights) o.dw.push_back(host(t.parameter_gradient(&w)));
  return o;
}

}  // namespace

TEST_CASE("checkpoints change neither values nor gradients, and need less memory") {
  cpu_context const ctx;
  shape const extents{4096};
  chain const f(ctx, extents);
  auto const x = random_tensor<double>(ctx, extents, 1);
  auto const plain = run(ctx, f, x, false), saving = run(ctx, f, x, true);
  CHECK(saving.y == plain.y);
  CHECK(saving.dx == plain.dx);
  // a parameter that a block uses twice gets both gradients, once
  CHECK(saving.dw == plain.dw);
  for (auto const& dw : plain.dw) CHECK(dw.size() == 4096);
  INFO("peak " << plain.peak << " without and " << saving.peak << " with checkpoints");
  CHECK(2 * saving.peak < plain.peak);
}

TEST_CASE("a parameter used in and between checkpoints gathers every gradient") {
  cpu_context const ctx;
  auto const w = random_tensor<double>(ctx, {5}, 1), x = random_tensor<double>(ctx, {5}, 2);
  auto const gradient = [&](bool with_checkpoints) {
    array_tape t(ctx);
    auto const step = [&](auto& inner, variable<array> const& v) {
      return sigmoid(inner, multiply(inner, v, inner.parameter(&w, w)));
    };
    auto const apply_to = [&](variable<array> const& v) {
      return with_checkpoints ? checkpoint(t, step, v) : step(t, v);
    };
    auto y = apply_to(t.input(x));
    y = add(t, y, t.parameter(&w, w));
    y = apply_to(y);
    t.backward(sum(t, y));
    return host(t.parameter_gradient(&w));
  };
  CHECK(gradient(true) == gradient(false));
}

TEST_CASE("a checkpoint's gradients are right by central differences, also of one inside another") {
  cpu_context const ctx;
  auto const inner = [](auto& t, auto const& v) { return sigmoid(t, multiply(t, v, v)); };
  auto const once = [&](auto& t, auto const& v) { return checkpoint(t, inner, v[0]); };
  auto const outer = [&](auto& t, auto const& v) {
    return affine(t, checkpoint(t, inner, affine(t, v, 2, 1)), 3, 0);
  };
  auto const twice = [&](auto& t, auto const& v) { return checkpoint(t, outer, v[0]); };
  auto const x = random_tensor<double>(ctx, {2, 3}, 1);
  CHECK(fsis::gradcheck(ctx, once, {x}).ok);
  CHECK(fsis::gradcheck(ctx, twice, {x}).ok);
}

TEST_CASE("what a checkpoint computes inside is thrown away") {
  cpu_context const ctx;
  constexpr std::size_t bytes = 1 << 16;
  array_tape t(ctx);
  auto const x = t.input(random_tensor<double>(ctx, {bytes / sizeof(double)}, 1));
  std::size_t const before = ctx.memory().statistics().in_use;
  auto const y = checkpoint(
      t,
      [](auto& inner, variable<array> v) {
        for (int i = 0; i < 10; ++i) v = sigmoid(inner, v);
        return v;
      },
      x);
  CHECK(ctx.memory().statistics().in_use - before == bytes);  // the result alone
  CHECK(y.is_recorded());
}

TEST_CASE("a checkpoint of a constant without parameters is a constant") {
  cpu_context const ctx;
  auto const square_of = [](auto& t, auto const& v) { return square(t, v); };
  variable<array> const x(random_tensor<double>(ctx, {3}, 1));
  array_tape t(ctx, fsis::phase::training, fsis::parameters::constant);
  CHECK(!checkpoint(t, square_of, x).is_recorded());
  fsis::no_tape<array> plain(ctx);
  auto const y = checkpoint(plain, square_of, x);
  CHECK(!y.is_recorded());
  CHECK(host(y.value) == host(ops::multiply(ctx, x.value, x.value)));
}

TEST_CASE("parameters behind a constant input are differentiated through a checkpoint") {
  cpu_context const ctx;
  auto const w = random_tensor<double>(ctx, {3}, 1), x = random_tensor<double>(ctx, {3}, 2);
  array_tape t(ctx);
  auto const y = checkpoint(
      t, [&](auto& inner, auto const& v) { return multiply(inner, v, inner.parameter(&w, w)); }, variable<array>(x));
  t.backward(sum(t, y));
  CHECK(host(t.parameter_gradient(&w)) == host(x));
}

TEST_CASE("moments measured inside a checkpoint are reported once") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(random_tensor<double>(ctx, {3}, 1));
  int calls = 0;
  auto const y = checkpoint(
      t,
      [&](auto& inner, auto const& v) {
        ++calls;
        typename std::decay_t<decltype(inner)>::measured_moments m{};
        m.mean = v.value;
        m.variance = v.value;
        m.count = 3;
        inner.measure(m);
        return square(inner, v);
      },
      x);
  CHECK(t.measurements().size() == 1);
  t.backward(sum(t, y));
  CHECK(calls == 2);
  CHECK(t.measurements().size() == 1);
  CHECK(t.measurements()[0].count == 3);
}
