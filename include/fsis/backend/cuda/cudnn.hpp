// SPDX-License-Identifier: MIT
#pragma once

// The only file that sees <cudnn.h>. Convolutions as operation graphs: cuDNN's older functions are deprecated.

#include <fsis/backend/cuda/conv_request.hpp>
#include <fsis/device/cuda_context.hpp>
#include <fsis/device/shared_library.hpp>

#include <cudnn.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// The functions of cuDNN that are called, from a library loaded while the program runs.
class cudnn_library {
 public:
  /// Throws `device_error` where cuDNN or what it needs is missing. cuBLASLt is looked for first: cuDNN ends the
  /// process where it is not there.
  cudnn_library()
      : needed_(message("libcublasLt.so.", CUDART_VERSION / 1000).c_str(), "FSIS_CUBLASLT_LIBRARY"),
        library_(message("libcudnn.so.", CUDNN_MAJOR).c_str(), "FSIS_CUDNN_LIBRARY") {
    library_.find(create, "cudnnCreate");
    library_.find(destroy, "cudnnDestroy");
    library_.find(set_stream, "cudnnSetStream");
    library_.find(error_string, "cudnnGetErrorString");
    library_.find(last_error_string, "cudnnGetLastErrorString");
    library_.find(create_descriptor, "cudnnBackendCreateDescriptor");
    library_.find(destroy_descriptor, "cudnnBackendDestroyDescriptor");
    library_.find(set_attribute, "cudnnBackendSetAttribute");
    library_.find(get_attribute, "cudnnBackendGetAttribute");
    library_.find(finalize, "cudnnBackendFinalize");
    library_.find(execute, "cudnnBackendExecute");
  }

  void check(cudnnStatus_t status, char const* call) const {
    if (status == CUDNN_STATUS_SUCCESS) return;
    char detail[1024] = {};
    last_error_string(detail, sizeof detail);
    fail<device_error>("cuDNN, ", call, ": ", error_string(status), detail[0] != 0 ? " | " : "", detail);
  }

 private:
  shared_library needed_, library_;

 public:
  decltype(&::cudnnCreate) create;
  decltype(&::cudnnDestroy) destroy;
  decltype(&::cudnnSetStream) set_stream;
  decltype(&::cudnnGetErrorString) error_string;
  decltype(&::cudnnGetLastErrorString) last_error_string;
  decltype(&::cudnnBackendCreateDescriptor) create_descriptor;
  decltype(&::cudnnBackendDestroyDescriptor) destroy_descriptor;
  decltype(&::cudnnBackendSetAttribute) set_attribute;
  decltype(&::cudnnBackendGetAttribute) get_attribute;
  decltype(&::cudnnBackendFinalize) finalize;
  decltype(&::cudnnBackendExecute) execute;
};

/// One of cuDNN's descriptors, filled attribute by attribute and then finished.
class cudnn_descriptor {
 public:
  cudnn_descriptor(cudnn_library const& dnn, cudnnBackendDescriptorType_t type) : dnn_(&dnn) {
    dnn.check(dnn.create_descriptor(type, &d_), "cudnnBackendCreateDescriptor");
  }
  cudnn_descriptor(cudnn_descriptor&& other) noexcept : dnn_(other.dnn_), d_(std::exchange(other.d_, nullptr)) {}
  cudnn_descriptor& operator=(cudnn_descriptor&& other) noexcept {
    std::swap(dnn_, other.dnn_);
    std::swap(d_, other.d_);
    return *this;
  }
  ~cudnn_descriptor() {
    if (d_ != nullptr) (void)dnn_->destroy_descriptor(d_);
  }

  cudnnBackendDescriptor_t get() const { return d_; }

