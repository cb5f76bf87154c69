// SPDX-License-Identifier: MIT
// oneDNN 2: convolutions in the layout that it prefers, filters transformed beforehand, bias and ReLU fused.
#include "peers/peers.hpp"

#include <dlfcn.h>
#include <dnnl.hpp>

#include <memory>
#include <unordered_map>

namespace fsis_bench {
namespace {

using fsis::bench::environment;
using fsis::bench::runnable;
using tag = dnnl::memory::format_tag;

constexpr auto f32 = dnnl::memory::data_type::f32;

/// An engine with its stream, on the threads of a setting.
struct device {
  /// Throws `unsupported` where oneDNN's threads are not OpenMP's.
  explicit device(environment const& env) : threads(static_cast<int>(env.at["threads"])) {
    fsis::require<fsis::bench::unsupported>(set_threads != nullptr, "onednn: its threads are not OpenMP's, wanted ",
                                            threads, " of them");
    use_threads();
  }

  void use_threads() const { set_threads(threads); }

  // of the runtime that oneDNN has loaded: to be compiled and linked with OpenMP would change Eigen's products
  void (*set_threads)(int) = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  int threads;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

dnnl::memory::desc any(dnnl::memory::dims const& extents) { return {extents, f32, tag::any}; }

/// Copies numbers into another layout. That of Winograd's filters is made from plain ones with channels first alone.
void copy(device& on, dnnl::memory from, dnnl::memory to) {
  auto const reorder = [&](dnnl::memory& a, dnnl::memory& b) {
    dnnl::reorder(a, b).execute(on.stream, a, b);
    on.stream.wait();
  };
  try {
    reorder(from, to);
  } catch (dnnl::error const&) {
    dnnl::memory plain({from.get_desc().dims(), f32, tag::abcd}, on.engine);
    reorder(from, plain);
    reorder(plain, to);
  }
}

/// Sizes as oneDNN names them, channels before pixels.
struct sizes {
  explicit sizes(convolution_problem const& p)
      : x{p.g.N, p.g.C, p.g.H, p.g.W},
        f{p.g.K, p.g.C, p.g.R, p.g.S},
        y{p.g.N, p.g.K, p.g.P, p.g.Q},
        b{p.g.K},
        stride{p.g.stride[0], p.g.stride[1]},
        dilation{p.g.dilation[0] - 1, p.g.dilation[1] - 1},
        padding{p.g.padding[0], p.g.padding[1]} {}

  dnnl::memory::dims x, f, y, b, stride, dilation, padding;
};

dnnl::convolution_forward::desc forward_of(sizes const& s, dnnl::prop_kind kind, dnnl::algorithm a) {
  return {kind,     a,          any(s.x),  any(s.f),  {s.b, f32, tag::x}, any(s.y),
          s.stride, s.dilation, s.padding, s.padding};
}

/// `make(algorithm)` with Winograd's algorithm where machine and shape allow it, else direct.
template <class Make>
auto quickest(Make const& make) {
  try {
    return make(dnnl::algorithm::convolution_winograd);
  } catch (dnnl::error const&) {
    return make(dnnl::algorithm::convolution_direct);
  }
}

dnnl::primitive_attr with_relu() {
  dnnl::post_ops relu;
  relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(relu);
  return attributes;
}

/// A primitive with its memory; what is given in a plain layout is turned into its own.
struct prepared {
  explicit prepared(environment const& env) : on(env) {}

  void give(int argument, dnnl::memory::desc const& wanted, std::vector<float> const& from,
            dnnl::memory::dims const& extents, tag layout) {
    dnnl::memory own(wanted, on.engine);
    dnnl::memory plain({extents, f32, layout}, on.engine, const_cast<float*>(from.data()));
    copy(on, plain, own);
    arguments[argument] = own;
  }

  void receive(int argument, dnnl::memory::desc const& made, dnnl::memory::dims const& extents, tag layout) {
    arguments[argument] = dnnl::memory(made, on.engine);
    result_argument = argument;
    result_extents = extents;
    result_layout = layout;
  }

  std::vector<float> result() {
    dnnl::memory& own = arguments[result_argument];
    dnnl::memory::dim size = 1;
    for (auto e : result_extents) size *= e;
    std::vector<float> values(static_cast<std::size_t>(size));
    dnnl::memory plain({result_extents, f32, result_layout}, on.engine, values.data());
    copy(on, own, plain);
    return values;
  }

