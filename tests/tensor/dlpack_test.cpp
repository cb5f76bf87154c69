// SPDX-License-Identifier: MIT
#include <fsis/tensor/dlpack.hpp>

#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>

#include <numeric>
#include <vector>

using namespace fsis;

namespace {

/// A tensor of another library: counts how often it is released.
struct foreign {
  std::vector<float> elements;
  std::vector<std::int64_t> extents, strides;
  dlpack::managed_tensor managed{};
  int released = 0;

  foreign(std::vector<std::int64_t> of, std::vector<std::int64_t> steps = {})
      : extents(std::move(of)), strides(std::move(steps)) {
    std::int64_t size = 1;
    for (auto e : extents) size *= e;
    elements.resize(static_cast<std::size_t>(size) + 64);
    std::iota(elements.begin(), elements.end(), 0.0f);
    managed.version = {1, 3};
    managed.owner = this;
    managed.deleter = [](dlpack::managed_tensor* m) { ++static_cast<foreign*>(m->owner)->released; };
    managed.array = {elements.data(),
                     {dlpack::cpu, 0},
                     static_cast<std::int32_t>(extents.size()),
                     {dlpack::floating_point, 32, 1},
                     extents.data(),
                     strides.empty() ? nullptr : strides.data(),
                     0};
  }

  dlpack::managed_pointer give() { return dlpack::managed_pointer(&managed); }
};

}  // namespace

TEST_CASE("a tensor goes out and comes back with the same elements") {
  cpu_context const ctx;
  auto t = from_host<float>(ctx, {2, 3}, {1, 2, 3, 4, 5, 6});
  auto out = to_dlpack(ctx, t);
  CHECK(out->array.data == t.data());
  CHECK(out->array.rank == 2);
  CHECK(out->array.shape[0] == 2);
  CHECK(out->array.strides[0] == 3);
  CHECK(out->array.strides[1] == 1);
  CHECK(out->array.device.type == dlpack::cpu);
  auto const back = from_dlpack<float>(ctx, std::move(out));
  CHECK(back.data() == t.data());
  CHECK(back.extents() == t.extents());
  float* const elements = t.data();
  t = {};
  back.data()[5] = 7;  // the elements live as long as one of them
  CHECK(to_host(ctx, back) == std::vector<float>{1, 2, 3, 4, 5, 7});
  CHECK(back.data() == elements);
}

TEST_CASE("scalars, empty tensors and axes of one entry come and go") {
  cpu_context const ctx;
  CHECK(item(ctx, from_dlpack<float>(ctx, to_dlpack(ctx, from_host<float>(ctx, {}, {4})))) == 4);
  CHECK(from_dlpack<float>(ctx, to_dlpack(ctx, tensor<float>(ctx, {0, 3}))).extents() == shape{0, 3});
  foreign f({2, 1, 3}, {3, 77, 1});  // nobody steps along an axis of one entry
  CHECK(from_dlpack<float>(ctx, f.give()).extents() == shape{2, 1, 3});
  foreign g({2, 3});
  g.managed.array.byte_offset = 8;
  CHECK(to_host(ctx, from_dlpack<float>(ctx, g.give())).front() == 2);
}

TEST_CASE("what was taken over is released once, with the last handle") {
  cpu_context const ctx;
  foreign f({2, 3});
  {
    auto const t = from_dlpack<float>(ctx, f.give());
    auto const rows = t.slice(1, 1);
    CHECK(to_host(ctx, rows) == std::vector<float>{3, 4, 5});
    CHECK(f.released == 0);
  }
  CHECK(f.released == 1);
}

TEST_CASE("what does not fit is refused with a reason, and released") {
  cpu_context const ctx;
  auto const refused = [&](auto const& change, auto const&... words) {
    foreign f({2, 3}, {3, 1});
    change(f);
    std::string const text = error_text([&] { from_dlpack<float>(ctx, f.give()); });
    INFO(text);
    CHECK(mentions(text, "from_dlpack", words...));
    CHECK(f.released == 1);
  };
  refused([](foreign& f) { f.managed.version.major = 2; }, "version 2.3", "wanted 1.x");
  refused([](foreign& f) { f.managed.array.device = {dlpack::cuda, 1}; }, "device 2:1", "wanted 1:0");
  refused([](foreign& f) { f.managed.array.type.bits = 64; }, "float64", "wanted float32");
  refused([](foreign& f) { f.managed.array.type.code = dlpack::signed_integer; }, "int32");
  refused([](foreign& f) { f.managed.array.type.code = 4; }, "type 4");
  refused([](foreign& f) { f.managed.array.type.lanes = 4; }, "lanes of 4");
  refused([](foreign& f) { f.managed.flags = dlpack::read_only; }, "read-only");
  refused([](foreign& f) { f.managed.array.rank = 9; }, "rank 9");
  refused([](foreign& f) { f.extents[1] = -1; }, "extent -1");
  refused(
      [](foreign& f) {
        f.strides = {1, 2}, f.managed.array.strides = f.strides.data();
      },
      "(2,3)", "side by side");
  refused([](foreign& f) { f.managed.array.byte_offset = 2; }, "aligned to 4");
  CHECK(mentions(error_text([&] { from_dlpack<float>(ctx, nullptr); }), "null"));
  CHECK(mentions(error_text([&] { to_dlpack(ctx, tensor<float>()); }), "not defined"));
  foreign huge({2, 3});
  huge.extents = {std::int64_t{1} << 40, std::int64_t{1} << 40};
  huge.managed.array.shape = huge.extents.data();
  CHECK_THROWS_AS(from_dlpack<float>(ctx, huge.give()), shape_error);
}
