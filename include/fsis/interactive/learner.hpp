// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/interactive/session_options.hpp>
#include <fsis/model/slots.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/optim/adam.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {

/// What a network has learned in a session.
struct learning_report {
  index_t updates = 0;  ///< since the beginning, or since it was made to forget
  /// How far the weights of junction and head are from the network's own: norm of the difference over the norm of the
  /// network's own.
  double drift = 0;
};

namespace interactive {

/// What a network is to learn: from the joined features (N,h,w,C) of a frame to the labels of its pixels, 1, 0 and -1
/// for none.
template <class Tensor>
struct lesson {
  Tensor joined;
  Tensor labels;   ///< (N,H,W,1): the mask that the user has seen
  Tensor clicked;  ///< (N,H,W,1): around the clicks alone; undefined: none
};

/// A network that learns while it is used, without touching the one that others use: junction and head are a copy from
/// the first lesson on, all other parameters are shared with it. What the branches compute stays valid.
///
/// After the image adaptation (each click) and the sequence adaptation (each object) of Kontogianni et al. 2020
/// (Continuous Adaptation for Interactive Object Segmentation by Learning from Corrections). Different here: junction and
/// head alone learn, and instead of holding the parameters that matter most, all that was learned fades.
template <class Network>
class learner {
 public:
  using context = typename Network::context;
  using tensor_type = typename Network::tensor_type;
  using T = typename tensor_type::scalar;

  /// Context and network must outlive the learner.
  learner(context const& ctx, Network const& net) : ctx_(&ctx), base_(&net) {}
  learner(learner const& other)
      : ctx_(other.ctx_),
        base_(other.base_),
        own_(other.own_ ? copy_of(*other.own_) : nullptr),
        updates_(other.updates_),
        version_(other.version_) {}
  learner& operator=(learner const& other) {
    learner copy(other);
    *this = std::move(copy);
    return *this;
  }
  learner(learner&&) noexcept = default;
  learner& operator=(learner&&) noexcept = default;

  /// The network as it is now.
  Network const& network() const { return own_ ? *own_ : *base_; }
  index_t updates() const { return updates_; }
  /// Another number after every change of the weights.
  index_t version() const { return version_; }

  /// `learn_steps` steps of Adam towards a lesson, after `learn_forget` of what was learned before has faded. Throws
  /// `value_error` when the weights come out not finite.
  void learn(lesson<tensor_type> const& what, session_options const& o) {
    if (!own_) own_ = copy_of(*base_);
    fade(o.learn_forget);
    index_t const H = what.labels.extent(1), W = what.labels.extent(2);
    optim::adam<T, context> method;
    for (index_t i = 0; i < o.learn_steps; ++i) {
      tape<tensor_type> t(*ctx_);
      auto const logits = own_->logits(t, own_->joint(t, variable<tensor_type>(what.joined)), H, W);
      auto loss = bce_with_logits(t, logits, what.labels);
      if (what.clicked.defined()) loss = add(t, loss, bce_with_logits(t, logits, what.clicked));
      t.backward(loss);
      method.step(*ctx_, model::slots_of(t, *own_), o.learn_rate);
    }
    ++updates_;
    ++version_;
    require<value_error>(std::isfinite(drift()), "session: what was learned is not finite after ", updates_,
                         " updates; lower session_options::learn_rate, now ", o.learn_rate);
  }

  /// Back to the network as it was given.
  void forget() noexcept {
    own_.reset();
    updates_ = 0;
    ++version_;
  }

  double drift() const {
    if (!own_) return 0;
    double apart = 0, norm = 0;
    each_learned([&](auto const& base, auto const& own) {
      auto const difference = ops::subtract(*ctx_, own, base);
      apart += static_cast<double>(ops::dot(*ctx_, difference, difference));
      norm += static_cast<double>(ops::dot(*ctx_, base, base));
    });
    return norm > 0 ? std::sqrt(apart / norm) : 0;
  }

 private:
  static bool is_learned(std::string const& name) {
    return name.compare(0, 9, "junction.") == 0 || name.compare(0, 5, "head.") == 0;
  }

  std::unique_ptr<Network> copy_of(Network const& from) const {
    auto out = std::make_unique<Network>();
    std::vector<nn::parameter<tensor_type> const*> sources;
    nn::visit_parameters(from, [&](std::string const&, auto const& p) { sources.push_back(&p); });
    std::size_t at = 0;
    nn::visit_parameters(*out, [&](std::string const& name, auto& p) {
      tensor_type const& value = sources[at++]->value;
      p.trainable = is_learned(name);
      p.value = p.trainable ? ops::clone(*ctx_, value) : value;
    });
    nn::freeze_statistics(*out);
    return out;
  }

  /// Calls `f(base, own)` with the values of every learned parameter.
  template <class F>
  void each_learned(F const& f) const {
    std::vector<tensor_type> base;
    nn::visit_parameters(*base_, [&](std::string const& name, auto const& p) {
      if (is_learned(name)) base.push_back(p.value);
    });
    std::size_t at = 0;
    nn::visit_parameters(*own_, [&](std::string const& name, auto const& p) {
      if (is_learned(name)) f(base[at++], p.value);
    });
  }

  /// Goes `share` of the way back to the network's own weights.
  void fade(double share) {
    if (share == 0) return;
    each_learned([&](tensor_type const& base, tensor_type own) {
      ops::axpby(*ctx_, static_cast<T>(share), base, static_cast<T>(1 - share), own);
    });
  }

  context const* ctx_;
  Network const* base_;
  std::unique_ptr<Network> own_;
  index_t updates_ = 0, version_ = 0;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
