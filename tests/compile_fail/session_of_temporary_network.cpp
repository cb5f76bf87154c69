// SPDX-License-Identifier: MIT
// expect: deleted | session

#include <fsis/interactive/session.hpp>

int main() {
  fsis::cpu_context ctx;
  fsis::session session{ctx, fsis::load_network<fsis::compact>(ctx, "compact.safetensors")};
}
