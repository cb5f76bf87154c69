// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/convolution.hpp>

#include <dnnl.hpp>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace fsis_bench {

/// A convolution with bias and ReLU of oneDNN 2, in the layout that it prefers, its filter transformed beforehand.
/// Threads are those of OMP_NUM_THREADS.
class onednn_convolution {
 public:
  /// With Winograd's algorithm where this machine and shape allow it, else direct; `filter` is (K,R,S,C).
  onednn_convolution(fsis::kernels::conv_geometry const& g, std::vector<float> const& x,
                     std::vector<float> const& filter, std::vector<float> const& bias)
      : stream_(engine_), x_(x), filter_(filter), bias_(bias) {
    using namespace dnnl;
    for (auto const algorithm : {algorithm::convolution_winograd, algorithm::convolution_direct}) {
      try {
        prepare(g, algorithm);
        return;
      } catch (dnnl::error const&) {
        if (algorithm == algorithm::convolution_direct) throw;
      }
    }
  }

  void run() {
    convolution_.execute(stream_, arguments_);
    stream_.wait();
  }

  /// What oneDNN calls the kernel that it chose.
  std::string const& kernel() const { return kernel_; }

 private:
  void prepare(fsis::kernels::conv_geometry const& g, dnnl::algorithm algorithm) {
    using namespace dnnl;
    using tag = memory::format_tag;
    constexpr auto f32 = memory::data_type::f32;
    memory::dims const xd{g.N, g.C, g.H, g.W}, fd{g.K, g.C, g.R, g.S}, yd{g.N, g.K, g.P, g.Q}, bd{g.K};
    memory::desc const any_x(xd, f32, tag::any), any_f(fd, f32, tag::any), any_y(yd, f32, tag::any),
        b(bd, f32, tag::x);
    memory::dims const padding{g.padding[0], g.padding[1]};
    convolution_forward::desc const description(prop_kind::forward_inference, algorithm, any_x, any_f, b, any_y,
                                                {g.stride[0], g.stride[1]}, {g.dilation[0] - 1, g.dilation[1] - 1},
                                                padding, padding);
    post_ops relu;
    relu.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
    primitive_attr attributes;
    attributes.set_post_ops(relu);
    convolution_forward::primitive_desc const chosen(description, attributes, engine_);
    kernel_ = chosen.impl_info_str();
    convolution_ = convolution_forward(chosen);
    memory plain_x({xd, f32, tag::nhwc}, engine_, x_.data()), plain_f({fd, f32, tag::ohwi}, engine_, filter_.data());
    memory own_x(chosen.src_desc(), engine_), own_f(chosen.weights_desc(), engine_);
    reorder(plain_x, own_x).execute(stream_, plain_x, own_x);
    reorder(plain_f, own_f).execute(stream_, plain_f, own_f);
    stream_.wait();
    arguments_ = {{DNNL_ARG_SRC, own_x},
                  {DNNL_ARG_WEIGHTS, own_f},
                  {DNNL_ARG_BIAS, memory(b, engine_, bias_.data())},
                  {DNNL_ARG_DST, memory(chosen.dst_desc(), engine_)}};
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_;
  std::vector<float> x_, filter_, bias_;
  dnnl::convolution_forward convolution_;
  std::unordered_map<int, dnnl::memory> arguments_;
  std::string kernel_;
};

}  // namespace fsis_bench
