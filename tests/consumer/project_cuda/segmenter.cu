// SPDX-License-Identifier: MIT
#include "segmenter.hpp"

#include <fsis/cuda.cuh>
#include <fsis/model.hpp>

struct segmenter::parts {
  explicit parts(std::string const& weights)
      : net(fsis::load_network<fsis::compact>(ctx, weights)), session(ctx, net) {}

  fsis::cuda_context ctx;
  fsis::loaded_network<fsis::compact, fsis::cuda_context> net;
  fsis::session_for<fsis::compact, fsis::cuda_context> session;
};

segmenter::segmenter(std::string const& weights) : parts_(std::make_unique<parts>(weights)) {}
segmenter::~segmenter() = default;

void segmenter::set_support(std::vector<fsis::shot> const& shots) { parts_->session.set_support(shots); }
void segmenter::set_query(fsis::image const& photo) { parts_->session.set_query(photo); }
fsis::mask segmenter::click(fsis::click const& c) { return parts_->session.click(c); }
