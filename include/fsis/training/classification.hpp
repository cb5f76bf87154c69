// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/loss.hpp>
#include <fsis/core/image.hpp>
#include <fsis/model/architecture.hpp>
#include <fsis/model/preprocess.hpp>
#include <fsis/model/trunk.hpp>
#include <fsis/nn/activation.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/optim/schedule.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/training/batch_loader.hpp>
#include <fsis/training/checkpoint_file.hpp>
#include <fsis/training/progress.hpp>
#include <fsis/training/step.hpp>

#include <functional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A trunk with a linear classifier on its mean high-level feature: what pretraining trains.
template <class Architecture, index_t Classes, class Tensor>
struct trunk_classifier {
  using trunk_type = model::trunk_of<Architecture, Tensor>;

  trunk_type trunk;
  nn::linear<trunk_type::out_channels, Classes, Tensor> classifier;

  /// x (N,H,W,3) normalised, result (N,1,1,Classes) logits.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    return classifier(t, global_average_pool(t, trunk(t, x)));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.trunk.visit(self.trunk, prefix, f);
    self.classifier.visit(self.classifier, prefix + "classifier.", f);
  }
};

/// Small pictures of one size with a class each, in memory.
struct labelled_pictures {
  std::vector<image> pictures;
  std::vector<std::int32_t> labels;
};

struct classification_options {
  index_t steps = 3000, batch = 64;
  double rate = 0.1, momentum = 0.9, weight_decay = 1e-4;  ///< SGD, cosine schedule after a warm-up
  index_t warm_up = 100;
  index_t border = 6;  ///< pixels of a random shift, either way
  std::uint64_t seed = 1;
  normalization_constants pixels;
  int loader_threads = 1;  ///< that prepare pictures beside the training; results do not depend on them
};

namespace detail {

inline void check_labelled(char const* op, labelled_pictures const& data) {
  require<value_error>(data.pictures.size() == data.labels.size(), op, ": ", data.pictures.size(), " pictures and ",
                       data.labels.size(), " labels, wanted one label for each picture");
}

}  // namespace detail

/// One batch on the host.
template <class T>
struct classification_batch {
  shape extents;  // (N,H,W,3)
  std::vector<T> pixels;
  std::vector<std::int32_t> labels;  // (N)
};

/// Batch `step`: pictures shifted and mirrored at random, drawn without replacement within an epoch.
template <class T>
classification_batch<T> draw_batch(labelled_pictures const& data, index_t step, classification_options const& o) {
  index_t const count = static_cast<index_t>(data.pictures.size());
  detail::check_labelled("pretrain", data);
  require<value_error>(o.batch >= 1 && count >= o.batch, "pretrain: ", count, " pictures and a batch of ", o.batch,
                       ", wanted at least one batch of at least one picture");
  require<value_error>(o.border >= 0, "pretrain: border ", o.border, ", wanted at least 0");
  index_t const per_epoch = count / o.batch, epoch = step / per_epoch, within = step % per_epoch;
  std::vector<index_t> order(static_cast<std::size_t>(count));
  for (index_t i = 0; i < count; ++i) order[static_cast<std::size_t>(i)] = i;
  random_stream shuffle(o.seed, static_cast<std::uint64_t>(epoch));
  shuffle.shuffle(order);

  index_t const H = data.pictures[0].height(), W = data.pictures[0].width();
  classification_batch<T> out{{o.batch, H, W, 3}, std::vector<T>(static_cast<std::size_t>(o.batch * H * W * 3)), {}};
  for (index_t i = 0; i < o.batch; ++i) {
    auto const at = static_cast<std::size_t>(order[static_cast<std::size_t>(within * o.batch + i)]);
    image const& source = data.pictures[at];
    require<shape_error>(source.height() == H && source.width() == W, "pretrain: picture ", at, " is ",
                         source.height(), "x", source.width(), ", the first ", H, "x", W);
    random_stream draw(o.seed ^ 0x5bd1e995u, static_cast<std::uint64_t>(step * o.batch + i));
    bool const mirror = draw.chance(0.5);
    index_t const dy = draw.below(2 * o.border + 1) - o.border, dx = draw.below(2 * o.border + 1) - o.border;
    image moved = image::blank(H, W);
    for (index_t y = 0; y < H; ++y)
      for (index_t x = 0; x < W; ++x) {
        index_t const sy = hd_clamp(y + dy, index_t{0}, H - 1);
        index_t const sx = hd_clamp((mirror ? W - 1 - x : x) + dx, index_t{0}, W - 1);
        for (index_t c = 0; c < 3; ++c) moved(y, x, c) = source(sy, sx, c);
      }
    model::write_normalized(out.pixels.data() + i * H * W * 3, moved, o.pixels);
    out.labels.push_back(data.labels[at]);
  }
  return out;
}

/// Share of pictures whose largest logit is their label.
template <class Tensor, class Classifier>
double accuracy(typename Tensor::context const& ctx, Classifier const& net, labelled_pictures const& data,
                normalization_constants const& n) {
  detail::check_labelled("accuracy", data);
  no_tape<Tensor> t(ctx);
  index_t right = 0;
  for (std::size_t i = 0; i < data.pictures.size(); ++i) {
    auto const x = model::image_tensor<typename Tensor::scalar>(ctx, data.pictures[i], n);
    auto const logits = to_host(ctx, net(t, variable<Tensor>(x)).value);
    auto const best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    right += best == data.labels[i] ? 1 : 0;
  }
  return data.pictures.empty() ? 0.0 : static_cast<double>(right) / static_cast<double>(data.pictures.size());
}

/// Trains a classifier from `state` on; `report(step, loss, rate)` after every step may save the state. Throws
/// `value_error` when a loss or gradient is not finite.
template <class Classifier, class Tensor>
void train_classifier(typename Tensor::context const& ctx, Classifier& net, labelled_pictures const& data,
                      classification_options const& o,
                      training_state<typename Tensor::scalar, typename Tensor::context>& state,
                      std::function<void(index_t, double, double)> const& report) {
  using T = typename Tensor::scalar;
  optim::sgd_options so;
  so.momentum = o.momentum;
  so.weight_decay = o.weight_decay;
  optim::sgd<T, typename Tensor::context> optimiser(so);
  if (state.step > 0) optimiser.restore(ctx, state.optimiser);
  optim::warm_up<optim::cosine_schedule> const rate(o.warm_up, optim::cosine_schedule(o.rate, o.steps));
  batch_loader<classification_batch<T>> loader(state.step, o.steps, o.loader_threads,
                                               [&](index_t step) { return draw_batch<T>(data, step, o); });
  while (state.step < o.steps) {
    auto const batch = loader.next();
    Tensor const images = from_host<T>(ctx, batch.extents, batch.pixels);
    auto const labels = from_host<std::int32_t>(ctx, {batch.extents[0]}, batch.labels);
    auto const loss_on = [&](auto& t) { return cross_entropy(t, net(t, variable<Tensor>(images)), labels, -1); };
    tape<Tensor> t(ctx);
    auto const loss = loss_on(t);
    double const value = static_cast<double>(item(ctx, loss.value));
    t.backward(loss);
    if (!is_finite(t, net, value)) fail_not_finite<Tensor>(ctx, net, state.step, loss_on);
    double const r = rate(state.step);
    optimiser.step(ctx, slots_of(t, net), r);
    nn::update_running_averages(t, net);
    ++state.step;
    state.optimiser = optimiser.state();
    report(state.step, value, r);
  }
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
