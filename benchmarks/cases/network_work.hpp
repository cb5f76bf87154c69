// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>
#include <fsis/model/network.hpp>

#include <vector>

namespace fsis_bench {

/// Work of passes through a network on square pictures, from the sizes of its filters: each meets every position of its
/// own resolution once.
template <class Architecture>
class network_work {
 public:
  /// Throws `shape_error` unless `side` is what a network takes.
  network_work(fsis::index_t batch, fsis::index_t side) {
    using net_type = fsis::network<Architecture>;
    fsis::require<fsis::shape_error>(side % net_type::input_multiple == 0, "network: side ", side,
                                     ", wanted a multiple of ", net_type::input_multiple);
    double const pixels = static_cast<double>(batch * side * side);
    net_type const net;
    fsis::nn::visit_parameters(net, [&](std::string const& name, auto const& p) {
      double const size = static_cast<double>(p.extents.size());
      numbers_ += size;
      if (p.extents.rank() < 2) return;
      double const flops = 2 * size * pixels / positions(name);
      (name.compare(0, 6, "prior.") == 0 ? prior_ : answer_) += flops;
    });
    inputs_ = 5 * pixels + pixels;  // colours, two maps, one logit
  }

  /// The pass that answers a click: everything but the prior trunk, whose results are kept.
  fsis::bench::work answer() const { return {answer_, 4 * (numbers_ + inputs_)}; }
  /// The prior trunk on a picture.
  fsis::bench::work prior() const { return {prior_, 4 * (numbers_ + inputs_)}; }

 private:
  /// Pixels of the picture for one position of a filter: click fusion runs on the picture, trunks halve it on the way,
  /// all else runs at an eighth of both sides.
  static double positions(std::string const& name) {
    if (name.compare(0, 13, "click_fusion.") == 0) return 1;
    std::size_t const at = name.find("features.");
    if (at == std::string::npos) return 64;
    int const layer = std::stoi(name.substr(at + 9));
    double pixels = Architecture::trunk == fsis::trunk_kind::squeezenet ? 4 : 1;
    for (int const first : halved_before()) pixels *= layer < first ? 1 : 4;
    return pixels;
  }

  /// The layers, as torchvision numbers them, in front of which the trunk halves its map.
  static std::vector<int> halved_before() {
    if (Architecture::trunk == fsis::trunk_kind::squeezenet) return {3, 6, 9};
    if (Architecture::trunk_norm == fsis::nn::normalization::batch) return {7, 14, 24, 34};
    return {5, 10, 17, 24};
  }

  double answer_ = 0, prior_ = 0, numbers_ = 0, inputs_ = 0;
};

}  // namespace fsis_bench
