// SPDX-License-Identifier: MIT
#include <fsis/interactive/map_brs.hpp>

#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/autograd/gradcheck.hpp>

#include <support/compare.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using matrix = tensor<double>;

TEST_CASE("offsets are added to the click maps, mirrored for a mirrored copy, and their gradient is right") {
  cpu_context ctx;
  auto const maps = fsis_test::random_tensor<double>(ctx, {1, 3, 4, 2}, 1);
  auto const x = fsis_test::random_tensor<double>(ctx, {1, 3, 4, 2}, 2);
  auto const filter = fsis_test::random_tensor<double>(ctx, {1, 2, 2, 2}, 3);
  auto const tail = [&](auto& t, variable<matrix> const& m) {
    return conv2d(t, m, variable<matrix>(filter), variable<matrix>(ops::zeros<double>(ctx, {1})));
  };
  no_tape<matrix> plain(ctx);
  auto const moved = ops::add(ctx, maps, x);
  for (index_t const copies : {1, 2}) {
    auto const replay = interactive::replay_maps(maps, copies, tail);
    CHECK(replay.variables() == maps.extents());
    auto const y = replay(plain, variable<matrix>(x)).value;
    REQUIRE(y.extent(0) == copies);
    CHECK(fsis_test::difference(ctx, y.slice(0, 1), tail(plain, variable<matrix>(moved)).value) == "");
    if (copies == 2) {
      auto const mirrored = tail(plain, variable<matrix>(ops::flip(ctx, moved, 2))).value;
      CHECK(fsis_test::difference(ctx, y.slice(1, 1), mirrored) == "");
    }
    auto const report = gradcheck(
        ctx, [&](auto& t, std::vector<variable<matrix>> const& v) { return replay(t, v[0]); }, std::vector<matrix>{x});
    INFO(report.text());
    CHECK(report.ok);
  }
}
