// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>

#include <limits>

using namespace fsis;
using namespace fsis_test;

namespace {

/// A session that has something to lose.
struct used_room : room {
  tiny_session s;

  explicit used_room(session_options const& o = {}) : s(open(o)) {
    s.click(positive(20, 30));
    s.click(negative(2, 3));
    s.undo();
  }

  /// The message with which `f` is refused, after which nothing may have changed, redo included.
  template <class F>
  std::string refusal(F f) {
    snapshot const before(s);
    std::string const text = error_text([&] { f(s); });
    CHECK(snapshot(s) == before);
    REQUIRE(s.redo());
    REQUIRE(s.undo());
    return text;
  }
};

/// Takes that many bytes, in powers of two, which the pool does not round.
std::vector<std::shared_ptr<void>> fill(cpu_context const& ctx, std::size_t bytes) {
  std::vector<std::shared_ptr<void>> blocks;
  for (std::size_t size = std::size_t{1} << 40; size >= 64; size /= 2)
    for (; bytes >= size; bytes -= size) blocks.push_back(ctx.allocate(size));
  return blocks;
}

}  // namespace

TEST_CASE("a click outside the photo or not finite is refused") {
  used_room r;
  double const nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  auto const refused = [&](double y, double x) {
    return r.refusal([=](tiny_session& s) { s.click(positive(y, x)); });
  };
  CHECK(mentions(refused(48, 5), "click: (48, 5)", "outside the photo", "0..47", "0..63"));
  CHECK(mentions(refused(5, 64), "(5, 64)"));
  CHECK(mentions(refused(-0.5, 5), "(-0.5, 5)"));
  CHECK(mentions(refused(5, -1), "(5, -1)"));
  CHECK(mentions(refused(nan, 5), "nan"));
  CHECK(mentions(refused(5, nan), "nan"));
  CHECK(mentions(refused(inf, 5), "inf"));
  CHECK(mentions(refused(5, -inf), "inf"));
  CHECK(r.refusal([](tiny_session& s) { s.remove_click(1); }) == "remove_click: click 1 of 1 clicks (from 0)");
  r.s.click(positive(47, 63));
  r.s.click(negative(0, 0));
}

TEST_CASE("support that cannot be used is refused with the shot's number") {
  used_room r;
  shot const good = r.example;
  auto const refused = [&](std::vector<shot> const& shots) {
    return r.refusal([&](tiny_session& s) { s.set_support(shots); });
  };
  CHECK(mentions(refused({}), "set_support", "no shots"));
  CHECK(mentions(refused({good, {good.picture, mask::blank(40, 55, 1)}}), "shot 2 of 2", "40x55", "40x56"));
  CHECK(mentions(refused({{good.picture, mask::blank(40, 56)}}), "shot 1 of 1", "no object", "2240 pixels"));
  CHECK(mentions(refused({{good.picture, mask()}}), "shot 1 of 1", "0x0"));
  CHECK(mentions(refused({good, {image(), mask()}}), "shot 2 of 2", "picture", "0x0"));
  shot void_only{good.picture, mask::blank(40, 56, mask::void_label), vision::truth_reading::labels};
  CHECK(mentions(refused({void_only}), "no object", "2240 of them void"));
  void_only.reading = vision::truth_reading::binary;
  CHECK(error_text([&] { r.s.set_support({void_only}); }) == "");
}

TEST_CASE("bytes of 255 are object in a mask and void in a label map") {
  used_room r;
  shot const plain = r.example;
  shot bright = plain, labels = plain;
  for (index_t i = 0; i < plain.object.size(); ++i)
    if (plain.object.data()[i]) bright.object.data()[i] = 255;
  labels.reading = vision::truth_reading::labels;
  for (index_t x = 0; x < 56; ++x) labels.object(0, x) = 255;
  auto const probability_with = [&](shot const& one) {
    r.s.set_support({one});
    r.s.click(positive(20, 30));
    return r.s.probability();
  };
  auto const wanted = probability_with(plain);
  CHECK(same(probability_with(bright), wanted));
  CHECK(same(probability_with(labels), wanted));
  labels.reading = vision::truth_reading::binary;
  CHECK_FALSE(same(probability_with(labels), wanted));
}

