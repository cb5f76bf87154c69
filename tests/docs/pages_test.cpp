// SPDX-License-Identifier: MIT
// Reads the pages of this repository: links lead somewhere, blocks are of a known kind, options exist.
#include <docs/commands.hpp>
#include <docs/snippets.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

using namespace fsis_test;
namespace fs = std::filesystem;

namespace {

std::string read(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

fs::path const root = FSIS_SOURCE_DIR;

std::vector<fs::path> pages() {
  std::vector<fs::path> found{root / "README.md", root / "CONTRIBUTING.md", root / "CHANGELOG.md"};
  for (char const* folder : {"docs", "benchmarks", "models"})
    if (fs::is_directory(root / folder))
      for (auto const& e : fs::directory_iterator(root / folder))
        if (e.path().extension() == ".md") found.push_back(e.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// What is wrong with a link, if anything is.
std::string fault_of(fs::path const& page, std::string const& target) {
  if (target.find("://") != std::string::npos) return "";
  std::size_t const hash = target.find('#');
  std::string const file = target.substr(0, hash);
  fs::path const there = file.empty() ? page : page.parent_path() / file;
  if (!fs::exists(there)) return "there is no " + there.string();
  if (hash == std::string::npos) return "";
  std::string const anchor = target.substr(hash + 1);
  return anchors_of(read(there)).count(anchor) > 0 ? "" : "no heading '" + anchor + "' in " + there.string();
}

// not built: null
#ifdef FSIS_TOOL
char const* const tool = FSIS_TOOL;
#else
char const* const tool = nullptr;
#endif
#ifdef FSIS_BENCH
char const* const bench = FSIS_BENCH;
#else
char const* const bench = nullptr;
#endif

/// Names of options that `PROGRAM SUBCOMMAND --help` lists; empty where it cannot be asked.
std::optional<std::set<std::string>> options_of(char const* program, std::string const& subcommand) {
  if (program == nullptr) return std::nullopt;
  FILE* const pipe = popen(("'" + std::string(program) + "' " + subcommand + " --help").c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  char part[4096];
  for (std::size_t n = 0; (n = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, n);
  if (pclose(pipe) != 0) return std::nullopt;
  return options_in(text);
}

}  // namespace

TEST_CASE("every page's programs can be extracted") {
  for (fs::path const& page : pages()) CHECK(error_text([&] { programs_of(page.string(), read(page)); }) == "");
}

TEST_CASE("every block says its language") {
  // "c++" and the like would pass by the compiler; python and json stand where other programs are shown
  std::set<std::string> const known{"cpp", "cuda", "sh", "text", "cmake", "json", "python"};
  for (fs::path const& page : pages())
    for (fenced_block const& block : blocks_of(read(page))) {
      INFO(page.string() << ":" << block.line << ": '" << block.language << "'");
      CHECK(known.count(block.language) == 1);
    }
}

TEST_CASE("what a page shows in CUDA stands in a program that is compiled and run") {
  // but for white space
  auto const words = [](std::string const& text) {
    std::istringstream in(text);
    std::string joined;
    for (std::string word; in >> word;) joined += word + " ";
    return joined;
  };
  std::vector<std::string> programs;
  for (auto const& e : fs::directory_iterator(root / "tests" / "consumer" / "project_cuda"))
    programs.push_back(words(read(e.path())));
  for (fs::path const& page : pages())
    for (fenced_block const& block : blocks_of(read(page))) {
      if (block.language != "cuda") continue;
      INFO(page.string() << ":" << block.line);
      CHECK(std::any_of(programs.begin(), programs.end(),
                        [&](std::string const& p) { return p.find(words(block.text)) != std::string::npos; }));
    }
}

TEST_CASE("every relative link leads to a file and a heading") {
  std::size_t links = 0;
  for (fs::path const& page : pages())
    for (page_link const& l : links_of(read(page))) {
      INFO(page.string() << ":" << l.line << ": " << l.target);
      CHECK(fault_of(page, l.target) == "");
      ++links;
    }
  CHECK(links > 20);
  CHECK(fault_of(root / "README.md", "docs/no_such_page.md") != "");
  CHECK(fault_of(root / "README.md", "CHANGELOG.md#no-such-heading") != "");
}

TEST_CASE("every option of fsis and fsis-bench that a page mentions exists") {
  struct program {
    char const *name, *path;
    std::vector<std::string> subcommands;
  };
  std::vector<program> const programs{{"fsis", tool, {"", "segment", "info", "train", "evaluate", "pretrain"}},
                                      {"fsis-bench", bench, {"", "list", "run", "compare", "report"}}};
  std::map<std::string, std::set<std::string>> known;  // by program and subcommand
  std::set<std::string> any;
  for (program const& p : programs)
    for (std::string const& s : p.subcommands) {
      auto const options = options_of(p.path, s);
      if (!options) {
        WARN("skipped: not built, or no answer to " << p.name << " " << s << " --help");
        return;
      }
      known[p.name + (" " + s)] = *options;
      any.insert(options->begin(), options->end());
    }
  std::size_t mentioned = 0, of_bench = 0;
  for (fs::path const& page : pages()) {
    if (page.filename() == "CONTRIBUTING.md") continue;  // speaks of other programs' options
    for (mentioned_option const& m : mentioned_options(read(page))) {
      INFO(page.string() << ":" << m.line << ": " << m.program << " " << m.subcommand << " " << m.option);
      std::string const command = m.program + " " + m.subcommand;
      bool const exists = m.program.empty() ? any.count(m.option) > 0
                                            : known.count(command) > 0 && known[command].count(m.option) > 0;
      CHECK(exists);
      ++mentioned;
      of_bench += m.program == "fsis-bench";
    }
  }
  CHECK(mentioned > 20);
  CHECK(of_bench > 10);
}

TEST_CASE("options are found in commands and code spans") {
  auto const found = mentioned_options(
      "Use `--flip on` or `fsis info --tensors`, not `cmake --preset x`; -- not this.\n"
      "```sh\n"
      "scripts/test --full\n"
      "build/bin/fsis segment --model a --click 1,2,- \\\n"
      "  --out b\n"
      "ls --all\n"
      "scripts/demo --query c\n"
      "OMP_NUM_THREADS=1 bin/fsis-bench run a --rounds 5  # not --this\n"
      "```\n");
  std::set<std::string> texts;
  for (auto const& m : found) texts.insert(m.program + " " + m.subcommand + " " + m.option);
  CHECK(texts == std::set<std::string>{"  --flip", "fsis info --tensors", "fsis segment --model", "fsis segment --click",
                                       "fsis segment --out", "fsis segment --query", "fsis-bench run --rounds"});
}
