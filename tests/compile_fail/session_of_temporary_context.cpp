// SPDX-License-Identifier: MIT
// expect: deleted | session

#include <fsis/interactive/session.hpp>

int main() {
  fsis::loaded_network<fsis::compact> net;
  fsis::session session{fsis::cpu_context(), net};
}
