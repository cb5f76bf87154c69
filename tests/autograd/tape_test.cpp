// SPDX-License-Identifier: MIT
#include <fsis/autograd/tape.hpp>

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/functions/spatial.hpp>

#include <support/catch.hpp>
#include <support/host.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

#include <memory>
#include <stdexcept>
#include <type_traits>

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

static_assert(!std::is_copy_constructible<array_tape>::value && !std::is_copy_assignable<array_tape>::value,
              "a tape owns what it has recorded");


array ones(cpu_context const& ctx, shape const& extents) { return ops::full(ctx, extents, 1.0); }

std::size_t in_use(cpu_context const& ctx) { return ctx.memory().statistics().in_use; }

}  // namespace

TEST_CASE("the gradient of a loss") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(fsis::from_host<double>(ctx, {3}, {1, -2, 4}));
  auto const loss = mean(t, square(t, x));
  CHECK(item(ctx, loss.value) == 7);
  t.backward(loss);
  CHECK(host(t.gradient(x)) == std::vector<double>{2.0 / 3, -4.0 / 3, 8.0 / 3});
}

TEST_CASE("gradients add when a variable is used twice") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(fsis::from_host<double>(ctx, {2}, {3, 5}));
  auto const y = multiply(t, x, x);           // 2x
  auto const z = add(t, y, affine(t, x, 10, 0));  // + 10
  t.backward(sum(t, add(t, z, y)));           // + 2x once more
  CHECK(host(t.gradient(x)) == std::vector<double>{22, 30});
}

TEST_CASE("slots that share one tensor do not write to each other") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {3})), y = t.input(ones(ctx, {3}));
  auto const both = add(t, x, y);  // its pullback gives the same tensor to both slots
  // recorded later, so walked earlier: x's slot already holds a gradient, y's does not
  auto const more = add(t, both, affine(t, x, 5, 0));
  auto const seed = ones(ctx, {3});
  t.backward(more, seed);
  CHECK(host(t.gradient(x)) == std::vector<double>(3, 6.0));
  CHECK(host(t.gradient(y)) == std::vector<double>(3, 1.0));
  CHECK(host(seed) == std::vector<double>(3, 1.0));

  array_tape s(ctx);
  auto const a = s.input(ones(ctx, {3})), b = s.input(ones(ctx, {3}));
  auto const scaled = affine(s, a, 5, 0);  // walked last: adds to a slot that shares its tensor with b's
  s.backward(add(s, add(s, a, b), scaled), seed);
  CHECK(host(s.gradient(a)) == std::vector<double>(3, 6.0));
  CHECK(host(s.gradient(b)) == std::vector<double>(3, 1.0));
  CHECK(host(seed) == std::vector<double>(3, 1.0));
}

TEST_CASE("the gradient to start from is not written to") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {2}));
  auto const seed = ones(ctx, {2});
  t.backward(reshape(t, add(t, reshape(t, x, {1, 2}), x), {2}), seed);
  CHECK(host(t.gradient(x)) == std::vector<double>{2, 2});
  CHECK(host(seed) == std::vector<double>{1, 1});
}

TEST_CASE("a gradient that is there before the walk is added to") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {2}));
  auto const y = square(t, x);
  auto const before = fsis::from_host<double>(ctx, {2}, {10, 20});
  t.add(x.slot, before);
  t.backward(sum(t, y));
  CHECK(host(t.gradient(x)) == std::vector<double>{12, 22});
  CHECK(host(before) == std::vector<double>{10, 20});
}

TEST_CASE("memory is freed during the walk") {
  cpu_context const ctx;
  constexpr index_t count = 20;
  constexpr std::size_t bytes = 1 << 20;
  shape const extents{bytes / sizeof(double)};
  std::size_t const start = in_use(ctx);
  std::size_t in_the_middle = 0;
  {
    array_tape t(ctx);
    auto const x = t.input(random_tensor<double>(ctx, extents, 1, 0.5, 1));
    auto y = x;
    for (index_t i = 0; i < count; ++i) {
      if (i == count / 2)
        y = t.record(
            y.value,
            [&, slot = y.slot](auto& tape, array const& g) {
              in_the_middle = in_use(ctx) - start;
              tape.add(slot, g);
            },
            y);
      y = sigmoid(t, y);
    }
    auto const loss = sum(t, y);
    y = {};
    std::size_t const recorded = in_use(ctx) - start;
    CHECK(recorded >= count * bytes);
    ctx.memory().reset_peak();
    t.backward(loss);
    // a step needs the gradient of its result and that of its input on top of what was recorded
    CHECK(ctx.memory().statistics().peak - start <= recorded + 3 * bytes);
    // half of the steps have run and let go of their values
    CHECK(in_the_middle <= (count / 2 + 4) * bytes);
    CHECK(in_the_middle > (count / 2 - 1) * bytes);
    // what is left: x and its gradient
    CHECK(in_use(ctx) - start <= 2 * bytes + 4096);
  }
  CHECK(in_use(ctx) == start);
}

