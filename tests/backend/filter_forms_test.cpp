// SPDX-License-Identifier: MIT
// Forms of filters that are kept between calls: that they are, that they are never outdated, and when they go.
#include <fsis/backend/cpu/filter_forms.hpp>

#include <fsis/ops/conv2d.hpp>
#include <fsis/ops/frozen.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/tensor/transfer.hpp>

#include <support/catch.hpp>
#include <support/random_tensor.hpp>

#include <cstdint>
#include <set>
#include <thread>
#include <vector>

using namespace fsis;
using fsis_test::random_tensor;

namespace {

constexpr index_t channels = 32;

conv_options same_size(tensor<float> const& filter) {
  conv_options o;
  o.padding = {filter.extent(1) / 2, filter.extent(2) / 2};
  return o;
}

struct convolution {
  cpu_context const& ctx;
  tensor<float> x = random_tensor<float>(ctx, {1, 9, 9, channels}, 1);

  std::vector<float> forward(tensor<float> const& filter) const {
    return to_host(ctx, ops::conv2d(ctx, x, filter, {}, same_size(filter)));
  }
  std::vector<float> data_gradient(tensor<float> const& filter) const {
    auto const dy = random_tensor<float>(ctx, {1, 9, 9, filter.extent(0)}, 5);
    return to_host(ctx, ops::conv2d_backward_data(ctx, dy, filter, x.extents(), same_size(filter)));
  }

  /// Are results those of an equal filter that was never used before?
  void check(tensor<float> const& filter) const {
    auto const unused = from_host<float>(ctx, filter.extents(), to_host(ctx, filter));
    CHECK(forward(filter) == forward(unused));
    CHECK(data_gradient(filter) == data_gradient(unused));
  }
};

std::size_t bytes_in_use(cpu_context const& ctx) { return ctx.memory().statistics().in_use; }

}  // namespace

TEST_CASE("forms of filters follow whoever writes to them") {
  cpu_context ctx;
  convolution const conv{ctx};
  index_t const side = GENERATE(3, 1);  // Winograd's algorithm, plain sums
  auto const filter = random_tensor<float>(ctx, {channels, side, side, channels}, 2);
  float* const numbers = filter.data();  // a pointer from before any form was made
  for (int i = 0; i < 3; ++i) conv.check(filter);

  SECTION("one number, three times over") {
    for (index_t i : {index_t{0}, filter.size() / 2, filter.size() - 1}) {
      numbers[i] += 0.5f;
      for (int again = 0; again < 3; ++again) conv.check(filter);
    }
  }
  SECTION("back to what they were") {
    auto const before = conv.forward(filter);
    numbers[7] += 1.0f;
    conv.check(filter);
    numbers[7] = to_host(ctx, random_tensor<float>(ctx, filter.extents(), 2))[7];
    CHECK(conv.forward(filter) == before);
  }
  SECTION("a step of an optimiser") {
    optim::sgd<float> optimiser;
    optim::parameter_slots<float> const slots{{filter, random_tensor<float>(ctx, filter.extents(), 3), true}};
    for (int step = 0; step < 3; ++step) {
      optimiser.step(ctx, slots, 0.1);
      for (int again = 0; again < 3; ++again) conv.check(filter);
    }
  }
  SECTION("numbers that are loaded") {
    auto const loaded = to_host(ctx, random_tensor<float>(ctx, filter.extents(), 4));
    ctx.copy_from_host(filter.data(), loaded.data(), loaded.size() * sizeof(float));
    for (int again = 0; again < 3; ++again) conv.check(filter);
  }
}

TEST_CASE("forms of filters are told apart within one block of memory") {
  cpu_context ctx;
  convolution const conv{ctx};
  auto const both = random_tensor<float>(ctx, {2 * channels, 3, 3, channels}, 2);
  for (int again = 0; again < 3; ++again) {
    conv.check(both.slice(0, channels));
    conv.check(both.slice(channels, channels));
    conv.check(both.slice(1, channels));
    conv.check(both);
  }
}

TEST_CASE("a form is kept when its numbers come a second time, and as long as they") {
  cpu_context ctx;
  convolution const conv{ctx};
  std::size_t const before = bytes_in_use(ctx);
  auto filter = random_tensor<float>(ctx, {channels, 3, 3, channels}, 2);
  std::size_t const alone = bytes_in_use(ctx);
  conv.forward(filter);
  CHECK(bytes_in_use(ctx) == alone);
  conv.forward(filter);
  std::size_t const kept = bytes_in_use(ctx);
  CHECK(kept - alone >= 4 * (alone - before));  // 36 points of every filter for 9 taps
  conv.forward(filter);
  CHECK(bytes_in_use(ctx) == kept);
  filter.data()[0] += 1;
  conv.forward(filter);
  CHECK(bytes_in_use(ctx) == alone);
  conv.forward(filter);
  CHECK(bytes_in_use(ctx) == kept);
  filter = {};
  CHECK(bytes_in_use(ctx) == before);
}

