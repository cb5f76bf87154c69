// SPDX-License-Identifier: MIT
#include <fsis/io/safetensors_reader.hpp>
#include <fsis/io/safetensors_writer.hpp>

#include <fuzz/driver.hpp>

namespace {

namespace io = fsis::io;
using namespace fsis_fuzz;

outcome run(std::uint8_t const* data, std::size_t size) {
  return attempt([&] {
    auto const file = io::safetensors_file::parse(data, size, "input");
    for (auto const& entry : file.tensors()) {
      promise(entry.second.end <= size, "a tensor ends inside the file");
      promise(entry.second.bytes() == entry.second.end - entry.second.begin,
              "a tensor has the bytes of its shape");
      (void)attempt([&] {
        auto const values = file.read<float>(entry.first);
        promise(values.size() == static_cast<std::size_t>(entry.second.size()),
                "all values of a tensor are read");
      });
      (void)attempt([&] {
        for (double v : file.read<double>(entry.first, io::read_values::finite_only))
          promise(std::isfinite(v), "only finite values are read");
      });
    }
  });
}

bytes with_header(std::string const& header, std::size_t data) {
  bytes b(8);
  io::store(static_cast<std::uint64_t>(header.size()), b.data());
  b.insert(b.end(), header.begin(), header.end());
  b.resize(b.size() + data);
  return b;
}

// Damage that changes the length of the header would otherwise always end at that check.
void repair(bytes& b) {
  if (b.size() < 8) return;
  std::size_t end = b.size();
  while (end > 8 && b[end - 1] != '}') --end;
  while (end < b.size() && b[end] == ' ') ++end;
  io::store(static_cast<std::uint64_t>(end - 8), b.data());
}

}  // namespace

target fsis_fuzz::make_target() {
  float const v[] = {1.0f, -2.0f, 0.5f, 3.0f, 4.0f, 5.0f};
  io::safetensors_writer writer;
  writer.metadata("architecture", "compact");
  writer.add("a.weight", {1, 2, 3}, v, io::dtype::f32);
  writer.add("a.bias", {3}, v, io::dtype::f16);
  writer.add("b", {2}, v, io::dtype::f64);
  return {"safetensors",
          {writer.encode(), io::safetensors_writer().encode(),
           with_header(R"({"i":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                       R"("e":{"dtype":"BF16","shape":[0,7],"data_offsets":[8,8]},)"
                       R"("q":{"dtype":"F4","shape":[1,1,1,1,1,1,1,4],"data_offsets":[8,10]}})",
                       10)},
          &run,
          &repair,
          20000};
}
