// SPDX-License-Identifier: MIT
#include <fsis/autograd/gradcheck.hpp>

#include <fsis/autograd/functions/elementwise.hpp>

#include <support/catch.hpp>
#include <support/random_tensor.hpp>

#include <limits>

using namespace fsis_test;
using fsis::cpu_context;
using fsis::gradcheck;
using fsis::index_t;
using fsis::shape;
using fsis::tensor;
using fsis::variable;
namespace ops = fsis::ops;

namespace {

using array = tensor<double>;

/// y = a * b + c with a pullback that may be wrong: `spoil(tape, which input, its gradient)` returns what is added.
template <class Spoil>
auto product_and_sum(Spoil spoil) {
  return [spoil](auto& t, std::vector<variable<array>> const& v) {
    auto const& ctx = t.context();
    auto const a = v[0], b = v[1], c = v[2];
    return t.record(
        ops::add(ctx, ops::multiply(ctx, a.value, b.value), c.value),
        [=](auto& tape, array const& g) {
          auto const& device = tape.context();
          tape.add(a.slot, spoil(tape, a, 0, ops::multiply(device, g, b.value)));
          tape.add(b.slot, spoil(tape, b, 1, ops::multiply(device, g, a.value)));
          tape.add(c.slot, spoil(tape, c, 2, g));
        },
        a, b, c);
  };
}

std::vector<array> inputs(cpu_context const& ctx) {
  return {away_from_zero<double>(ctx, {2, 3}, 1), away_from_zero<double>(ctx, {2, 3}, 2),
          away_from_zero<double>(ctx, {2, 3}, 3)};
}

}  // namespace

TEST_CASE("a right gradient passes") {
  cpu_context const ctx;
  auto const report = gradcheck(
      ctx, product_and_sum([](auto&, auto const&, int, array const& g) { return g; }), inputs(ctx));
  INFO(report.text());
  CHECK(report.ok);
  CHECK(mentions(report.text(), "ok", "input", "element", "analytic", "numeric"));
}

TEST_CASE("a wrong factor in one term is found, and where") {
  cpu_context const ctx;
  for (int input : {0, 1, 2})
    for (index_t element : {0, 4, 5}) {
      auto const report = gradcheck(ctx, product_and_sum([=](auto& t, auto const&, int which, array const& g) {
                                      auto spoilt = ops::clone(t.context(), g);
                                      if (which == input) spoilt.data()[element] *= 1.001;
                                      return spoilt;
                                    }),
                                    inputs(ctx));
      CHECK(!report.ok);
      CHECK(report.input == static_cast<std::size_t>(input));
      CHECK(report.element == element);
      CHECK(mentions(report.text(), "WRONG", "input " + std::to_string(input), "element " + std::to_string(element)));
      CHECK(std::abs(report.analytic / report.numeric - 1.001) < 1e-6);
    }
}

TEST_CASE("a wrong factor in a term a million times smaller than the others is found") {
  cpu_context const ctx;
  auto all = inputs(ctx);
  all[1].data()[3] = 1e-6;  // makes the gradient of a[3] small
  auto const report = gradcheck(ctx, product_and_sum([](auto& t, auto const&, int which, array const& g) {
                                  auto spoilt = ops::clone(t.context(), g);
                                  if (which == 0) spoilt.data()[3] *= 1.1;
                                  return spoilt;
                                }),
                                all);
  INFO(report.text());
  CHECK(!report.ok);
  CHECK(report.input == 0);
  CHECK(report.element == 3);
}

TEST_CASE("a gradient that overwrites instead of adding is found") {
  cpu_context const ctx;
  auto const report = gradcheck(ctx, product_and_sum([](auto& t, auto const& v, int which, array const& g) {
                                  // what adds up to g alone, whatever the slot held
                                  return which == 1 ? ops::subtract(t.context(), g, t.gradient(v)) : g;
                                }),
                                inputs(ctx));
  CHECK(!report.ok);
  CHECK(report.input == 1);
}

