// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/device/instruction_set.hpp>

#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

namespace fsis {
inline namespace v0 {
namespace bench {

inline char const* name_of(instruction_set set) {
  static constexpr char const* names[] = {"portable", "avx2", "avx512"};
  return names[static_cast<int>(set)];
}

/// Throws `value_error` for a word that names none.
inline instruction_set instruction_set_named(std::string const& name) {
  for (instruction_set s : {instruction_set::portable, instruction_set::avx2, instruction_set::avx512})
    if (name == name_of(s)) return s;
  fail<value_error>("instruction set: '", name, "', wanted portable, avx2 or avx512");
}

/// What a program can know of the machine it runs on without measuring; 0 and "unknown" where the system does not say.
struct machine {
  std::string name = "unknown";
  instruction_set instructions = instruction_set::portable;  ///< the largest that it supports
  index_t threads = 0;
  index_t memory_bytes = 0;
  index_t l1d_bytes = 0, l2_bytes = 0, l3_bytes = 0;  ///< of one core; the last one may be shared

  /// Bytes of the last cache before memory.
  index_t last_cache_bytes() const { return l3_bytes > 0 ? l3_bytes : l2_bytes > 0 ? l2_bytes : l1d_bytes; }

  friend bool operator==(machine const& a, machine const& b) {
    return a.name == b.name && a.instructions == b.instructions && a.threads == b.threads &&
           a.memory_bytes == b.memory_bytes && a.l1d_bytes == b.l1d_bytes && a.l2_bytes == b.l2_bytes &&
           a.l3_bytes == b.l3_bytes;
  }
};

namespace detail {

inline std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    std::size_t const colon = line.find(": ");
    if (line.compare(0, 10, "model name") == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

/// Caches of the first core as Linux lists them: size "32K", level, type.
inline void read_caches(machine& m) {
  for (int i = 0; i < 8; ++i) {
    std::string const folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(i) + "/";
    std::string type;
    int level = 0;
    index_t size = 0;
    char unit = 0;
    std::ifstream(folder + "type") >> type;
    std::ifstream(folder + "level") >> level;
    std::ifstream(folder + "size") >> size >> unit;
    if (type == "Instruction" || size <= 0) continue;
    index_t const bytes = size << (unit == 'M' ? 20 : unit == 'K' ? 10 : 0);
    if (level == 1) m.l1d_bytes = bytes;
    if (level == 2) m.l2_bytes = bytes;
    if (level == 3) m.l3_bytes = bytes;
  }
}

}  // namespace detail

inline machine this_machine() {
  machine m;
  m.name = detail::processor_name();
  m.instructions = supported_instruction_set();
  m.threads = static_cast<index_t>(std::thread::hardware_concurrency());
  detail::read_caches(m);
  long const pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0) m.memory_bytes = static_cast<index_t>(pages) * page;
  return m;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
