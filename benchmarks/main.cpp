// SPDX-License-Identifier: MIT
// Times what fsis is made of, and whatever stands beside it: fsis-bench list | run | compare | report
#include "commands/commands.hpp"

#include <fsis/core/error.hpp>
#include <fsis/core/version.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

/// Prints what went wrong as one line, whatever a file name or an argument in it contains.
int failed(int exit_code, std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  std::fprintf(stderr, "fsis-bench: %s\n", text.c_str());
  return exit_code;
}

}  // namespace

// Exit codes: 0 done, 1 a wrong result, something slower, or a fault of the machine, 2 bad input (one line says which).
int main(int argc, char** argv) {
  CLI::App app{"times kernels, ops, layers, networks and sessions"};
  app.require_subcommand(1);
  app.set_version_flag("--version", fsis::message(FSIS_VERSION_MAJOR, ".", FSIS_VERSION_MINOR, ".",
                                                  FSIS_VERSION_PATCH));
  app.set_help_all_flag("--help-all", "Print this help message and those of all subcommands");
  int exit_code = 0;
  fsis_bench::add_list(app);
  fsis_bench::add_run(app, {argv, argv + argc}, exit_code);
  fsis_bench::add_compare(app, exit_code);
  fsis_bench::add_report(app);
  try {
    app.parse(argc, argv);
    return exit_code;
  } catch (CLI::ParseError const& e) {
    bool const asked_for_help = e.get_exit_code() == 0;
    if (asked_for_help) return app.exit(e);
    return failed(2, std::string(e.what()) + " (see fsis-bench --help-all)");
  } catch (fsis::device_error const& e) {
    return failed(1, e.what());
  } catch (fsis::error const& e) {
    return failed(2, e.what());
  } catch (std::exception const& e) {
    return failed(1, e.what());
  }
}
