// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/variable.hpp>
#include <fsis/core/pack.hpp>
#include <fsis/nn/patches.hpp>

#include <string>
#include <type_traits>

namespace fsis {
inline namespace v0 {
namespace nn {
namespace detail {

/// Two layers in a row. The compiler's message names this type, and with it both layers and both numbers, which the
/// name of a layer does not show when it is a named struct.
template <class Layer, class NextLayer, index_t Out, index_t In>
struct connected {
  static_assert(Out == In,
                "the output channels of a layer differ from the input channels of the layer behind it: make the "
                "second number of the first layer equal to the first number of the second");
  static constexpr bool value = Out == In;
};

/// Stands before the first layer that has a channel count of its own.
struct open_end {
  static constexpr index_t out_channels = any_channels;
};

// Walks the list with the last layer that fixed a channel count; layers that take any count are passed over.
template <class Last, class... Layers>
struct chain {
  using last = Last;
  static constexpr bool fits = true;
  static constexpr index_t in_channels = any_channels;
  static constexpr nn::window window{};
};

template <class Last, class Layer, class... Rest>
struct chain<Last, Layer, Rest...> {
  static constexpr bool is_open = Layer::in_channels == any_channels;
  using behind = chain<std::conditional_t<is_open, Last, Layer>, Rest...>;
  using last = typename behind::last;

  template <class A, class B>
  static constexpr bool check() {
    if constexpr (is_open || A::out_channels == any_channels)
      return true;
    else
      return connected<A, B, A::out_channels, B::in_channels>::value;
  }
  static constexpr bool fits = check<Last, Layer>() && behind::fits;
  static constexpr index_t in_channels = is_open ? behind::in_channels : Layer::in_channels;
  static constexpr nn::window window = Layer::window.then(behind::window);
};

}  // namespace detail

/// Layers applied one after the other. Channel counts are checked when the type is made. Give a repeated or long
/// part a name, `struct stem : nn::sequential<...> {};`: messages and symbols stay short.
template <class... Layers>
struct sequential {
 private:
  using checked = detail::chain<detail::open_end, Layers...>;

 public:
  static_assert(checked::fits, "the layers of a sequential do not fit together; the message above names the two");
  static constexpr index_t in_channels = checked::in_channels, out_channels = checked::last::out_channels;
  static constexpr nn::window window = checked::window;

  pack<Layers...> layers;

  template <class Tape, class Tensor>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return apply(t, x, std::index_sequence_for<Layers...>{});
  }

  /// See nn::on_patches.
  template <class Tape, class Tensor>
  variable<Tensor> on_patches(Tape& t, variable<Tensor> const& x, ops::patches<typename Tensor::context>& at) const {
    return apply_on_patches(t, x, at, std::index_sequence_for<Layers...>{});
  }

  template <std::size_t I>
  auto& layer() {
    return get<I>(layers);
  }
  template <std::size_t I>
  auto const& layer() const {
    return get<I>(layers);
  }

  /// Names are positions: "0.weight", "2.weight", as in torchvision.
  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    visit_each(self, prefix, f, std::index_sequence_for<Layers...>{});
  }

 private:
  template <class Tape, class Tensor, std::size_t... I>
  variable<Tensor> apply(Tape& t, variable<Tensor> x, std::index_sequence<I...>) const {
    ((x = get<I>(layers)(t, x)), ...);
    return x;
  }

  template <class Tape, class Tensor, std::size_t... I>
  variable<Tensor> apply_on_patches(Tape& t, variable<Tensor> x, ops::patches<typename Tensor::context>& at,
                                    std::index_sequence<I...>) const {
    ((x = nn::on_patches(t, get<I>(layers), x, at)), ...);
    return x;
  }

  template <class Self, class F, std::size_t... I>
  static void visit_each(Self& self, std::string const& prefix, F& f, std::index_sequence<I...>) {
    (Layers::visit(get<I>(self.layers), prefix + std::to_string(I) + ".", f), ...);
  }
};

}  // namespace nn
}  // namespace v0
}  // namespace fsis
