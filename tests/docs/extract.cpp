// SPDX-License-Identifier: MIT
// extract OUT.cpp PAGE.md...: the programs of pages as one C++ file.
#include <docs/snippets.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  try {
    std::vector<fsis_test::program> programs;
    for (int i = 2; i < argc; ++i) {
      std::ifstream in(argv[i], std::ios::binary);
      std::string const page{std::istreambuf_iterator<char>(in), {}};
      if (!in) throw std::runtime_error(std::string("cannot read ") + argv[i]);
      for (auto const& p : fsis_test::programs_of(argv[i], page)) programs.push_back(p);
    }
    std::ofstream out(argv[1], std::ios::binary);
    out << fsis_test::translation_unit(programs);
    return out.flush() ? 0 : 2;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
