// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/io/text.hpp>
#include <fsis/model/load.hpp>

#include <cstdio>
#include <map>
#include <memory>

namespace fsis_tool {
namespace {

struct info_options {
  std::string file;
  bool lists_tensors = false;
};

void line(char const* name, std::string const& value) { std::printf("%-16s %s\n", name, value.c_str()); }

/// A text of the file as it may stand on a terminal, without quotes.
std::string plain(std::string const& text) {
  std::string const quoted = fsis::io::shown(text, 400);
  return quoted.substr(1, quoted.size() - 2);
}

std::string storage_of(fsis::io::safetensors_file const& file) {
  std::map<std::string, fsis::index_t> numbers;
  for (auto const& t : file.tensors()) numbers[fsis::io::name_of(t.second.type)] += t.second.size();
  std::string text;
  for (auto const& n : numbers) text += (text.empty() ? "" : ", ") + fsis::message(n.second, " ", n.first);
  return fsis::message(file.tensors().size(), " tensors: ", text);
}

template <class Network>
void print_network(Network const& net) {
  fsis::index_t learned = 0, averages = 0;
  fsis::nn::visit_parameters(net, [&](std::string const&, auto const& p) {
    (p.purpose == fsis::nn::role::learned ? learned : averages) += p.extents.size();
  });
  auto const& s = net.settings;
  line("architecture", Network::architecture::name);
  line("parameters", fsis::message(learned, " learned, ", averages, " running averages"));
  line("branches", fsis::message("query", Network::support_channels > 0 ? ", support" : "",
                                 Network::prior_channels > 0 ? ", prior" : "", "; ", Network::width,
                                 " channels after the junction"));
  line("longest side", fsis::message(s.longest_side, " pixels"));
  line("threshold", fsis::message(s.threshold));
}

void run_info(info_options const& o) {
  auto const file = fsis::io::safetensors_file::open(o.file);
  std::uint64_t const bytes = fsis::io::input_file(o.file).size();
  fsis::cpu_options one;
  one.threads = 1;
  fsis::cpu_context const ctx{one};
  fsis::visit_network(ctx, o.file, [&](auto const& net) {
    line("file", o.file);
    line("bytes", fsis::message(bytes));
    print_network(net);
  });
  line("stored as", storage_of(file));
  for (auto const& entry : file.metadata()) line("metadata", plain(entry.first) + " = " + plain(entry.second));
  if (!o.lists_tensors) return;
  for (auto const& t : file.tensors())
    line("tensor", fsis::message(plain(t.first), " ", fsis::io::name_of(t.second.type), " ", t.second.extents()));
}

}  // namespace

void add_info(CLI::App& app) {
  auto o = std::make_shared<info_options>();
  auto* const c = app.add_subcommand("info", "what a network's file holds; refuses a file that cannot be used");
  c->add_option("FILE", o->file, "safetensors file of a network")->required();
  c->add_flag("--tensors", o->lists_tensors, "list them all");
  c->callback([o] { run_info(*o); });
}

}  // namespace fsis_tool
