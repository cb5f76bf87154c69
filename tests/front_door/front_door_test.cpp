// SPDX-License-Identifier: MIT
#include <fsis/model.hpp>

#include <support/catch.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A file with made-up weights, gone at the end.
class made_up_file {
 public:
  made_up_file() {
    fsis::cpu_context ctx;
    fsis::network<fsis::compact> net;
    net.initialise(ctx, 1);
    fsis::network_settings settings;
    settings.longest_side = 64;
    fsis::save_network(ctx, net, settings, path_);
  }
  ~made_up_file() { std::remove(path_.c_str()); }
  std::string const& path() const { return path_; }

 private:
  std::string path_ = "front_door_compact.safetensors";
};

fsis::image striped(fsis::index_t height, fsis::index_t width) {
  fsis::image p = fsis::image::blank(height, width);
  for (fsis::index_t y = 0; y < height; ++y)
    for (fsis::index_t x = 0; x < width; ++x)
      for (fsis::index_t c = 0; c < 3; ++c) p(y, x, c) = static_cast<std::uint8_t>((7 * x + 3 * y * c) % 256);
  return p;
}

/// A session as a member of somebody's class.
struct editor {
  fsis::cpu_context ctx;
  fsis::loaded_network<fsis::compact> net;
  fsis::session_for<fsis::compact, fsis::cpu_context> session;

  explicit editor(std::string const& path) : net(fsis::load_network<fsis::compact>(ctx, path)), session(ctx, net) {}
};

}  // namespace

TEST_CASE("the front door's program") {
  made_up_file const file;
  std::vector<std::uint8_t> const bytes(48 * 80 * 3, 90), ones(48 * 80, 1);
  std::vector<fsis::shot> const shots{{fsis::image(bytes.data(), 48, 80, 3), fsis::mask(ones.data(), 48, 80)},
                                      {striped(40, 40), fsis::mask(ones.data(), 40, 40)}};
  fsis::image const photo = striped(100, 160);
  std::string const compact_safetensors = file.path();

  fsis::cpu_context ctx;
  auto net = fsis::load_network<fsis::compact>(ctx, compact_safetensors);
  fsis::session session{ctx, net};
  session.set_support(shots);
  session.set_query(photo);
  fsis::mask m = session.click(fsis::positive(88, 120));
  session.undo();  session.redo();

  CHECK(m.height() == 100);
  CHECK(m.width() == 160);
  CHECK(m(88, 120) == m.data()[88 * 160 + 120]);
  CHECK(session.result() == m);
  CHECK(session.report().clicks == 1);
  CHECK(session.probability().height() == 100);
  session.start_from(m.count() > 0 ? m : fsis::mask::blank(100, 160, 1));
  session.click(fsis::negative(3, 5));
  session.remove_click(0);

  fsis::session_options o;
  o.refine = fsis::refinement::bj;
  fsis::session s{ctx, net, o};
  CHECK(s.options().refine == fsis::refinement::bj);
  static_assert(std::is_same<decltype(s), fsis::session_for<fsis::compact, fsis::cpu_context>>::value, "");

  // what a cv::Mat holds
  std::vector<std::uint8_t> const mat(100 * 500, 40);
  s.set_support(shots);
  s.set_query(fsis::image_view(mat.data(), 100, 160, 500, fsis::channel_order::bgr));
  CHECK(s.click(fsis::positive(1, 1)).width() == 160);
}

TEST_CASE("a session can be a class member") {
  made_up_file const file;
  editor e(file.path());
  e.session.set_support({{striped(40, 40), fsis::mask::blank(40, 40, 1)}});
  e.session.set_query(striped(48, 64));
  CHECK(e.session.click(fsis::positive(1, 1)).height() == 48);
}

TEST_CASE("a file made for another architecture is refused with both names, and one can ask") {
  made_up_file const file;
  fsis::cpu_context ctx;
  CHECK(fsis::architecture_of(file.path()) == "compact");
  auto const text = error_text([&] { fsis::load_network<fsis::compact_without_support>(ctx, file.path()); });
  CHECK(mentions(text, "compact_without_support", "'compact'"));
  bool visited = false;
  fsis::visit_network(ctx, file.path(), [&](auto const& net) {
    fsis::session session{ctx, net};
    session.set_query(striped(48, 64));
    visited = mentions(error_text([&] { session.click(fsis::positive(0, 0)); }), "set_support");
  });
  CHECK(visited);
}
