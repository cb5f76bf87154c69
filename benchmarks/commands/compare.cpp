// SPDX-License-Identifier: MIT
#include "commands/commands.hpp"

#include <fsis/bench/comparison.hpp>
#include <fsis/bench/report_json.hpp>

#include <cstdio>
#include <memory>
#include <optional>

namespace fsis_bench {
namespace {

struct compare_arguments {
  std::string before, after;
  std::optional<double> noise;  // per cent
};

int compare(compare_arguments const& o) {
  auto const before = fsis::bench::read_report(o.before), after = fsis::bench::read_report(o.after);
  std::optional<double> noise = o.noise;
  if (noise) *noise /= 100;
  auto const c = fsis::bench::compare(before, after, noise);
  if (!c.is_same_device)
    std::printf("two machines: %s, %s\n", before.device.name.c_str(), after.device.name.c_str());
  std::fputs(comparison_text(c).c_str(), stdout);
  return c.is_fine() ? 0 : 1;
}

}  // namespace

void add_compare(CLI::App& app, int& exit_code) {
  auto o = std::make_shared<compare_arguments>();
  auto* const c =
      app.add_subcommand("compare", "what became slower from one report to another; exit code 1 if anything");
  c->add_option("BEFORE", o->before, "report of fsis-bench run")->required();
  c->add_option("AFTER", o->after, "report of fsis-bench run")->required();
  c->add_option("--noise", o->noise,
                "per cent up to which medians count as the same (default: by the samples' spread)");
  c->callback([o, &exit_code] { exit_code = compare(*o); });
}

}  // namespace fsis_bench
