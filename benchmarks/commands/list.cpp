// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "commands/commands.hpp"

#include <fsis/bench/text_table.hpp>

#include <cstdio>
#include <memory>

namespace fsis_bench {
namespace {

void list(std::vector<std::string> const& patterns) {
  auto const all = all_cases(installed_peers());
  fsis::bench::text_table table({"benchmark", "contenders", "at", "what"}, 4);
  for (std::string const& pattern : patterns.empty() ? std::vector<std::string>{"*"} : patterns)
    for (auto const& b : all.matching(pattern)) {
      std::string contenders;
      for (auto const& c : b.contenders) contenders += (contenders.empty() ? "" : ",") + c;
      table.add({b.name, contenders, fsis::bench::to_string(fsis::bench::setting(b.axes).values()), b.summary});
    }
  std::fputs(table.text().c_str(), stdout);
}

}  // namespace

void add_list(CLI::App& app) {
  auto patterns = std::make_shared<std::vector<std::string>>();
  auto* const c = app.add_subcommand("list", "names of benchmarks, their contenders, axes and standard values");
  c->add_option("PATTERN", *patterns, "names, or patterns with * and ?; without any, all");
  c->callback([patterns] { list(*patterns); });
}

}  // namespace fsis_bench