  cudnn_descriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, std::int64_t count,
                        void const* values) {
    dnn_->check(dnn_->set_attribute(d_, name, type, count, values), "cudnnBackendSetAttribute");
    return *this;
  }
  cudnn_descriptor& set(cudnnBackendAttributeName_t name, std::vector<std::int64_t> const& values) {
    return set(name, CUDNN_TYPE_INT64, static_cast<std::int64_t>(values.size()), values.data());
  }
  cudnn_descriptor& set(cudnnBackendAttributeName_t name, cudnn_descriptor const& value) {
    return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &value.d_);
  }
  template <class Value>
  cudnn_descriptor& set_one(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, Value value) {
    return set(name, type, 1, &value);
  }
  cudnn_descriptor finished() && {
    dnn_->check(dnn_->finalize(d_), "cudnnBackendFinalize");
    return std::move(*this);
  }
  bool can_finish() { return dnn_->finalize(d_) == CUDNN_STATUS_SUCCESS; }

  /// Up to `most` values of an attribute; their number.
  std::int64_t get(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, std::int64_t most,
                   void* values) const {
    std::int64_t count = 0;
    dnn_->check(dnn_->get_attribute(d_, name, type, most, &count, values), "cudnnBackendGetAttribute");
    return count;
  }

 private:
  cudnn_library const* dnn_;
  cudnnBackendDescriptor_t d_ = nullptr;
};

/// For whom plans are made: a handle's device, or, without one, a device that only its properties describe.
struct cudnn_target {
  cudnnHandle_t handle = nullptr;
  cudnn_descriptor const* properties = nullptr;
};

/// A convolution as cuDNN runs it.
class conv_plan {
 public:
  /// The first engine that cuDNN proposes, the rules allow and that takes the request. Throws `device_error` where
  /// there is none, with how many were refused.
  conv_plan(cudnn_library const& dnn, cudnn_target const& target, conv_request const& request,
            engine_rules const& rules)
      : dnn_(dnn), plan_(chosen(target, graph_of(request, target), request, rules)) {
    plan_.get(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1, &workspace_);
  }

  std::size_t workspace() const { return static_cast<std::size_t>(workspace_); }

