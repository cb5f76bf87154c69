// SPDX-License-Identifier: MIT
#pragma once

// Drives a fuzz target without a fuzzing engine: valid files made in code, damaged at random in ways that
// are the same on every run. With an engine (FSIS_FUZZ_ENGINE, as for -fsanitize=fuzzer) the engine calls
// LLVMFuzzerTestOneInput instead, and `--write-seeds FOLDER` of the plain program gives it its corpus.

#include <fsis/core/error.hpp>
#include <fsis/core/random.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace fsis_fuzz {

using bytes = std::vector<std::uint8_t>;

/// What may become of an input. Everything else that is thrown passes through and fails the run.
enum class outcome { parsed, refused };

template <class Parse>
outcome attempt(Parse parse) {
  try {
    parse();
    return outcome::parsed;
  } catch (fsis::io_error const&) {
  } catch (fsis::value_error const&) {
  } catch (fsis::shape_error const&) {
  }
  return outcome::refused;
}

/// Ends the program, under an engine as well, when a parsed input breaks a promise.
inline void promise(bool kept, char const* what) {
  if (kept) return;
  std::fprintf(stderr, "fuzz: broken promise: %s\n", what);
  std::abort();
}

/// One target: valid inputs, the function under test, what makes checksums right again after damage (or
/// null), and how many damaged inputs a run tries.
struct target {
  char const* name;
  std::vector<bytes> seeds;
  outcome (*run)(std::uint8_t const*, std::size_t);
  void (*repair)(bytes&);
  fsis::index_t cases;
};

/// Every fuzz program defines its own.
target make_target();

/// Random damage, drawn from one stream.
class mutator {
 public:
  explicit mutator(fsis::random_stream draws) : draws_(draws) {}

  void damage(bytes& b) {
    for (fsis::index_t steps = 1 + draws_.below(3); steps > 0; --steps) step(b);
  }

  bool chance(double probability) { return draws_.chance(probability); }
  std::size_t pick(std::size_t count) {
    return static_cast<std::size_t>(draws_.below(static_cast<fsis::index_t>(count)));
  }

 private:
  static constexpr std::size_t max_bytes = 1u << 16;

  std::uint8_t byte() { return static_cast<std::uint8_t>(draws_.bits()); }
  static std::ptrdiff_t signed_of(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

  void step(bytes& b) {
    static constexpr std::uint8_t telling[] = {0,   1,   0x7F, 0x80, 0xFF, '"', '{',
                                               '}', '[', ',',  '-',  '9',  '\\'};
    if (b.empty()) return b.push_back(byte());
    std::size_t const at = pick(b.size());
    std::size_t const count = std::min(1 + pick(8), b.size() - at);
    switch (pick(9)) {
      case 0: b[at] = static_cast<std::uint8_t>(b[at] ^ (1u << pick(8))); break;
      case 1: b[at] = byte(); break;
      case 2: b[at] = telling[pick(std::size(telling))]; break;
      case 3: change_digit(b, at); break;
      case 4: b.resize(at); break;
      case 5: b.erase(b.begin() + signed_of(at), b.begin() + signed_of(at + count)); break;
      case 6: insert(b, at, bytes(count, byte())); break;
      case 7:
        insert(b, pick(b.size() + 1), bytes(b.begin() + signed_of(at), b.begin() + signed_of(at + count)));
        break;
      default: std::fill_n(b.begin() + signed_of(at), count, telling[pick(std::size(telling))]);
    }
  }

  // numbers in text: the next one gets another digit
  void change_digit(bytes& b, std::size_t at) {
    while (at < b.size() && (b[at] < '0' || b[at] > '9')) ++at;
    if (at < b.size()) b[at] = static_cast<std::uint8_t>('0' + pick(10));
  }

  void insert(bytes& b, std::size_t at, bytes const& what) {
    if (b.size() + what.size() <= max_bytes) b.insert(b.begin() + signed_of(at), what.begin(), what.end());
  }

  fsis::random_stream draws_;
};

/// Runs the target over its undamaged seeds, which must parse, and over the damaged ones; both outcomes
/// must occur among those. Options: --cases N, --seed S, --only I (one damaged case), --write-seeds FOLDER,
/// or files to run once. Returns the exit status.
class driver {
 public:
  driver(target const& what, int count, char** words) : target_(what), words_(words + 1, words + count) {}