TEST_CASE("no form is kept of borrowed memory, nor where memory is limited") {
  SECTION("borrowed") {
    cpu_context ctx;
    convolution const conv{ctx};
    auto numbers = to_host(ctx, random_tensor<float>(ctx, {channels, 3, 3, channels}, 2));
    auto const filter = tensor<float>::borrow({}, numbers.data(), {channels, 3, 3, channels});
    std::size_t const before = bytes_in_use(ctx);
    for (int again = 0; again < 3; ++again) conv.check(filter);
    CHECK(bytes_in_use(ctx) == before);
  }
  SECTION("limited") {
    cpu_options o;
    o.memory_limit = std::size_t{1} << 24;
    cpu_context ctx(o);
    convolution const conv{ctx};
    auto const filter = random_tensor<float>(ctx, {channels, 3, 3, channels}, 2);
    std::size_t const before = bytes_in_use(ctx);
    for (int again = 0; again < 3; ++again) conv.check(filter);
    CHECK(bytes_in_use(ctx) == before);
  }
}

TEST_CASE("two threads with contexts of their own use one filter") {
  cpu_context ctx;
  auto const filter = random_tensor<float>(ctx, {channels, 3, 3, channels}, 2);
  auto const expected = convolution{ctx}.forward(random_tensor<float>(ctx, filter.extents(), 2));
  std::vector<int> differ(2, 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < differ.size(); ++i)
    threads.emplace_back([&, i] {
      cpu_context own;
      convolution const conv{own};
      for (int again = 0; again < 20; ++again) differ[i] += conv.forward(filter) != expected;
    });
  for (std::thread& t : threads) t.join();
  CHECK(differ == std::vector<int>{0, 0});
}

TEST_CASE("fingerprint: every change of one number, and the same for any number of threads") {
  cpu_context ctx;
  cpu_options one;
  one.threads = 1;
  cpu_context const single(one);
  index_t const count = GENERATE(1, 15, 16, 77, (index_t{1} << 16) + 3);
  auto const numbers = random_tensor<float>(ctx, {count}, 1);
  auto const fingerprint = [&] { return backend::detail::fingerprint_of(ctx, numbers.data(), count); };
  std::set<std::uint64_t> seen{fingerprint()};
  CHECK(backend::detail::fingerprint_of(single, numbers.data(), count) == *seen.begin());
  std::size_t changes = 1;
  for (index_t i = 0; i < count; i += count > 100 ? 1001 : 1, ++changes) {
    float const before = numbers.data()[i];
    numbers.data()[i] = -before;
    seen.insert(fingerprint());
    numbers.data()[i] = before;
  }
  CHECK(seen.size() == changes);
  CHECK(fingerprint() != backend::detail::fingerprint_of(ctx, numbers.data(), count - 1));
}

TEST_CASE("a frozen filter keeps its forms from the first use on, as long as it lives") {
  cpu_context ctx;
  convolution const conv{ctx};
  auto const filter = random_tensor<float>(ctx, {channels, 3, 3, channels}, 2);
  auto const expected = conv.forward(filter);
  auto const expected_gradient = conv.data_gradient(filter);
  std::size_t const before = bytes_in_use(ctx);
  {
    auto const frozen = ops::frozen(ctx, filter);
    CHECK(frozen.data() == filter.data());
    CHECK(ops::frozen(ctx, frozen).elements() == frozen.elements());
    CHECK(conv.forward(frozen) == expected);
    std::size_t const with_form = bytes_in_use(ctx);
    CHECK(with_form > before);
    CHECK(conv.forward(frozen) == expected);
    CHECK(conv.data_gradient(frozen) == expected_gradient);
    CHECK(conv.data_gradient(frozen) == expected_gradient);
    float const first = filter.data()[0];
    filter.data()[0] = first + 1;  // breaks the promise: the kept form does not notice, so it is not made anew
    CHECK(conv.forward(frozen) == expected);
    filter.data()[0] = first;
  }
  conv.check(filter);

  cpu_options o;
  o.memory_limit = std::size_t{1} << 30;
  cpu_context const limited(o);
  convolution const tight{limited};
  auto const frozen = ops::frozen(limited, from_host<float>(limited, filter.extents(), to_host(ctx, filter)));
  std::size_t const nothing_kept = bytes_in_use(limited);
  CHECK(tight.forward(frozen) == expected);
  CHECK(bytes_in_use(limited) == nothing_kept);
}
