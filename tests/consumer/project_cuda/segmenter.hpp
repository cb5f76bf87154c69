// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/interactive/shot.hpp>

#include <memory>
#include <string>
#include <vector>

/// A session on a CUDA device for files that no nvcc compiles: segmenter.cu is the only one that sees the network.
class segmenter {
 public:
  /// Throws `fsis::device_error` where there is no device.
  explicit segmenter(std::string const& weights);
  ~segmenter();

  void set_support(std::vector<fsis::shot> const& shots);
  void set_query(fsis::image const& photo);
  fsis::mask click(fsis::click const& c);

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};
