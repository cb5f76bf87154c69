// SPDX-License-Identifier: MIT
// Where a run of a fuzz target begins: an engine calls the function, a plain program has its own damage.
#include <fuzz/driver.hpp>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static fsis_fuzz::target const target = fsis_fuzz::make_target();
  (void)target.run(data, size);
  if (target.repair != nullptr) {
    fsis_fuzz::bytes repaired(data, data + size);
    target.repair(repaired);
    (void)target.run(repaired.data(), repaired.size());
  }
  return 0;
}

#ifndef FSIS_FUZZ_ENGINE
int main(int argc, char** argv) { return fsis_fuzz::driver(fsis_fuzz::make_target(), argc, argv).run(); }
#endif
