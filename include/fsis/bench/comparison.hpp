// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/report.hpp>
#include <fsis/bench/text_table.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// What a second report says of something that the first one has timed.
enum class change {
  same,     ///< the medians differ by no more than noise
  quicker,
  slower,
  broken,   ///< the second time it was wrong or could not run
  missing   ///< it is in one report alone
};

inline char const* name_of(change c) {
  static constexpr char const* names[] = {"same", "quicker", "SLOWER", "BROKEN", "in one report alone"};
  return names[static_cast<int>(c)];
}

/// Medians closer than this are the same whatever the samples say: runs of one program differ by as much.
constexpr double least_noise = 0.02;

/// One contender at one setting, with warm or cold caches, in both reports.
struct compared {
  std::string what;               ///< benchmark, contender, axes, caches
  double before = 0, after = 0;   ///< medians in seconds; 0 where there is none
  double ratio = 1;               ///< after / before
  double noise = 0;               ///< |ratio - 1| up to which they count as the same
  bench::change change = bench::change::same;
};

/// How far apart two medians may be by the spread of their own samples: the mean of the two interquartile ranges over
/// the first median, at least `least_noise`.
inline double noise_of(summary const& before, summary const& after) {
  return hd_max(least_noise, (before.iqr() + after.iqr()) / 2 / before.median);
}

/// The second measurement against the first; `noise` overrides what their samples say.
inline compared compare(summary const& before, summary const& after, std::optional<double> noise = {}) {
  compared c;
  c.before = before.median;
  c.after = after.median;
  c.ratio = after.median / before.median;
  c.noise = noise.value_or(noise_of(before, after));
  c.change = c.ratio > 1 + c.noise ? change::slower : c.ratio < 1 - c.noise ? change::quicker : change::same;
  return c;
}

/// Two reports beside each other.
struct comparison {
  std::vector<compared> rows;
  bool is_same_device = true;

  /// Is nothing slower or broken?
  bool is_fine() const {
    for (compared const& c : rows)
      if (c.change == change::slower || c.change == change::broken) return false;
    return true;
  }
};

namespace detail {

inline state const* state_like(report const& r, state const& s) {
  for (state const& other : r.states)
    if (other.benchmark == s.benchmark && other.contender == s.contender && other.axes == s.axes &&
        other.clock == s.clock)
      return &other;
  return nullptr;
}

inline compared row_of(state const& s, char const* how, change found) {
  compared c;
  c.what = s.benchmark + " " + s.contender + " " + to_string(s.axes) + " " + how;
  c.change = found;
  return c;
}

}  // namespace detail

/// Everything that both reports have, in the order of the first, then what one has alone. Throws `value_error` when
/// they have nothing in common, or for a noise that is not in [0, 10].
inline comparison compare(report const& before, report const& after, std::optional<double> noise = {}) {
  require<value_error>(!noise || (*noise >= 0 && *noise <= 10), "compare: noise ", noise.value_or(0),
                       ", wanted 0 to 10 (0.05 is 5 per cent)");
  comparison out;
  out.is_same_device = before.device == after.device;
  std::size_t common = 0;
  std::vector<compared> alone;
  for (state const& s : before.states) {
    state const* const other = detail::state_like(after, s);
    for (caches how : {caches::warm, caches::cold}) {
      if (!s.at(how)) continue;
      bool const is_broken = other != nullptr && other->result != outcome::timed;
      common += is_broken || (other != nullptr && other->at(how));
      if (is_broken) {
        out.rows.push_back(detail::row_of(s, name_of(how), change::broken));
        out.rows.back().before = s.at(how)->seconds.median;
      } else if (other == nullptr || !other->at(how)) {
        alone.push_back(detail::row_of(s, name_of(how), change::missing));
        alone.back().before = s.at(how)->seconds.median;
      } else {
        compared c = compare(s.at(how)->seconds, other->at(how)->seconds, noise);
        c.what = detail::row_of(s, name_of(how), c.change).what;
        out.rows.push_back(c);
      }
    }
  }
  for (state const& s : after.states) {
    state const* const other = detail::state_like(before, s);
    for (caches how : {caches::warm, caches::cold})
      if (s.at(how) && (other == nullptr || !other->at(how))) {
        alone.push_back(detail::row_of(s, name_of(how), change::missing));
        alone.back().after = s.at(how)->seconds.median;
      }
  }
  require<value_error>(common > 0, "compare: the reports, of ", before.states.size(), " and ", after.states.size(),
                       " states, have none in common, wanted the same benchmarks at the same settings");
  out.rows.insert(out.rows.end(), alone.begin(), alone.end());
  return out;
}

/// The comparison as a table.
inline std::string comparison_text(comparison const& c) {
  text_table table({"what", "change", "before", "after", "ratio", "noise"}, 2);
  auto const time = [](double seconds) { return seconds > 0 ? time_text(seconds) : std::string("-"); };
  for (compared const& row : c.rows) {
    bool const both = row.before > 0 && row.after > 0;
    table.add({row.what, name_of(row.change), time(row.before), time(row.after), both ? fixed_text(row.ratio, 3) : "-",
               both ? fixed_text(100 * row.noise, 1) + "%" : "-"});
  }
  return table.text();
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
