// SPDX-License-Identifier: MIT
// ONNX Runtime on models made in memory, all optimisations of its graph allowed: single convolutions and the trunk.
// Inputs and results are (N,C,H,W), as its operators want them.
#include "peers/onnx_model.hpp"
#include "peers/peers.hpp"

#include <onnxruntime_c_api.h>

#include <memory>

namespace fsis_bench {
namespace {

using fsis::bench::environment;
using fsis::bench::runnable;
using extents = onnx_model::extents;

/// (A,H,W,B) to (A,B,H,W), and back with extents in the same order.
std::vector<float> channels_first(std::vector<float> const& numbers, fsis::shape const& s) {
  std::vector<float> turned(numbers.size());
  index_t const A = s[0], pixels = s[1] * s[2], B = s[3];
  for (index_t a = 0; a < A; ++a)
    for (index_t i = 0; i < pixels; ++i)
      for (index_t b = 0; b < B; ++b)
        turned[static_cast<std::size_t>((a * B + b) * pixels + i)] =
            numbers[static_cast<std::size_t>((a * pixels + i) * B + b)];
  return turned;
}

std::vector<float> channels_last(std::vector<float> const& numbers, extents const& s) {
  return channels_first(numbers, {s[0], s[1], 1, s[2] * s[3]});
}

class session {
 public:
  session(environment const& env, onnx_model& model, std::vector<float> x, extents const& x_extents)
      : x_(std::move(x)), output_(model.output()) {
    std::string const bytes = model.finished(x_extents);
    check(api().CreateEnv(ORT_LOGGING_LEVEL_ERROR, "fsis-bench", out(env_)));
    owned<OrtSessionOptions> options(nullptr, api().ReleaseSessionOptions);
    check(api().CreateSessionOptions(out(options)));
    check(api().SetIntraOpNumThreads(options.get(), static_cast<int>(env.at["threads"])));
    check(api().SetSessionGraphOptimizationLevel(options.get(), ORT_ENABLE_ALL));
    check(api().CreateSessionFromArray(env_.get(), bytes.data(), bytes.size(), options.get(), out(session_)));
    owned<OrtMemoryInfo> memory(nullptr, api().ReleaseMemoryInfo);
    check(api().CreateCpuMemoryInfo(OrtArenaAllocator, OrtMemTypeDefault, out(memory)));
    check(api().CreateTensorWithDataAsOrtValue(memory.get(), x_.data(), x_.size() * sizeof(float), x_extents.data(),
                                               x_extents.size(), ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, out(input_)));
  }

  void run() {
    char const *const input = "x", *const output = output_.c_str();
    OrtValue const* const in = input_.get();
    check(api().Run(session_.get(), nullptr, &input, &in, 1, &output, 1, out(result_)));
  }

  std::vector<float> result(extents const& of) {
    void* first = nullptr;
    check(api().GetTensorMutableData(result_.get(), &first));
    std::size_t const size = static_cast<std::size_t>(of[0] * of[1] * of[2] * of[3]);
    return channels_last({static_cast<float const*>(first), static_cast<float const*>(first) + size}, of);
  }

 private:
  template <class T>
  using owned = std::unique_ptr<T, void (*)(T*)>;

  static OrtApi const& api() {
    constexpr std::uint32_t oldest_that_has_what_is_called = 1;
    static OrtApi const& a = *OrtGetApiBase()->GetApi(oldest_that_has_what_is_called);
    return a;
  }

  /// Takes what a call writes through a pointer.
  template <class T>
  struct writer {
    owned<T>& to;
    T* written = nullptr;
    operator T**() { return &written; }
    ~writer() { to.reset(written); }
  };
  template <class T>
  static writer<T> out(owned<T>& to) {
    return {to};
  }

  static void check(OrtStatus* status) {
    if (status == nullptr) return;
    std::string const text = api().GetErrorMessage(status);
    api().ReleaseStatus(status);
    fsis::fail<fsis::bench::unsupported>("onnxruntime: ", text);
  }

  std::vector<float> x_;
  std::string output_;
  owned<OrtEnv> env_{nullptr, api().ReleaseEnv};
  owned<OrtSession> session_{nullptr, api().ReleaseSession};
  owned<OrtValue> input_{nullptr, api().ReleaseValue}, result_{nullptr, api().ReleaseValue};
};

runnable runnable_of(std::shared_ptr<session> const& s, extents const& result) {
  runnable r;
  r.run = [=] { s->run(); };
  r.result = [=] { return s->result(result); };
  return r;
}

runnable forward(environment const& env, std::shared_ptr<convolution_problem const> const& p) {
  auto const& g = p->g;
  onnx_model model;
  model
      .convolution({g.K, g.C, g.R, g.S}, channels_first(p->filter, p->filter_extents()), p->bias, g.padding[0],
                   g.dilation[0])
      .relu();
  return runnable_of(
      std::make_shared<session>(env, model, channels_first(p->x, p->x_extents()), extents{g.N, g.C, g.H, g.W}),
      {g.N, g.K, g.P, g.Q});
}

runnable trunk(environment const& env, std::shared_ptr<trunk_problem const> const& t) {
  onnx_model model;
  index_t side = t->side;
  for (auto const& l : t->layers) {
    model.convolution({l.K, l.C, 3, 3}, channels_first(l.filter, {l.K, 3, 3, l.C}), l.bias, 1, 1).relu();
    if (l.is_pooled) model.max_pool(), side /= 2;
  }
  extents const x{t->batch, 3, t->side, t->side};
  return runnable_of(std::make_shared<session>(env, model, channels_first(t->x, {t->batch, t->side, t->side, 3}), x),
                     {t->batch, t->layers.back().K, side, side});
}

}  // namespace

void add_onnxruntime(peers& to) {
  to.convolution.push_back({"onnxruntime", forward});
  to.trunk.push_back({"onnxruntime", trunk});
}

}  // namespace fsis_bench