TEST_CASE("a missing gradient is found") {
  cpu_context const ctx;
  auto const report = gradcheck(ctx, product_and_sum([](auto& t, auto const&, int which, array const& g) {
                                  return which == 2 ? ops::zeros<double>(t.context(), g.extents()) : g;
                                }),
                                inputs(ctx));
  CHECK(!report.ok);
  CHECK(report.input == 2);
  CHECK(report.analytic == 0);
  CHECK(report.numeric != 0);

  auto const forgotten = [](auto& t, std::vector<variable<array>> const& v) {
    return add(t, v[0], variable<array>(v[1].value));  // v[1] as a constant
  };
  auto const second = gradcheck(ctx, forgotten, {inputs(ctx)[0], inputs(ctx)[1]});
  CHECK(!second.ok);
  CHECK(second.input == 1);
}

TEST_CASE("a wrong sign, a swapped operand and NaN are found") {
  cpu_context const ctx;
  auto const broken = [&](auto spoil) { return !gradcheck(ctx, product_and_sum(spoil), inputs(ctx)).ok; };
  CHECK(broken([](auto& t, auto const&, int which, array const& g) {
    return which == 0 ? ops::affine(t.context(), g, -1, 0) : g;
  }));
  CHECK(broken([](auto& t, auto const& v, int which, array const& g) {
    return which == 0 ? ops::multiply(t.context(), g, v.value) : g;
  }));
  CHECK(broken([](auto& t, auto const&, int which, array const& g) {
    return which == 1 ? ops::affine(t.context(), g, std::numeric_limits<double>::quiet_NaN(), 0) : g;
  }));
}

TEST_CASE("a gradient of another shape is refused by the tape") {
  cpu_context const ctx;
  auto const f = [](auto& t, std::vector<variable<array>> const& v) {
    return t.record(
        ops::sum(t.context(), v[0].value), [slot = v[0].slot](auto& tape, array const& g) { tape.add(slot, g); },
        v[0]);
  };
  auto const text = error_text([&] { gradcheck(ctx, f, {inputs(ctx)[0]}); });
  CHECK(mentions(text, "gradients of one variable", "(2,3)", "()"));
}

TEST_CASE("a function without gradient passes with zero, also where rounding leaves a rest") {
  cpu_context const ctx;
  auto const x = away_from_zero<double>(ctx, {2, 3}, 1, 0.5, 1.5);
  CHECK(gradcheck(ctx, [](auto& t, auto const& v) { return subtract(t, v[0], v[0]); }, {x}).ok);
  CHECK(gradcheck(ctx, [](auto& t, auto const& v) { return divide(t, v[0], v[0]); }, {x}).ok);
  CHECK(gradcheck(ctx, [](auto& t, auto const& v) { return affine(t, v[0], 0, 3); }, {x}).ok);
}

TEST_CASE("a result that is recorded nowhere is an error") {
  cpu_context const ctx;
  auto const constant = [](auto&, std::vector<variable<array>> const& v) { return variable<array>(v[0].value); };
  CHECK(mentions(error_text([&] { gradcheck(ctx, constant, {inputs(ctx)[0]}); }), "does not depend"));
}

TEST_CASE("a kink within every step is reported") {
  cpu_context const ctx;
  auto const x = fsis::from_host<double>(ctx, {3}, {-1, 1e-9, 1});
  auto const report = gradcheck(ctx, [](auto& t, auto const& v) { return relu(t, v[0]); }, {x});
  CHECK(!report.ok);
  CHECK(report.element == 1);
}

TEST_CASE("gradcheck of a few elements looks at as many, and of scalars and empty tensors at all") {
  cpu_context const ctx;
  fsis::gradcheck_options few;
  few.elements = 4;
  int evaluations = 0;
  auto const f = [&](auto& t, auto const& v) {
    ++evaluations;
    return square(t, v[0]);
  };
  CHECK(gradcheck(ctx, f, {random_tensor<double>(ctx, {50}, 1)}, few).ok);
  CHECK(evaluations == 1 + 4 * 2 * static_cast<int>(few.steps.size()));
  CHECK(gradcheck(ctx, f, {random_tensor<double>(ctx, {}, 1)}).ok);
  CHECK(gradcheck(ctx, f, {array(ctx, {0, 3})}).ok);
}
