// SPDX-License-Identifier: MIT
#include <fsis/io/npy.hpp>

#include <fuzz/driver.hpp>

namespace {

namespace io = fsis::io;
using namespace fsis_fuzz;

outcome run(std::uint8_t const* data, std::size_t size) {
  return attempt([&] {
    auto const f = io::decode_npy<float>(data, size, "input");
    auto const d = io::decode_npy<double>(data, size, "input");
    promise(f.values.size() == static_cast<std::size_t>(f.extents.size()),
            "as many values as the shape says");
    promise(f.extents == d.extents && f.values.size() * 4 <= size, "values come from the file");
  });
}

bytes with_header(int version, std::string const& header, std::size_t elements) {
  std::string text = "\x93NUMPY";
  text += static_cast<char>(version);
  text += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    text += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  text += header;
  bytes b(text.begin(), text.end());
  b.resize(b.size() + elements, 0x3F);
  return b;
}

// Damage that changes the length of the header would otherwise always end at that check.
void repair(bytes& b) {
  if (b.size() < 12 || b[6] < 1 || b[6] > 3) return;
  std::size_t const begin = b[6] == 1 ? 10 : 12;
  std::size_t end = static_cast<std::size_t>(std::find(b.begin() + 10, b.end(), '}') - b.begin()) + 1;
  if (end < begin || end > b.size()) return;
  while (end < b.size() && (b[end] == ' ' || b[end] == '\n')) ++end;
  if (begin == 10)
    io::store(static_cast<std::uint16_t>(end - begin), &b[8]);
  else
    io::store(static_cast<std::uint32_t>(end - begin), &b[8]);
}

}  // namespace

target fsis_fuzz::make_target() {
  float const f[] = {1, 2, 3, 4, 5, 6};
  double const d[] = {1, 2, 3, 4, 5, 6};
  return {"npy",
          {io::encode_npy({1, 2, 3}, f), io::encode_npy({6}, d), io::encode_npy({}, f),
           with_header(1, "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }", 24),
           with_header(2, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 1, 2)}", 32),
           with_header(3, "{\"shape\": (0, 5L), \"descr\": \">f8\", \"fortran_order\": False}", 0)},
          &run,
          &repair,
          20000};
}