  int run() {
    fsis::index_t cases = target_.cases, only = -1;
    std::uint64_t seed = 1;
    std::vector<std::string> files;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      bool const has_value = i + 1 < words_.size();
      if (words_[i] == "--write-seeds" && has_value) return write_seeds(words_[i + 1]);
      if (words_[i] == "--cases" && has_value)
        cases = std::atoll(words_[++i].c_str());
      else if (words_[i] == "--only" && has_value)
        only = std::atoll(words_[++i].c_str());
      else if (words_[i] == "--seed" && has_value)
        seed = std::strtoull(words_[++i].c_str(), nullptr, 10);
      else
        files.push_back(words_[i]);
    }
    if (!files.empty()) return replay(files);
    if (only >= 0) return one(damaged(seed, only), only) ? 0 : 1;

    for (bytes const& b : target_.seeds)
      if (!one(b, -1)) return 1;
    if (parsed_ != static_cast<fsis::index_t>(target_.seeds.size()))
      return complain("an undamaged seed was refused");
    parsed_ = 0;
    for (fsis::index_t i = 0; i < cases; ++i)
      if (!one(damaged(seed, i), i)) return 1;
    std::printf("%s: %lld damaged inputs, %lld parsed, %lld refused\n", target_.name,
                static_cast<long long>(cases), static_cast<long long>(parsed_),
                static_cast<long long>(refused_));
    if (parsed_ + refused_ < cases || cases < 1) return complain("fewer inputs ran than planned");
    if (parsed_ == 0 || refused_ == 0) return complain("one of the two outcomes never occurred");
    return 0;
  }

 private:
  bytes damaged(std::uint64_t seed, fsis::index_t number) const {
    mutator m(fsis::random_stream(seed, static_cast<std::uint64_t>(number)));
    bytes b = target_.seeds[m.pick(target_.seeds.size())];
    m.damage(b);
    if (target_.repair != nullptr && m.chance(0.8)) target_.repair(b);
    return b;
  }

  // an exact copy on the heap lets a sanitizer see a read past the end
  bool one(bytes const& input, fsis::index_t number) {
    std::vector<std::uint8_t> const copy(input.begin(), input.end());
    try {
      ++(target_.run(copy.data(), copy.size()) == outcome::parsed ? parsed_ : refused_);
      return true;
    } catch (std::exception const& e) {
      std::fprintf(stderr, "%s: case %lld, %zu bytes: unexpected: %s\n", target_.name,
                   static_cast<long long>(number), copy.size(), e.what());
    }
    return false;
  }

  int replay(std::vector<std::string> const& files) {
    for (std::string const& path : files) {
      std::ifstream in(path, std::ios::binary);
      if (!in) return complain(("cannot read " + path).c_str());
      std::string const text{std::istreambuf_iterator<char>(in), {}};
      if (!one(bytes(text.begin(), text.end()), -1)) return 1;
    }
    std::printf("%s: %zu files, %lld parsed\n", target_.name, files.size(),
                static_cast<long long>(parsed_));
    return 0;
  }

  int write_seeds(std::string const& folder) const {
    for (std::size_t i = 0; i < target_.seeds.size(); ++i) {
      bytes const& b = target_.seeds[i];
      std::ofstream out(folder + "/" + target_.name + "-" + std::to_string(i), std::ios::binary);
      out.write(reinterpret_cast<char const*>(b.data()), static_cast<std::streamsize>(b.size()));
      if (!out) return complain(("cannot write to " + folder).c_str());
    }
    return 0;
  }

  int complain(char const* what) const {
    std::fprintf(stderr, "%s: %s\n", target_.name, what);
    return 1;
  }

  target target_;
  std::vector<std::string> words_;
  fsis::index_t parsed_ = 0, refused_ = 0;
};

}  // namespace fsis_fuzz
