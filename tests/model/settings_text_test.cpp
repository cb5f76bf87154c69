// SPDX-License-Identifier: MIT
#include <fsis/model/settings_text.hpp>

#include <support/catch.hpp>

#include <map>

using namespace fsis;

namespace {

using texts = std::map<std::string, std::string>;

/// A file without tensors.
io::safetensors_file file_with(texts const& metadata) {
  io::safetensors_writer writer;
  for (auto const& m : metadata) writer.metadata(m.first, m.second);
  return io::safetensors_file::parse(writer.encode(), "some.safetensors");
}

io::safetensors_file file_with(network_settings const& s) {
  io::safetensors_writer writer;
  model::add_settings(s, writer);
  return io::safetensors_file::parse(writer.encode(), "some.safetensors");
}

texts default_texts() { return file_with(network_settings{}).metadata(); }

/// One text replaced by another, or left out where it is "-": refused with all these words.
template <class... Words>
void check_refused(std::string const& key, std::string const& text, Words const&... words) {
  texts all = default_texts();
  REQUIRE(all.count(key) == 1);
  if (text == "-")
    all.erase(key);
  else
    all[key] = text;
  auto const run = [&] { model::settings_from(file_with(all)); };
  INFO(key << " = '" << text << "'");
  CHECK_THROWS_AS(run(), io_error);
  std::string const said = error_text(run);
  INFO(said);
  CHECK(mentions(said, "load: some.safetensors", words...));
}

}  // namespace

TEST_CASE("settings: the defaults are those of the design") {
  network_settings const s;
  CHECK(s.clicks.kind == vision::click_map::tanh_distance);
  CHECK(s.clicks.radius == 260);
  CHECK(s.prior.min_max_epsilon == 1e-8);
  CHECK(s.prior.cosine_epsilon == 0);
  CHECK_FALSE(s.prior.count_outside);
  CHECK(s.threshold == 0.5);
  CHECK(s.pixels.mean == std::array<double, 3>{{0.485, 0.456, 0.406}});
  CHECK(s.pixels.deviation == std::array<double, 3>{{0.229, 0.224, 0.225}});
}

TEST_CASE("settings: every number comes back to the last bit") {
  network_settings s;
  s.pixels.mean = {{0.1, 1.0 / 3, -2e-17}};
  s.pixels.deviation = {{1.0 / 255, 1e300, 5e-324}};
  s.clicks = vision::disk_encoding(5.1);
  s.prior = {1e-7, 3e-9, true};
  s.longest_side = 1021;
  s.threshold = 0.1 + 0.2;
  auto const back = model::settings_from(file_with(s));
  CHECK(back.pixels.mean == s.pixels.mean);
  CHECK(back.pixels.deviation == s.pixels.deviation);
  CHECK(back.clicks.kind == s.clicks.kind);
  CHECK(back.clicks.radius == s.clicks.radius);
  CHECK(back.prior.cosine_epsilon == s.prior.cosine_epsilon);
  CHECK(back.prior.min_max_epsilon == s.prior.min_max_epsilon);
  CHECK(back.prior.count_outside);
  CHECK(back.longest_side == 1021);
  CHECK(back.threshold == s.threshold);
  for (auto const& e : {vision::tanh_encoding(), vision::distance_encoding(), vision::fraction_encoding()}) {
    s.clicks = e;
    CHECK(model::settings_from(file_with(s)).clicks.kind == e.kind);
  }
}

TEST_CASE("settings: the text is for people, too") {
  texts const t = default_texts();
  CHECK(t.at("pixel_mean") == "0.485 0.456 0.406");
  CHECK(t.at("click_map") == "tanh_distance");
  CHECK(t.at("click_radius") == "260");
  CHECK(t.at("longest_side") == "384");
  CHECK(t.at("threshold") == "0.5");
}

TEST_CASE("settings: what is missing is named") {
  for (auto const& entry : default_texts()) check_refused(entry.first, "-", entry.first);
}

TEST_CASE("settings: what is malformed is named and shown") {
  check_refused("pixel_mean", "0.485 0.456", "pixel_mean", "2 numbers, wanted 3");
  check_refused("pixel_mean", "0.485 0.456 0.406 1", "4 numbers, wanted 3");
  check_refused("pixel_mean", "0.485 grey 0.406", "'0.485 grey 0.406'", "3 finite numbers");
  check_refused("pixel_mean", "0.485,0.456,0.406", "'0.485,0.456,0.406'");
  check_refused("pixel_mean", "nan 0 0", "finite");
  check_refused("pixel_deviation", "1 inf 1", "finite");
  check_refused("pixel_deviation", "1 0 1", "pixel_deviation 0", "positive");
  check_refused("pixel_deviation", "1 -2 1", "-2");
  check_refused("click_map", "circle", "'circle' is unknown");
  check_refused("click_radius", "", "click_radius", "wanted 1");
  check_refused("click_radius", "0x10", "'0x10'");
  check_refused("click_radius", "1e999", "'1e999'");
}

TEST_CASE("settings: what is out of range is refused with its number") {
  check_refused("click_radius", "0", "click radius 0");
  check_refused("longest_side", "15", "longest side 15");
  check_refused("longest_side", "65537", "65537");
  check_refused("longest_side", "1e30");
  check_refused("longest_side", "384.5", "384.5");
  check_refused("threshold", "0", "threshold 0");
  check_refused("threshold", "1", "threshold 1");
  check_refused("prior", "-1 0 0", "prior");
  check_refused("prior", "0 0 2", "prior");
}