  void run() {
    on.use_threads();
    primitive.execute(on.stream, arguments);
    on.stream.wait();
  }

  device on;
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
  int result_argument = 0;
  dnnl::memory::dims result_extents;
  tag result_layout = tag::nhwc;
};

runnable runnable_of(std::shared_ptr<prepared> const& p) {
  runnable r;
  r.run = [p] { p->run(); };
  r.result = [p] { return p->result(); };
  return r;
}

/// oneDNN says that it cannot by an exception.
template <class Prepare>
runnable where_supported(Prepare const& prepare) {
  try {
    return prepare();
  } catch (dnnl::error const& e) {
    fsis::fail<fsis::bench::unsupported>("onednn: ", e.what());
  }
}

runnable forward(environment const& env, std::shared_ptr<convolution_problem const> const& c) {
  return where_supported([&] {
    auto const p = std::make_shared<prepared>(env);
    sizes const s(*c);
    auto const chosen = quickest([&](dnnl::algorithm a) {
      return dnnl::convolution_forward::primitive_desc(forward_of(s, dnnl::prop_kind::forward_inference, a),
                                                       with_relu(), p->on.engine);
    });
    p->primitive = dnnl::convolution_forward(chosen);
    p->give(DNNL_ARG_SRC, chosen.src_desc(), c->x, s.x, tag::nhwc);
    p->give(DNNL_ARG_WEIGHTS, chosen.weights_desc(), c->filter, s.f, tag::ohwi);
    p->give(DNNL_ARG_BIAS, chosen.bias_desc(), c->bias, s.b, tag::x);
    p->receive(DNNL_ARG_DST, chosen.dst_desc(), s.y, tag::nhwc);
    return runnable_of(p);
  });
}

runnable data_gradient(environment const& env, std::shared_ptr<convolution_problem const> const& c) {
  return where_supported([&] {
    auto const p = std::make_shared<prepared>(env);
    sizes const s(*c);
    auto const chosen = quickest([&](dnnl::algorithm a) {
      dnnl::convolution_forward::primitive_desc const hint(forward_of(s, dnnl::prop_kind::forward_training, a),
                                                           p->on.engine);
      dnnl::convolution_backward_data::desc const d(a, any(s.x), any(s.f), any(s.y), s.stride, s.dilation, s.padding,
                                                    s.padding);
      return dnnl::convolution_backward_data::primitive_desc(d, p->on.engine, hint);
    });
    p->primitive = dnnl::convolution_backward_data(chosen);
    p->give(DNNL_ARG_DIFF_DST, chosen.diff_dst_desc(), c->dy, s.y, tag::nhwc);
    p->give(DNNL_ARG_WEIGHTS, chosen.weights_desc(), c->filter, s.f, tag::ohwi);
    p->receive(DNNL_ARG_DIFF_SRC, chosen.diff_src_desc(), s.x, tag::nhwc);
    return runnable_of(p);
  });
}

runnable filter_gradient(environment const& env, std::shared_ptr<convolution_problem const> const& c) {
  return where_supported([&] {
    auto const p = std::make_shared<prepared>(env);
    sizes const s(*c);
    auto const chosen = quickest([&](dnnl::algorithm a) {
      dnnl::convolution_forward::primitive_desc const hint(forward_of(s, dnnl::prop_kind::forward_training, a),
                                                           p->on.engine);
      dnnl::convolution_backward_weights::desc const d(a, any(s.x), any(s.f), any(s.y), s.stride, s.dilation,
                                                       s.padding, s.padding);
      return dnnl::convolution_backward_weights::primitive_desc(d, p->on.engine, hint);
    });
    p->primitive = dnnl::convolution_backward_weights(chosen);
    p->give(DNNL_ARG_SRC, chosen.src_desc(), c->x, s.x, tag::nhwc);
    p->give(DNNL_ARG_DIFF_DST, chosen.diff_dst_desc(), c->dy, s.y, tag::nhwc);
    p->receive(DNNL_ARG_DIFF_WEIGHTS, chosen.diff_weights_desc(), s.f, tag::ohwi);
    return runnable_of(p);
  });
}

/// Convolutions and pools one after the other; what one gives the next takes in the same layout where it can.
class trunk {
 public:
  trunk(environment const& env, trunk_problem const& t) : on_(env) {
    dnnl::memory::dim side = t.side;
    dnnl::memory now({{t.batch, 3, side, side}, f32, tag::nhwc}, on_.engine);
    std::copy(t.x.begin(), t.x.end(), static_cast<float*>(now.get_data_handle()));
    for (auto const& l : t.layers) {
      now = convolution(t, l, side, now);
      if (l.is_pooled) side /= 2, now = pool(t, l, side, now);
    }
    dnnl::memory const result({{t.batch, t.layers.back().K, side, side}, f32, tag::nhwc}, on_.engine);
    add(dnnl::reorder(now, result), {{DNNL_ARG_FROM, now}, {DNNL_ARG_TO, result}});
    result_ = result;
  }

