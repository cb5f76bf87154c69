// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/channels.hpp>
#include <fsis/nn/parameter.hpp>
#include <fsis/nn/window.hpp>

namespace fsis {
inline namespace v0 {
namespace nn {

/// Batch normalisation per channel (Ioffe and Szegedy 2015). In the training phase it normalises by the moments of
/// its input, which it reports to the tape; `update_running_averages` moves the averages. In the inference phase,
/// and after `freeze_statistics`, it uses the averages.
template <index_t Channels, class Tensor = tensor<float>>
struct batch_norm {
  static constexpr index_t in_channels = Channels, out_channels = Channels;
  static constexpr nn::window window{};
  static constexpr double epsilon = 1e-5;

  parameter<Tensor> weight{{Channels}, initial::one};
  parameter<Tensor> bias{{Channels}, initial::zero};
  parameter<Tensor> running_mean{{Channels}, initial::zero, role::running_average};
  parameter<Tensor> running_variance{{Channels}, initial::one, role::running_average};

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    if constexpr (Tape::is_recording) {
      if (t.current_phase() == phase::training && running_mean.trainable) {
        auto const m = ops::moments(t.context(), x.value);
        t.measure({&running_mean, &running_variance, m.mean, m.variance, x.value.size() / Channels});
        return fsis::batch_norm(t, x, m, weight.on(t), bias.on(t), epsilon, false);
      }
    }
    return fsis::batch_norm(t, x, learned_moments(), weight.on(t), bias.on(t), epsilon, true);
  }

  /// The layer as one scale and one bias per channel, from its running averages.
  template <class Context>
  auto folded(Context const& ctx) const {
    return ops::fold_batch_norm(ctx, learned_moments(), weight.value, bias.value, epsilon);
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    f(prefix + "weight", self.weight);
    f(prefix + "bias", self.bias);
    f(prefix + "running_mean", self.running_mean);
    f(prefix + "running_var", self.running_variance);  // torchvision's name
  }

 private:
  ops::channel_moments<typename Tensor::scalar, typename Tensor::context> learned_moments() const {
    require<value_error>(running_mean.value.defined() && running_variance.value.defined(),
                         "batch_norm of ", Channels, " channels: no running averages yet; initialise or load");
    return {running_mean.value, running_variance.value};
  }
};

/// Makes the normalisation layers of a layer or network use their running averages in training too: with a few
/// pictures per step the averages of a pretrained trunk are better than the moments of the batch.
template <class Layer>
void freeze_statistics(Layer& layer) {
  visit_parameters(layer, [](std::string const&, auto& p) {
    if (p.purpose == role::running_average) p.trainable = false;
  });
}

/// Moves the running averages of all normalisation layers towards what a tape measured:
/// average = (1 - momentum) * average + momentum * measured, the variance unbiased (as PyTorch).
template <class Tensor, class Layer>
void update_running_averages(tape<Tensor> const& t, Layer& layer, double momentum = 0.1) {
  using T = typename Tensor::scalar;
  std::unordered_map<void const*, parameter<Tensor>*> averages;
  visit_parameters(layer, [&](std::string const&, parameter<Tensor>& p) {
    if (p.purpose == role::running_average) averages[&p] = &p;
  });
  for (auto const& m : t.measurements()) {
    auto const mean = averages.find(m.mean_key), variance = averages.find(m.variance_key);
    if (mean == averages.end() || variance == averages.end()) continue;  // a layer outside
    double const n = static_cast<double>(m.count);
    auto const move = [&](Tensor& running, Tensor const& batch, double correction) {
      backend::for_each(t.context(), running.size(),
                        kernels::running_average<T>{running.data(), batch.data(), static_cast<T>(momentum),
                                                    static_cast<T>(correction)});
    };
    move(mean->second->value, m.mean, 1.0);
    move(variance->second->value, m.variance, m.count > 1 ? n / (n - 1) : 1.0);
  }
}

}  // namespace nn
}  // namespace v0
}  // namespace fsis
