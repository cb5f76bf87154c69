// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/weights.hpp>
#include <fsis/optim/parameter_slot.hpp>
#include <fsis/training/weight_average.hpp>

#include <charconv>
#include <map>
#include <sstream>
#include <string>
#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace training {

/// Everything a training needs to go on as if it had never stopped: random draws depend on (seed, step) alone.
template <class T, class Context>
struct training_state {
  index_t step = 0;  ///< steps done
  optim::optimiser_state<T, Context> optimiser;
  named_tensors<T, Context> averages;  ///< of the weights; none without `segmentation_options::average`
};

/// Writes network, optimiser and step as one safetensors file; nothing is left half written. `notes` describe the run
/// and are checked on resuming.
template <class Context, class T, class Network>
void write_checkpoint(Context const& ctx, std::string const& path, Network const& net,
                      training_state<T, Context> const& state, std::map<std::string, std::string> const& notes) {
  constexpr io::dtype every_digit = std::is_same<T, double>::value ? io::dtype::f64 : io::dtype::f32;
  io::safetensors_writer file;
  for (auto const& n : notes) file.metadata(n.first, n.second);
  file.metadata("step", std::to_string(state.step));
  std::string steps;
  for (index_t s : state.optimiser.steps) steps += std::to_string(s) + " ";
  file.metadata("optimiser_steps", steps);
  model::add_parameters(ctx, net, file, every_digit, "network.");
  auto const add = [&](std::string const& part, named_tensors<T, Context> const& tensors) {
    for (auto const& t : tensors) {
      auto const values = to_host(ctx, t.value);
      file.add(part + t.name, t.value.extents(), values.data(), every_digit);
    }
  };
  add("optimiser.", state.optimiser.tensors);
  add("average.", state.averages);
  file.write(path);
}

/// Reads what `write_checkpoint` wrote. Throws `io_error` when the file is of another run (a note differs) or does not
/// fit the network, which is then unchanged.
template <class T, class Context, class Network>
training_state<T, Context> read_checkpoint(Context const& ctx, std::string const& path, Network& net,
                                           std::map<std::string, std::string> const& notes) {
  auto const file = io::safetensors_file::open(path);
  auto const text = [&](std::string const& key) {
    auto const found = file.metadata().find(key);
    require<io_error>(found != file.metadata().end(), "resume: ", path, " lacks '", key, "'");
    return found->second;
  };
  for (auto const& n : notes)
    require<io_error>(text(n.first) == n.second, "resume: ", path, " was made with ", n.first, " '", text(n.first),
                      "', this run has '", n.second, "'");
  auto const whole = [&](std::string const& word) {
    index_t value = 0;
    auto const r = std::from_chars(word.data(), word.data() + word.size(), value);
    require<io_error>(r.ec == std::errc() && r.ptr == word.data() + word.size() && value >= 0, "resume: ", path,
                      ": '", word, "' is no step count");
    return value;
  };
  training_state<T, Context> state;
  state.step = whole(text("step"));
  std::istringstream steps(text("optimiser_steps"));
  for (std::string word; steps >> word;) state.optimiser.steps.push_back(whole(word));
  std::map<std::string, shape> known;
  nn::visit_parameters(net, [&](std::string const& name, auto const& p) { known[name] = p.extents; });
  for (auto const& entry : file.tensors()) {
    std::size_t const dot = entry.first.find('.');
    std::string const part = entry.first.substr(0, dot), name = entry.first.substr(dot + 1);
    auto const parameter = known.find(name);
    bool const fits = part == "optimiser" || (part == "network" && parameter != known.end()) ||
                      (part == "average" && parameter != known.end() && parameter->second == entry.second.extents());
    require<io_error>(fits, "resume: ", path, " has a tensor '", entry.first, "' of ", entry.second.extents(),
                      " that this network does not have");
    if (part == "network") continue;  // read below
    auto& tensors = part == "optimiser" ? state.optimiser.tensors : state.averages;
    auto const values = file.template read<T>(entry.first, io::read_values::finite_only);
    tensors.push_back({name, from_host<T>(ctx, entry.second.extents(), values)});
  }
  model::load_parameters(ctx, net, file, "network.");
  return state;
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
