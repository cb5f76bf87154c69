// SPDX-License-Identifier: MIT
#include "commands/commands.hpp"

#include <fsis/bench/report_html.hpp>
#include <fsis/bench/report_json.hpp>

#include <memory>

namespace fsis_bench {
namespace {

struct report_arguments {
  std::vector<std::string> files;
  std::string html;
};

/// Several reports of one machine as one.
fsis::bench::report joined(std::vector<std::string> const& files) {
  auto all = fsis::bench::read_report(files[0]);
  for (std::size_t i = 1; i < files.size(); ++i) {
    auto const next = fsis::bench::read_report(files[i]);
    fsis::require<fsis::value_error>(next.device == all.device, "report: '", files[i], "' is of ", next.device.name,
                                     ", '", files[0], "' of ", all.device.name, ", wanted reports of one machine");
    for (auto const& p : next.measured) {
      bool known = false;
      for (auto const& q : all.measured) known = known || q.threads == p.threads;
      if (!known) all.measured.push_back(p);
    }
    all.states.insert(all.states.end(), next.states.begin(), next.states.end());
  }
  return all;
}

}  // namespace

void add_report(CLI::App& app) {
  auto o = std::make_shared<report_arguments>();
  auto* const c = app.add_subcommand("report", "a page with tables and plots of one or more reports of one machine");
  c->add_option("FILE", o->files, "reports of fsis-bench run")->required();
  c->add_option("--html", o->html, "the page")->required();
  c->callback([o] { write_html(joined(o->files), o->html); });
}

}  // namespace fsis_bench