  /// `x`, `filter` and `y` are those of the forward pass, or the gradients in their place.
  void run(cudnnHandle_t handle, void const* x, void const* filter, void const* bias, void const* y,
           void* workspace) const {
    std::vector<std::int64_t> ids{x_id, filter_id, y_id};
    std::vector<void const*> pointers{x, filter, y};
    if (bias != nullptr) ids.push_back(bias_id), pointers.push_back(bias);
    auto pack = descriptor(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
    pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, ids);
    pack.set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, static_cast<std::int64_t>(pointers.size()),
             pointers.data());
    pack.set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace);
    auto const finished = std::move(pack).finished();
    dnn_.check(dnn_.execute(handle, plan_.get(), finished.get()), "cudnnBackendExecute");
  }

 private:
  static constexpr std::int64_t x_id = 'x', filter_id = 'f', y_id = 'y', bias_id = 'b', sum_id = 's',
                                shifted_id = 't';

  static cudnnDataType_t type_of(conv_element e) {
    return e == conv_element::bf16   ? CUDNN_DATA_BFLOAT16
           : e == conv_element::fp16 ? CUDNN_DATA_HALF
                                     : CUDNN_DATA_FLOAT;
  }

  cudnn_descriptor descriptor(cudnnBackendDescriptorType_t type) const { return {dnn_, type}; }

  /// (n,c,h,w) with channels last in memory. A virtual tensor is never stored.
  cudnn_descriptor tensor(std::int64_t id, cudnnDataType_t type, index_t n, index_t c, index_t h, index_t w,
                          bool is_virtual = false) const {
    constexpr std::int64_t alignment = 16;
    auto d = descriptor(CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    d.set_one(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, type);
    d.set(CUDNN_ATTR_TENSOR_DIMENSIONS, {n, c, h, w}).set(CUDNN_ATTR_TENSOR_STRIDES, {h * w * c, 1, w * c, c});
    d.set(CUDNN_ATTR_TENSOR_UNIQUE_ID, {id}).set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, {alignment});
    d.set_one(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, is_virtual);
    return std::move(d).finished();
  }

  cudnn_descriptor convolution(kernels::conv_geometry const& g) const {
    std::vector<std::int64_t> const padding{g.padding[0], g.padding[1]};
    auto d = descriptor(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
    d.set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, {2});
    d.set_one(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT);
    d.set_one(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, CUDNN_CROSS_CORRELATION);
    d.set(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, padding).set(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, padding);
    d.set(CUDNN_ATTR_CONVOLUTION_DILATIONS, {g.dilation[0], g.dilation[1]});
    d.set(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, {g.stride[0], g.stride[1]});
    return std::move(d).finished();
  }

  struct operation_names {
    cudnnBackendDescriptorType_t operation;
    cudnnBackendAttributeName_t x, filter, y, convolution, alpha, beta;
  };

  static operation_names names_of(conv_pass pass) {
    if (pass == conv_pass::backward_data)
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA};
    if (pass == conv_pass::backward_filter)
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA};
    return {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA};
  }

  cudnn_descriptor convolution_operation(conv_request const& r, cudnn_descriptor const& x,
                                         cudnn_descriptor const& filter, cudnn_descriptor const& y) const {
    operation_names const n = names_of(r.pass);
    auto const how = convolution(r.g);
    auto d = descriptor(n.operation);
    d.set(n.x, x).set(n.filter, filter).set(n.y, y).set(n.convolution, how);
    d.set_one(n.alpha, CUDNN_TYPE_FLOAT, 1.0f).set_one(n.beta, CUDNN_TYPE_FLOAT, 0.0f);
    return std::move(d).finished();
  }

  /// y = mode(x), or mode(x, b).
  cudnn_descriptor pointwise(cudnnPointwiseMode_t mode, cudnnDataType_t precision, cudnn_descriptor const& x,
                             cudnn_descriptor const* b, cudnn_descriptor const& y) const {
    auto how = descriptor(CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    how.set_one(CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, mode);
    how.set_one(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, precision);
    auto const finished = std::move(how).finished();
    auto d = descriptor(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    d.set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, finished).set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x);
    d.set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
    if (b != nullptr) d.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, *b);
    return std::move(d).finished();
  }

  /// The convolution, and forward what follows: the bias, then the ReLU.
  cudnn_descriptor graph_of(conv_request const& r, cudnn_target const& target) const {
    kernels::conv_geometry const& g = r.g;
    cudnnDataType_t const type = type_of(r.element), sums = CUDNN_DATA_FLOAT;
    auto const x = tensor(x_id, type, g.N, g.C, g.H, g.W), y = tensor(y_id, type, g.N, g.K, g.P, g.Q);
    auto const filter = tensor(filter_id, type, g.K, g.C / g.groups, g.R, g.S);
    auto const bias = tensor(bias_id, type, 1, g.K, 1, 1);
    auto const sum = tensor(sum_id, sums, g.N, g.K, g.P, g.Q, true);
    auto const shifted = tensor(shifted_id, sums, g.N, g.K, g.P, g.Q, true);
    bool const rectifies = r.act == activation::relu;
    std::vector<cudnn_descriptor> operations;
    operations.push_back(convolution_operation(r, x, filter, r.has_bias ? sum : y));
    if (r.has_bias) operations.push_back(pointwise(CUDNN_POINTWISE_ADD, sums, sum, &bias, rectifies ? shifted : y));
    if (rectifies) operations.push_back(pointwise(CUDNN_POINTWISE_RELU_FWD, sums, shifted, nullptr, y));
    std::vector<cudnnBackendDescriptor_t> all;
    for (auto const& o : operations) all.push_back(o.get());
    auto graph = descriptor(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    graph.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, static_cast<std::int64_t>(all.size()),
              all.data());
    // where nobody describes the device, the handle says which it is
    if (target.handle != nullptr) graph.set_one(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, target.handle);
    return std::move(graph).finished();
  }

  bool is_allowed(cudnn_descriptor const& configuration, conv_element element, engine_rules const& rules) const {
    auto engine = descriptor(CUDNN_BACKEND_ENGINE_DESCRIPTOR);
    cudnnBackendDescriptor_t e = engine.get();
    configuration.get(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &e);
    cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
    std::int64_t count = engine.get(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE,
                                    CUDNN_NUMERICAL_NOTE_TYPE_COUNT, notes);
    for (std::int64_t i = 0; i < count; ++i) {
      if (notes[i] == CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS) return false;
      if (notes[i] == CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC && rules.deterministic) return false;
      if (notes[i] == CUDNN_NUMERICAL_NOTE_TENSOR_CORE && element == conv_element::float32 && !rules.tensor_cores)
        return false;
    }
    // engines that compile their kernel when the plan is made want NVRTC, and up to seconds
    cudnnBackendBehaviorNote_t behavior[CUDNN_BEHAVIOR_NOTE_TYPE_COUNT];
    count = engine.get(CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE, CUDNN_TYPE_BEHAVIOR_NOTE, CUDNN_BEHAVIOR_NOTE_TYPE_COUNT,
                       behavior);
    for (std::int64_t i = 0; i < count; ++i)
      if (behavior[i] == CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION) return false;
    return true;
  }

  cudnn_descriptor chosen(cudnn_target const& target, cudnn_descriptor const& graph, conv_request const& request,
                          engine_rules const& rules) const {
    std::int64_t proposed = 0, refused = 0;
    for (auto const mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
      auto heuristic = descriptor(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
      heuristic.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
      heuristic.set_one(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, mode);
      if (target.properties != nullptr) heuristic.set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, *target.properties);
      if (!heuristic.can_finish()) continue;
      std::int64_t const count =
          heuristic.get(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, nullptr);
      std::vector<cudnn_descriptor> configurations;
      std::vector<cudnnBackendDescriptor_t> all;
      for (std::int64_t i = 0; i < count; ++i) {
        configurations.push_back(descriptor(CUDNN_BACKEND_ENGINECFG_DESCRIPTOR));
        all.push_back(configurations.back().get());
      }
      // of those counted, it may give fewer
      std::int64_t const given =
          heuristic.get(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR, count, all.data());
      configurations.erase(configurations.begin() + given, configurations.end());
      proposed += given;
      for (auto const& c : configurations) {
        if (!is_allowed(c, request.element, rules)) {
          ++refused;
          continue;
        }
        auto plan = descriptor(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, c);
        if (target.handle != nullptr)
          plan.set_one(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, target.handle);
        if (target.properties != nullptr) plan.set(CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, *target.properties);
        if (!plan.can_finish()) continue;
        std::int64_t bytes = 0;
        plan.get(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1, &bytes);
        if (static_cast<std::size_t>(bytes) <= rules.workspace_limit) return plan;
        ++refused;
      }
    }
    kernels::conv_geometry const& g = request.g;
    fail<device_error>("cuDNN: none of ", proposed, " proposed engines can run a convolution of (", g.N, ",", g.H,
                       ",", g.W, ",", g.C, ") with (", g.K, ",", g.R, ",", g.S, ",", g.C / g.groups, "); ", refused,
                       " were not allowed (deterministic ", rules.deterministic, ", tensor cores ",
                       rules.tensor_cores, ", workspace ", rules.workspace_limit, " bytes)");
  }

  cudnn_library const& dnn_;
  cudnn_descriptor plan_;
  std::int64_t workspace_ = 0;
};

