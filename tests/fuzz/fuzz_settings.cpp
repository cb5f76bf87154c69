// SPDX-License-Identifier: MIT
// The texts that stand beside a network's weights: a line for each key.
#include <fsis/model/settings_text.hpp>

#include <fuzz/driver.hpp>

namespace {

namespace io = fsis::io;
namespace model = fsis::model;
using namespace fsis_fuzz;

constexpr char const* keys[] = {"pixel_mean", "pixel_deviation", "click_map", "click_radius",
                                "prior",      "longest_side",    "threshold"};

io::safetensors_file file_of(fsis::network_settings const& s) {
  io::safetensors_writer writer;
  model::add_settings(s, writer);
  return io::safetensors_file::parse(writer.encode(), "again");
}

// A text that no writer would store is refused by it.
io::safetensors_file file_of(std::string const& lines) {
  io::safetensors_writer writer;
  std::size_t begin = 0;
  for (char const* key : keys) {
    if (begin > lines.size()) break;
    std::size_t const end = std::min(lines.find('\n', begin), lines.size());
    writer.metadata(key, lines.substr(begin, end - begin));
    begin = end + 1;
  }
  return io::safetensors_file::parse(writer.encode(), "input");
}

outcome run(std::uint8_t const* data, std::size_t size) {
  return attempt([&] {
    auto const s = model::settings_from(file_of(std::string(data, data + size)));
    promise(s.longest_side >= 16 && s.threshold > 0 && s.threshold < 1, "settings are in their ranges");
    auto const written = file_of(s);
    promise(file_of(model::settings_from(written)).metadata() == written.metadata(),
            "what was read is written and read again");
  });
}

bytes lines_of(fsis::network_settings const& s) {
  auto const metadata = file_of(s).metadata();
  std::string lines;
  for (char const* key : keys) lines += metadata.at(key) + "\n";
  return bytes(lines.begin(), lines.end());
}

}  // namespace

target fsis_fuzz::make_target() {
  fsis::network_settings disk;
  disk.clicks.kind = fsis::vision::click_map::disk;
  disk.clicks.radius = 5;
  disk.prior = {1e-7, 1e-7, true};
  disk.threshold = 1.0 / 3;
  return {"settings", {lines_of({}), lines_of(disk)}, &run, nullptr, 20000};
}
