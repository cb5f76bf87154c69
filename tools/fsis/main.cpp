// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/core/version.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

/// Prints what went wrong as one line, whatever a file name or an argument in it contains.
int failed(int exit_code, std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  std::fprintf(stderr, "fsis: %s\n", text.c_str());
  return exit_code;
}

}  // namespace

// Exit codes: 0 done, 1 a fault of the program or the machine, 2 bad input (one line says which), 3 no such device.
int main(int argc, char** argv) {
  CLI::App app{"few-shot interactive segmentation"};
  app.require_subcommand(1);
  app.set_version_flag("--version", fsis::message(FSIS_VERSION_MAJOR, ".", FSIS_VERSION_MINOR, ".",
                                                  FSIS_VERSION_PATCH));
  app.set_help_all_flag("--help-all", "Print this help message and those of all subcommands");
  fsis_tool::add_segment(app);
  fsis_tool::add_info(app);
  fsis_tool::add_train(app);
  fsis_tool::add_evaluate(app);
  fsis_tool::add_pretrain(app);
  try {
    app.parse(argc, argv);
    return 0;
  } catch (CLI::ParseError const& e) {
    bool const asked_for_help = e.get_exit_code() == 0;
    if (asked_for_help) return app.exit(e);
    return failed(2, std::string(e.what()) + " (see fsis --help-all)");
  } catch (fsis_tool::no_such_device const& e) {
    return failed(3, e.what());
  } catch (fsis::device_error const& e) {
    return failed(1, e.what());
  } catch (fsis::error const& e) {
    return failed(2, e.what());
  } catch (std::exception const& e) {
    return failed(1, e.what());
  }
}