/// Library, handle and plans of a context.
class cudnn_convolutions {
 public:
  explicit cudnn_convolutions(cuda_context const& ctx) : ctx_(ctx), handle_(ctx.options().cudnn) {
    if (handle_ != nullptr) return;
    cuda_device_scope const scope(ctx.device());
    dnn_.check(dnn_.create(&handle_), "cudnnCreate");
    is_own_ = true;
    dnn_.check(dnn_.set_stream(handle_, ctx.stream()), "cudnnSetStream");
  }
  cudnn_convolutions(cudnn_convolutions const&) = delete;
  cudnn_convolutions& operator=(cudnn_convolutions const&) = delete;
  ~cudnn_convolutions() {
    plans_.clear();
    if (is_own_) (void)dnn_.destroy(handle_);
  }

  void run(conv_request const& request, void const* x, void const* filter, void const* bias, void const* y) {
    cuda_device_scope const scope(ctx_.device());
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = plans_.find(request);
    if (found == plans_.end()) {
      engine_rules const rules{ctx_.options().deterministic, ctx_.options().precision != cuda_precision::float32,
                               ctx_.options().workspace_limit};
      found = plans_.emplace(request, std::make_unique<conv_plan>(dnn_, cudnn_target{handle_}, request, rules)).first;
    }
    conv_plan const& plan = *found->second;
    auto const workspace = plan.workspace() > 0 ? ctx_.allocate(plan.workspace()) : nullptr;
    plan.run(handle_, x, filter, bias, y, workspace.get());
  }

 private:
  cuda_context const& ctx_;
  cudnn_library dnn_;
  cudnnHandle_t handle_;
  bool is_own_ = false;
  std::mutex mutex_;
  std::map<conv_request, std::unique_ptr<conv_plan>> plans_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
