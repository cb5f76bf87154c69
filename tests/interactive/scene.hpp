// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/random.hpp>
#include <fsis/interactive/session.hpp>

#include <cstring>

namespace fsis_test {

/// The network of the thesis on a sixteenth of the channels: quick, and with every branch.
struct tiny : fsis::narrow_vgg16 {
  static constexpr char const* name = "tiny";
  static constexpr fsis::index_t width_divisor = 16;
};

/// A network with made-up weights that sees pictures of at most `longest` pixels.
template <class Architecture = tiny>
fsis::loaded_network<Architecture> made_up_network(fsis::cpu_context const& ctx, fsis::index_t longest = 64,
                                                   std::uint64_t seed = 1) {
  fsis::loaded_network<Architecture> net;
  net.initialise(ctx, seed);
  net.settings.longest_side = longest;
  return net;
}

/// A disc of one colour on another, with noise; its mask.
inline fsis::shot made_up_shot(fsis::index_t height, fsis::index_t width, std::uint64_t seed = 1) {
  fsis::random_stream draw(seed);
  fsis::shot s{fsis::image::blank(height, width), fsis::mask::blank(height, width)};
  double const cy = static_cast<double>(height) * draw.uniform(0.35, 0.65);
  double const cx = static_cast<double>(width) * draw.uniform(0.35, 0.65);
  double const r = static_cast<double>(height < width ? height : width) * draw.uniform(0.2, 0.3);
  for (fsis::index_t y = 0; y < height; ++y)
    for (fsis::index_t x = 0; x < width; ++x) {
      double const dy = static_cast<double>(y) - cy, dx = static_cast<double>(x) - cx;
      bool const inside = dy * dy + dx * dx < r * r;
      s.object(y, x) = inside;
      for (fsis::index_t c = 0; c < 3; ++c) {
        double const colour = (inside ? 190.0 - 50.0 * static_cast<double>(c) : 60.0 + 30.0 * static_cast<double>(c));
        s.picture(y, x, c) = static_cast<std::uint8_t>(colour + draw.uniform(-20, 20));
      }
    }
  return s;
}

inline fsis::image mirrored(fsis::image const& picture) {
  fsis::image out = picture;
  for (fsis::index_t y = 0; y < picture.height(); ++y)
    for (fsis::index_t x = 0; x < picture.width(); ++x)
      for (fsis::index_t c = 0; c < 3; ++c) out(y, x, c) = picture(y, picture.width() - 1 - x, c);
  return out;
}

using tiny_session = fsis::session_for<tiny, fsis::cpu_context>;

/// What sessions are opened with: a context, a network, an example and a photo.
struct room {
  fsis::cpu_context ctx;
  fsis::loaded_network<tiny> net = made_up_network(ctx);
  fsis::shot example = made_up_shot(40, 56, 2), photo = made_up_shot(48, 64, 3);

  /// A session that knows the example and the photo.
  tiny_session open(fsis::session_options const& o = {}) const {
    tiny_session s{ctx, net, o};
    s.set_support({example});
    s.set_query(photo.picture);
    return s;
  }
};

/// On the photo of a room.
inline std::vector<fsis::click> const some_clicks{fsis::positive(20, 30), fsis::negative(2, 3),
                                                  fsis::positive(30, 35), fsis::negative(40, 60)};

/// The same bytes?
inline bool same(fsis::vision::plane<float> const& a, fsis::vision::plane<float> const& b) {
  return a.height() == b.height() && a.width() == b.width() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

inline double largest_difference(fsis::vision::plane<float> const& a, fsis::vision::plane<float> const& b) {
  double most = a.size() == b.size() ? 0 : 1;
  for (fsis::index_t i = 0; i < a.size() && i < b.size(); ++i)
    most = std::max(most, std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i])));
  return most;
}

inline bool all_finite(fsis::vision::plane<float> const& p) {
  for (fsis::index_t i = 0; i < p.size(); ++i)
    if (!std::isfinite(p.data()[i])) return false;
  return true;
}

/// What a user sees of a session.
struct snapshot {
  fsis::mask result;
  fsis::vision::plane<float> probability;
  std::vector<fsis::click> clicks;
  fsis::session_report report;

  template <class Session>
  explicit snapshot(Session& s)
      : result(s.result()), probability(s.probability()), clicks(s.clicks()), report(s.report()) {}

  friend bool operator==(snapshot const& a, snapshot const& b) {
    return a.result == b.result && same(a.probability, b.probability) && a.clicks == b.clicks &&
           a.report.status == b.report.status && a.report.evaluations == b.report.evaluations &&
           a.report.satisfied_clicks == b.report.satisfied_clicks && a.report.clicks == b.report.clicks;
  }
  friend bool operator!=(snapshot const& a, snapshot const& b) { return !(a == b); }
};

}  // namespace fsis_test
