// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv.hpp>
#include <fsis/backend/cuda/cudnn.hpp>
#include <fsis/backend/cuda/for_each.cuh>
#include <fsis/kernels/elementwise.hpp>
#include <fsis/kernels/half.hpp>
#include <fsis/kernels/pooling.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

inline conv_element element_of(cuda_context const& ctx) {
  return ctx.options().precision == cuda_precision::bf16   ? conv_element::bf16
         : ctx.options().precision == cuda_precision::fp16 ? conv_element::fp16
                                                           : conv_element::float32;
}

/// Floats as cuDNN is to read or write them: themselves, or sixteen bits of them in memory of their own. Plans are made
/// for operands at multiples of 16 bytes: what is read from elsewhere, from a slice of a tensor, is copied first.
class conv_operand {
 public:
  conv_operand(cuda_context const& ctx, conv_element element, index_t size)
      : ctx_(ctx), element_(element), size_(size) {
    if (is_half()) memory_ = ctx.allocate(static_cast<std::size_t>(size) * sizeof(std::uint16_t));
  }

  void const* read(float const* from) {
    if (from == nullptr) return nullptr;
    if (!is_half()) return is_aligned(from) ? from : copied(from);
    if (element_ == conv_element::bf16)
      for_each(ctx_, size_, kernels::to_bf16{half(), from});
    else
      for_each(ctx_, size_, kernels::to_fp16{half(), from});
    return half();
  }

  void* place(float* to) const { return is_half() ? static_cast<void*>(half()) : to; }

  void write(float* to) const {
    if (!is_half()) return;
    if (element_ == conv_element::bf16)
      for_each(ctx_, size_, kernels::from_bf16{to, half()});
    else
      for_each(ctx_, size_, kernels::from_fp16{to, half()});
  }

 private:
  bool is_half() const { return element_ == conv_element::bf16 || element_ == conv_element::fp16; }
  std::uint16_t* half() const { return static_cast<std::uint16_t*>(memory_.get()); }
  static bool is_aligned(float const* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; }

  float const* copied(float const* from) {
    memory_ = ctx_.allocate(static_cast<std::size_t>(size_) * sizeof(float));
    auto* const to = static_cast<float*>(memory_.get());
    for_each(ctx_, size_, kernels::convert<float, float>{to, from});
    return to;
  }

  cuda_context const& ctx_;
  conv_element element_;
  index_t size_;
  std::shared_ptr<void> memory_;
};

struct conv_sizes {
  index_t x, filter, y;
};
inline conv_sizes sizes_of(kernels::conv_geometry const& g) {
  return {g.N * g.H * g.W * g.C, g.K * g.depth(), g.N * g.P * g.Q * g.K};
}

/// Does cuDNN run this convolution of floats, or a kernel of our own by the definition, as for doubles?
inline bool is_for_cudnn(cuda_context const& ctx, kernels::conv_geometry const& g) {
  conv_sizes const s = sizes_of(g);
  return ctx.convolutions() == convolution_algorithm::any && s.x > 0 && s.filter > 0 && s.y > 0;
}

}  // namespace detail

/// See the overload for `cpu_context`.
template <class T>
void conv_forward(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x,
                  std::shared_ptr<T> const& filter, T const* bias, activation act, T* y) {
  if constexpr (std::is_same<T, float>::value) {
    if (detail::is_for_cudnn(ctx, g)) {
      auto const element = detail::element_of(ctx);
      auto const size = detail::sizes_of(g);
      detail::conv_operand in(ctx, element, size.x), f(ctx, element, size.filter), b(ctx, element, g.K),
          out(ctx, element, size.y);
      bool const has_bias = bias != nullptr;
      ctx.part<detail::cudnn_convolutions>().run(
          {detail::conv_pass::forward, g, element, has_bias, has_bias ? act : activation::none}, in.read(x),
          f.read(filter.get()), b.read(bias), out.place(y));
      out.write(y);
      if (!has_bias && act == activation::relu)
        for_each(ctx, g.N * g.P * g.Q, g.K, kernels::conv_finish<T>{y, nullptr, g.K, true});
      return;
    }
  }
  for_each(ctx, g.N * g.P * g.Q, g.K, kernels::conv_direct<T>{y, x, filter.get(), g});
  if (bias != nullptr || act == activation::relu)
    for_each(ctx, g.N * g.P * g.Q, g.K, kernels::conv_finish<T>{y, bias, g.K, act == activation::relu});
}

template <class T>
void conv_max_pool_forward(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x,
                           std::shared_ptr<T> const& filter, T const* bias, activation act, T* y) {
  kernels::pool_geometry const pool = kernels::pairs_of(g.N, g.P, g.Q, g.K);
  auto const results = ctx.allocate(static_cast<std::size_t>(detail::sizes_of(g).y) * sizeof(T));
  T* const full = static_cast<T*>(results.get());
  conv_forward(ctx, g, x, filter, bias, act, full);
  for_each(ctx, pool.N * pool.P * pool.Q, pool.C, kernels::max_pool<T>{y, full, pool});
}

template <class T>
void conv_backward_data(cuda_context const& ctx, kernels::conv_geometry const& g, T const* dy,
                        std::shared_ptr<T> const& filter, T* dx) {
  if constexpr (std::is_same<T, float>::value) {
    if (detail::is_for_cudnn(ctx, g)) {
      auto const element = detail::element_of(ctx);
      auto const size = detail::sizes_of(g);
      detail::conv_operand in(ctx, element, size.y), f(ctx, element, size.filter), out(ctx, element, size.x);
      ctx.part<detail::cudnn_convolutions>().run({detail::conv_pass::backward_data, g, element}, out.place(dx),
                                                 f.read(filter.get()), nullptr, in.read(dy));
      return out.write(dx);
    }
  }
  for_each(ctx, g.N * g.H * g.W, g.C, kernels::conv_direct_data<T>{dx, dy, filter.get(), g});
}

template <class T>
void conv_backward_filter(cuda_context const& ctx, kernels::conv_geometry const& g, T const* x, T const* dy, T* df) {
  if constexpr (std::is_same<T, float>::value) {
    if (detail::is_for_cudnn(ctx, g)) {
      auto const element = detail::element_of(ctx);
      auto const size = detail::sizes_of(g);
      detail::conv_operand in(ctx, element, size.x), gradient(ctx, element, size.y), out(ctx, element, size.filter);
      ctx.part<detail::cudnn_convolutions>().run({detail::conv_pass::backward_filter, g, element}, in.read(x),
                                                 out.place(df), nullptr, gradient.read(dy));
      return out.write(df);
    }
  }
  for_each(ctx, g.K * g.R * g.S, g.C / g.groups, kernels::conv_direct_filter<T>{df, x, dy, g});
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
