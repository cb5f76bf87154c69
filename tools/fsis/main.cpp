// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/core/error.hpp>
#include <fsis/core/version.hpp>

#include <cstdio>
#include <exception>

// Exit codes: 0 done, 1 a fault of the program or the machine, 2 bad input (one line says which), 3 no such device.
int main(int argc, char** argv) {
  CLI::App app{"few-shot interactive segmentation"};
  app.require_subcommand(1);
  app.set_version_flag("--version", fsis::message(FSIS_VERSION_MAJOR, ".", FSIS_VERSION_MINOR, ".",
                                                  FSIS_VERSION_PATCH));
  fsis_tool::add_pretrain(app);
  fsis_tool::add_train(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (CLI::ParseError const& e) {
    bool const asked_for_help = e.get_exit_code() == 0;
    if (asked_for_help) return app.exit(e);
    std::fprintf(stderr, "fsis: %s (see fsis --help)\n", e.what());
    return 2;
  } catch (fsis::device_error const& e) {
    std::fprintf(stderr, "fsis: %s\n", e.what());
    return 3;
  } catch (fsis::error const& e) {
    std::fprintf(stderr, "fsis: %s\n", e.what());
    return 2;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "fsis: %s\n", e.what());
    return 1;
  }
}