  void run() {
    on_.use_threads();
    for (auto& s : steps_) s.first.execute(on_.stream, s.second);
    on_.stream.wait();
  }

  std::vector<float> result() const {
    auto const* const first = static_cast<float const*>(result_.get_data_handle());
    return std::vector<float>(first, first + result_.get_desc().get_size() / sizeof(float));
  }

 private:
  using arguments = std::unordered_map<int, dnnl::memory>;

  void add(dnnl::primitive const& p, arguments const& a) { steps_.emplace_back(p, a); }

  /// The same numbers in another layout, now or in each run.
  dnnl::memory in_layout(dnnl::memory& m, dnnl::memory::desc const& wanted, bool each_run) {
    if (m.get_desc() == wanted) return m;
    dnnl::memory own(wanted, on_.engine);
    if (each_run) {
      add(dnnl::reorder(m, own), {{DNNL_ARG_FROM, m}, {DNNL_ARG_TO, own}});
    } else {
      copy(on_, m, own);
    }
    return own;
  }

  dnnl::memory convolution(trunk_problem const& t, trunk_problem::layer const& l, dnnl::memory::dim side,
                           dnnl::memory& x) {
    dnnl::memory::dims const one{1, 1}, none{0, 0}, f{l.K, l.C, 3, 3};
    auto const chosen = quickest([&](dnnl::algorithm a) {
      dnnl::convolution_forward::desc const d(
          dnnl::prop_kind::forward_inference, a, any({t.batch, l.C, side, side}), any(f),
          dnnl::memory::desc({l.K}, f32, tag::x), any({t.batch, l.K, side, side}), one, none, one, one);
      return dnnl::convolution_forward::primitive_desc(d, with_relu(), on_.engine);
    });
    dnnl::memory filter({f, f32, tag::ohwi}, on_.engine, const_cast<float*>(l.filter.data()));
    dnnl::memory const y(chosen.dst_desc(), on_.engine);
    dnnl::memory bias(chosen.bias_desc(), on_.engine);
    std::copy(l.bias.begin(), l.bias.end(), static_cast<float*>(bias.get_data_handle()));
    add(dnnl::convolution_forward(chosen), {{DNNL_ARG_SRC, in_layout(x, chosen.src_desc(), true)},
                                            {DNNL_ARG_WEIGHTS, in_layout(filter, chosen.weights_desc(), false)},
                                            {DNNL_ARG_BIAS, bias},
                                            {DNNL_ARG_DST, y}});
    return y;
  }

  dnnl::memory pool(trunk_problem const& t, trunk_problem::layer const& l, dnnl::memory::dim side, dnnl::memory& x) {
    dnnl::memory::dims const two{2, 2}, none{0, 0};
    dnnl::pooling_forward::desc const d(dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, x.get_desc(),
                                        any({t.batch, l.K, side, side}), two, two, none, none);
    dnnl::pooling_forward::primitive_desc const chosen(d, on_.engine);
    dnnl::memory const y(chosen.dst_desc(), on_.engine);
    add(dnnl::pooling_forward(chosen), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    return y;
  }

  device on_;
  std::vector<std::pair<dnnl::primitive, arguments>> steps_;
  dnnl::memory result_;
};

runnable whole_trunk(environment const& env, std::shared_ptr<trunk_problem const> const& t) {
  return where_supported([&] {
    auto const net = std::make_shared<trunk>(env, *t);
    runnable r;
    r.run = [net, t] { net->run(); };
    r.result = [net] { return net->result(); };
    return r;
  });
}

}  // namespace

void add_onednn(peers& to) {
  to.convolution.push_back({"onednn", forward});
  to.data_gradient.push_back({"onednn", data_gradient});
  to.filter_gradient.push_back({"onednn", filter_gradient});
  to.trunk.push_back({"onednn", whole_trunk});
}

}  // namespace fsis_bench