TEST_CASE("a photo that is empty or too large is refused") {
  session_options o;
  o.max_pixels = 48 * 64;
  used_room r(o);
  CHECK(mentions(r.refusal([](tiny_session& s) { s.set_query(image()); }), "image", "0x0"));
  std::vector<std::uint8_t> const row(3 * 3073, 100);
  CHECK(mentions(r.refusal([&](tiny_session& s) { s.set_query(image_view(row.data(), 1, 3073, 3 * 3073)); }),
                 "set_query", "1x3073", "3072 pixels"));
  CHECK(mentions(r.refusal([](tiny_session& s) { s.set_support({made_up_shot(49, 64)}); }), "shot 1 of 1", "49x64"));
  // a view may lie: nothing of it is read before its size is judged
  CHECK(mentions(r.refusal([&](tiny_session& s) { s.set_query(image_view(row.data(), 10000, 10000, 30000)); }),
                 "set_query", "10000x10000"));
  r.s.set_query(image_view(row.data(), 1, 1024, 3 * 1024));
  CHECK(r.s.click(positive(0, 1000)).width() == 1024);
  r.s.set_query(image_view(row.data(), 1, 1, 3));
  CHECK(r.s.click(positive(0, 0)).size() == 1);
}

TEST_CASE("any order of channels and any row length is the same picture") {
  used_room r;
  image const& p = r.photo.picture;
  std::vector<std::uint8_t> bytes(48 * (64 * 4 + 7), 9);
  for (index_t y = 0; y < 48; ++y)
    for (index_t x = 0; x < 64; ++x)
      for (index_t c = 0; c < 3; ++c) bytes[static_cast<std::size_t>(y * (64 * 4 + 7) + x * 4 + 2 - c)] = p(y, x, c);
  r.s.set_query(p);
  r.s.click(positive(20, 30));
  snapshot const wanted(r.s);
  r.s.set_query(image_view(bytes.data(), 48, 64, 64 * 4 + 7, channel_order::bgra));
  r.s.click(positive(20, 30));
  CHECK(snapshot(r.s) == wanted);
}

TEST_CASE("a start mask that cannot be used is refused") {
  used_room r;
  CHECK(mentions(r.refusal([](tiny_session& s) { s.start_from(mask::blank(48, 63, 1)); }), "start_from", "48x63",
                 "48x64"));
  CHECK(mentions(r.refusal([](tiny_session& s) { s.start_from(mask::blank(48, 64)); }), "start_from", "no object",
                 "3072 pixels"));
}

TEST_CASE("options outside their range are refused when the session is made") {
  cpu_context ctx;
  auto net = made_up_network(ctx);
  session_options o;
  o.max_evaluations = 0;
  CHECK(mentions(error_text([&] { session s(ctx, net, o); }), "session", "max_evaluations 0"));
  o = {};
  net.settings.threshold = 0.1;
  o.click_margin = 0.2;
  CHECK(mentions(error_text([&] { session s(ctx, net, o); }), "click_margin 0.2", "threshold 0.1"));
  o.click_margin = 0;
  CHECK(session(ctx, net, o).threshold() == 0.1);
  o.threshold = 0.7;
  CHECK(session(ctx, net, o).threshold() == 0.7);
}

TEST_CASE("memory that runs out anywhere in a click leaves the session as it was") {
  used_room reference;
  cpu_options limited;
  limited.threads = 1;
  limited.memory_limit = std::size_t{64} << 20;
  cpu_context const ctx(limited);
  auto const net = made_up_network(ctx);
  session s{ctx, net};
  s.set_support({reference.example});
  s.set_query(reference.photo.picture);
  s.click(positive(20, 30));
  ctx.memory().reset_peak();
  std::size_t const base = ctx.memory().statistics().in_use;
  s.click(negative(2, 3));
  std::size_t const needed = ctx.memory().statistics().peak - base;
  snapshot const wanted(s);
  s.undo();
  snapshot const before(s);

  for (int eighths = 0; eighths < 8; ++eighths) {
    ctx.memory().release_cached();
    std::size_t const left = needed * static_cast<std::size_t>(eighths) / 8;
    {
      auto const hogs = fill(ctx, limited.memory_limit - ctx.memory().statistics().in_use - left);
      CHECK_THROWS_AS(s.click(negative(2, 3)), device_error);
      if (eighths < 4) {
        CHECK_THROWS_AS(s.set_support({reference.photo, reference.photo}), device_error);
        CHECK_THROWS_AS(s.set_query(reference.example.picture), device_error);
      }
    }
    CHECK(snapshot(s) == before);
  }
  s.click(negative(2, 3));
  CHECK(snapshot(s) == wanted);
}
