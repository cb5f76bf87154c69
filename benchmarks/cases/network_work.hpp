// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>
#include <fsis/model/network.hpp>

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
  /// Pixels of the picture for one position of a filter: click fusion runs on the picture, trunks halve it after the
  /// layers that torchvision numbers 0 to 5 and so on (0 to 2 without batch norm), all else runs at an eighth of both
  /// sides.
  static double positions(std::string const& name) {
    if (name.compare(0, 13, "click_fusion.") == 0) return 1;
    std::size_t const at = name.find("features.");
    if (at == std::string::npos) return 64;
    constexpr bool batch_norm = Architecture::trunk_norm == fsis::nn::normalization::batch;
    constexpr int first[] = {batch_norm ? 7 : 5, batch_norm ? 14 : 10, batch_norm ? 24 : 17, batch_norm ? 34 : 24};
    int const layer = std::stoi(name.substr(at + 9));
    return layer < first[0] ? 1 : layer < first[1] ? 4 : layer < first[2] ? 16 : layer < first[3] ? 64 : 256;
  }

  double answer_ = 0, prior_ = 0, numbers_ = 0, inputs_ = 0;
};

}  // namespace fsis_bench