TEST_CASE("a tape that is never walked frees what it recorded") {
  cpu_context const ctx;
  auto const alive = std::make_shared<int>(1);
  {
    array_tape t(ctx);
    auto const x = t.input(ones(ctx, {2}));
    t.record(x.value, [alive](auto&, array const&) {}, x);
    CHECK(alive.use_count() == 2);
    t.record(x.value, [alive](auto&, array const&) {}, variable<array>(x.value));  // of a constant: dropped
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("a pullback that throws leaves nothing behind") {
  cpu_context const ctx;
  auto const alive = std::make_shared<int>(1);
  std::size_t const start = in_use(ctx);
  {
    array_tape t(ctx);
    auto const x = t.input(ones(ctx, {2}));
    auto const y = t.record(x.value, [alive](auto&, array const&) { throw std::runtime_error("no"); }, x);
    auto const loss = sum(t, square(t, y));
    CHECK(error_text([&] { t.backward(loss); }) == "no");
    CHECK_THROWS_AS(t.backward(loss), fsis::value_error);
  }
  CHECK(alive.use_count() == 1);
  CHECK(in_use(ctx) == start);
}

TEST_CASE("a chain of a hundred thousand steps does not overflow the stack") {
  cpu_context const ctx;
  constexpr int count = 100000;
  array_tape t(ctx), unwalked(ctx);
  auto const x = t.input(ones(ctx, {})), z = unwalked.input(ones(ctx, {}));
  auto y = x, w = z;
  for (int i = 0; i < count; ++i) {
    y = affine(t, y, 1, 1);
    w = affine(unwalked, w, 1, 1);
  }
  CHECK(item(ctx, y.value) == count + 1);
  t.backward(y);
  CHECK(item(ctx, t.gradient(x)) == 1);
}

TEST_CASE("large and small closures live in one arena") {
  cpu_context const ctx;
  struct block {
    double numbers[5000];  // larger than the arena's own blocks
  };
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {}));
  auto y = x;
  for (int i = 0; i < 10; ++i) {
    block b{};
    b.numbers[4999] = i;
    y = t.record(
        y.value,
        [b, slot = y.slot](auto& tape, array const& g) {
          tape.add(slot, ops::affine(tape.context(), g, 1, b.numbers[4999]));
        },
        y);
    y = affine(t, y, 1, 0);
  }
  t.backward(y);
  CHECK(item(ctx, t.gradient(x)) == 46);
}

TEST_CASE("misuse of a tape is refused") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {2, 3}));
  auto const y = square(t, x);
  auto const loss = sum(t, y);

  CHECK(mentions(error_text([&] { t.backward(y); }), "backward", "(2,3)", "one element"));
  CHECK_THROWS_AS(t.backward(y), fsis::shape_error);
  CHECK(mentions(error_text([&] { t.backward(y, ones(ctx, {3, 2})); }), "backward", "(2,3)", "(3,2)"));
  CHECK(mentions(error_text([&] { t.backward(variable<array>(ones(ctx, {}))); }), "does not depend"));
  CHECK(mentions(error_text([&] { t.gradient(y); }), "gradient", "intermediate gradients are freed"));
  CHECK(mentions(error_text([&] { t.gradient(variable<array>(x.value)); }), "not an input"));
  CHECK(mentions(error_text([&] {
                   t.add(x.slot, ones(ctx, {2, 3})), t.add(x.slot, ones(ctx, {3}));
                 }),
                 "(2,3)", "(3)"));

  // after all that was refused, the walk is still to be had
  t.backward(loss);
  CHECK(host(t.gradient(x)) == std::vector<double>(6, 3.0));
  CHECK(mentions(error_text([&] { t.backward(loss); }), "backward", "walked"));
  CHECK(mentions(error_text([&] { square(t, x); }), "recording after backward"));
  CHECK_THROWS_AS(square(t, x), fsis::value_error);
  CHECK(host(t.gradient(x)) == std::vector<double>(6, 3.0));
}

