// SPDX-License-Identifier: MIT
#include <fsis/tensor/tensor.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

using namespace fsis;

TEST_CASE("a tensor has the extents it was made with and aligned elements") {
  cpu_context const ctx;
  tensor<float> const t(ctx, {2, 3, 4});
  CHECK(t.defined());
  CHECK(t.extents() == shape{2, 3, 4});
  CHECK(t.extent(-1) == 4);
  CHECK(t.rank() == 3);
  CHECK(t.size() == 24);
  CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
}

TEST_CASE("a tensor without elements is defined or not") {
  cpu_context const ctx;
  tensor<float> const nothing;
  CHECK_FALSE(nothing.defined());
  CHECK(nothing.size() == 0);
  tensor<float> const empty(ctx, {0, 3});
  CHECK(empty.defined());
  CHECK(empty.size() == 0);
  CHECK(tensor<double>(ctx, shape{}).size() == 1);
}

TEST_CASE("copies of a tensor share its elements and its memory") {
  cpu_context const ctx;
  std::size_t in_use = 0;
  {
    tensor<float> a(ctx, {1000});
    in_use = ctx.memory().statistics().in_use;
    CHECK(a.unique());
    tensor<float> const b = a;
    CHECK_FALSE(a.unique());
    b.data()[3] = 5;
    CHECK(a.data()[3] == 5);
    CHECK(ctx.memory().statistics().in_use == in_use);
  }
  CHECK(in_use >= 4000);
  CHECK(ctx.memory().statistics().in_use == 0);
}

TEST_CASE("another shape of the same size shares the elements") {
  cpu_context const ctx;
  tensor<float> const t(ctx, {2, 6});
  auto const r = t.reshaped({3, 4});
  CHECK(r.extents() == shape{3, 4});
  CHECK(r.data() == t.data());
  CHECK(t.extents() == shape{2, 6});
  CHECK_THROWS_AS(t.reshaped({5}), shape_error);
  CHECK(mentions(error_text([&] { t.reshaped({5, 2}); }), "(2,6)", "12", "(5,2)", "10"));
}

TEST_CASE("a slice of the outermost axis shares the elements") {
  cpu_context const ctx;
  tensor<float> const t(ctx, {4, 2, 3});
  for (index_t i = 0; i < t.size(); ++i) t.data()[i] = static_cast<float>(i);
  auto const s = t.slice(1, 2);
  CHECK(s.extents() == shape{2, 2, 3});
  CHECK(s.data() == t.data() + 6);
  CHECK(s.view<3>()(1, 1, 2) == 17);
  CHECK(s.slice(1, 1).data()[0] == 12);
  CHECK(t.slice(4, 0).size() == 0);
  CHECK(t.slice(0, 4).extents() == t.extents());
}

TEST_CASE("a slice keeps the memory alive") {
  cpu_context const ctx;
  tensor<float> s;
  {
    tensor<float> const t(ctx, {8, 100});
    t.data()[700] = 3;
    s = t.slice(7, 1);
  }
  CHECK(s.data()[0] == 3);
  CHECK(ctx.memory().statistics().in_use >= 3200);
}

TEST_CASE("a slice outside is refused with its range") {
  cpu_context const ctx;
  tensor<float> const t(ctx, {4, 2});
  CHECK_THROWS_AS(t.slice(3, 2), shape_error);
  CHECK_THROWS_AS(t.slice(-1, 1), shape_error);
  CHECK_THROWS_AS(t.slice(0, -1), shape_error);
  CHECK_THROWS_AS(tensor<float>(ctx, shape{}).slice(0, 1), shape_error);
  CHECK_THROWS_AS(t.slice(1, (std::numeric_limits<index_t>::max)()), shape_error);
  CHECK(mentions(error_text([&] { t.slice(3, 2); }), "2 entries from 3", "(4,2)"));
  CHECK(tensor<float>(ctx, {0, 2}).slice(0, 0).size() == 0);
}

TEST_CASE("borrowed elements are used in place and kept alive by their owner") {
  auto owner = std::make_shared<std::vector<float>>(6, 1.0f);
  std::weak_ptr<std::vector<float>> const watch = owner;
  {
    auto const t = tensor<float>::borrow(std::shared_ptr<float>(owner, owner->data()), owner->data(), {2, 3});
    owner.reset();
    CHECK(t.data()[5] == 1.0f);
    CHECK_FALSE(watch.expired());
  }
  CHECK(watch.expired());

  float own[4] = {1, 2, 3, 4};
  auto const t = tensor<float>::borrow(nullptr, own, {4});
  CHECK(t.data() == own);
}

TEST_CASE("borrowing nothing is refused, unless nothing is wanted") {
  CHECK_THROWS_AS(tensor<float>::borrow(nullptr, nullptr, {2, 3}), value_error);
  CHECK(mentions(error_text([] { tensor<float>::borrow(nullptr, nullptr, {2, 3}); }), "null", "(2,3)"));
  CHECK(tensor<float>::borrow(nullptr, nullptr, {0, 3}).defined());
}

TEST_CASE("a size beyond memory is refused before anything happens") {
  cpu_options o;
  o.memory_limit = 1 << 20;
  cpu_context const ctx(o);
  CHECK_THROWS_AS((tensor<float>(ctx, {1024, 1024})), device_error);
  CHECK_THROWS_AS((tensor<double>(ctx, {index_t{1} << 61})), shape_error);
  CHECK(ctx.memory().statistics().in_use == 0);
  CHECK_NOTHROW(tensor<float>(ctx, {1024, 200}));
}

TEST_CASE("a tensor outlives its context") {
  tensor<float> t;
  {
    cpu_context const ctx;
    t = tensor<float>(ctx, {16});
  }
  t.data()[15] = 1;
  CHECK(t.data()[15] == 1);
}
