// SPDX-License-Identifier: MIT
#include <fsis/bench/report_json.hpp>

#include <bench/made_up.hpp>
#include <fuzz/driver.hpp>

namespace {

namespace io = fsis::io;
using namespace fsis_fuzz;

outcome run(std::uint8_t const* data, std::size_t size) {
  return attempt([&] {
    auto const value = io::parse_json(reinterpret_cast<char const*>(data), size, "input");
    std::string const text = to_text(value);
    promise(io::parse_json(text.data(), text.size(), "again") == value, "what was read is written and read again");
    auto const report = fsis::bench::report_from(value, "input");
    for (auto const& s : report.states) {
      promise((s.result == fsis::bench::outcome::timed) == (s.warm || s.cold), "what was timed has times");
      for (auto how : {fsis::bench::caches::warm, fsis::bench::caches::cold})
        if (s.at(how)) promise(s.at(how)->seconds.median > 0 && s.at(how)->seconds.iqr() >= 0, "times are times");
    }
    std::string const again = to_text(to_json(report));
    auto const second = fsis::bench::report_from(io::parse_json(again.data(), again.size(), "again"), "again");
    promise(to_text(to_json(second)) == again, "a report is written and read again");
  });
}

bytes bytes_of(std::string const& text) { return bytes(text.begin(), text.end()); }

}  // namespace

target fsis_fuzz::make_target() {
  fsis::bench::report one;
  one.states.push_back(fsis_test::timed_state("conv", "fsis", {1e-3, 2e-3}));
  return {"bench_report",
          {bytes_of(to_text(to_json(fsis_test::full_report()))), bytes_of(to_text(to_json(one))),
           bytes_of(to_text(to_json(fsis::bench::report())))},
          &run,
          nullptr,
          20000};
}