TEST_CASE("a variable of another tape is refused where it has no place here") {
  cpu_context const ctx;
  array_tape t(ctx), other(ctx);
  auto const x = t.input(ones(ctx, {}));
  variable<array> foreign;
  for (int i = 0; i < 5; ++i) foreign = other.input(ones(ctx, {}));
  CHECK(mentions(error_text([&] { add(t, x, foreign); }), "another"));
  CHECK_THROWS_AS(t.backward(foreign), fsis::value_error);
  CHECK_THROWS_AS(t.gradient(foreign), fsis::value_error);
  CHECK_THROWS_AS(t.add(foreign.slot, ones(ctx, {})), fsis::value_error);
}

TEST_CASE("an input that the loss does not reach has a gradient of zeros") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {2})), unused = t.input(ones(ctx, {3}));
  auto const aside = square(t, unused);  // recorded, but not part of the loss
  t.backward(sum(t, x));
  CHECK(host(t.gradient(unused)) == std::vector<double>(3, 0.0));
  CHECK(aside.is_recorded());
}

TEST_CASE("an input may itself be the result") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const x = t.input(ones(ctx, {2}));
  t.backward(x, fsis::from_host<double>(ctx, {2}, {3, 4}));
  CHECK(host(t.gradient(x)) == std::vector<double>{3, 4});
}

TEST_CASE("a parameter has one slot, however often it is used") {
  cpu_context const ctx;
  array_tape t(ctx);
  auto const weight = fsis::from_host<double>(ctx, {2}, {2, 3}), other = ones(ctx, {2});
  auto const first = t.parameter(&weight, weight), second = t.parameter(&weight, weight);
  auto const different = t.parameter(&other, other);
  CHECK(first.slot == second.slot);
  CHECK(different.slot != first.slot);
  CHECK(!t.parameter_gradient(&weight).defined());
  t.backward(sum(t, multiply(t, first, second)));
  CHECK(host(t.parameter_gradient(&weight)) == std::vector<double>{4, 6});
  CHECK(host(t.gradient(first)) == std::vector<double>{4, 6});
  CHECK(!t.parameter_gradient(&other).defined());
  CHECK(!t.parameter_gradient(&ctx).defined());
  std::vector<void const*> keys;
  t.for_each_parameter([&](void const* key, index_t) { keys.push_back(key); });
  CHECK(keys.size() == 2);
}

TEST_CASE("parameters may be constants") {
  cpu_context const ctx;
  array_tape t(ctx, fsis::phase::inference, fsis::parameters::constant);
  CHECK(t.current_phase() == fsis::phase::inference);
  CHECK(!t.records_parameters());
  auto const weight = ones(ctx, {2});
  auto const w = t.parameter(&weight, weight);
  CHECK(!w.is_recorded());
  auto const x = t.input(ones(ctx, {2}));
  t.backward(sum(t, multiply(t, w, x)));
  CHECK(host(t.gradient(x)) == std::vector<double>{1, 1});
  CHECK(!t.parameter_gradient(&weight).defined());
}

TEST_CASE("without a tape the values are the same and nothing is kept") {
  cpu_context const ctx;
  auto const x = random_tensor<double>(ctx, {3, 4}, 1);
  auto const f = [](auto& t, auto const& v) { return sum(t, sigmoid(t, multiply(t, v, affine(t, v, 2, 1)))); };
  array_tape t(ctx);
  auto const recorded = f(t, t.input(x));
  fsis::no_tape<array> plain(ctx);
  std::size_t const before = in_use(ctx);
  {
    auto const value = f(plain, plain.input(x));
    CHECK(!value.is_recorded());
    CHECK(host(value.value) == host(recorded.value));
    CHECK(in_use(ctx) - before <= 64);
  }
  CHECK(!plain.parameter(&x, x).is_recorded());
  CHECK(plain.current_phase() == fsis::phase::inference);
  static_assert(array_tape::is_recording && !fsis::no_tape<array>::is_recording, "a network may ask");
}
