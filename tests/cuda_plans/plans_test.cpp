// SPDX-License-Identifier: MIT
// cuDNN's plans without a device: for devices that only their properties describe, every convolution of the networks
// must find an engine, in every number format, under the rules of the default options.
#include <fsis/backend/cuda/cudnn.hpp>

#include <fsis/ops/conv2d.hpp>

#include <support/catch.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace fsis::backend::detail;
using fsis::activation;
using fsis::index_t;

namespace {

/// Properties of a device as cuDNN writes them; those of sm_90 were read on an H200, those of sm_80 are published ones.
cudnn_descriptor properties_of(cudnn_library const& dnn, std::string const& device) {
  std::ifstream file(std::string(FSIS_SOURCE_DIR) + "/tests/cuda_plans/devices/" + device + ".json");
  std::string const text((std::istreambuf_iterator<char>(file)), {});
  REQUIRE(text.size() > 100);
  cudnn_descriptor d(dnn, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  d.set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR, static_cast<std::int64_t>(text.size()),
        text.data());
  return std::move(d).finished();
}

fsis::kernels::conv_geometry geometry(index_t side, index_t C, index_t K, index_t kernel, index_t stride = 1,
                                      index_t dilation = 1, index_t groups = 1) {
  fsis::conv_options o;
  o.stride = {stride, stride};
  o.dilation = {dilation, dilation};
  o.padding = {dilation * (kernel / 2), dilation * (kernel / 2)};
  o.groups = groups;
  return fsis::ops::conv_geometry_of({1, side, side, C}, {K, kernel, kernel, C / groups}, o);
}

/// Trunks in full and in compact width, click fusion, the junction with its odd channels, the head, patches of f-BRS.
std::vector<fsis::kernels::conv_geometry> convolutions() {
  std::vector<fsis::kernels::conv_geometry> all;
  for (index_t const divisor : {1, 4}) {
    index_t const c[] = {3, 64 / divisor, 128 / divisor, 256 / divisor, 512 / divisor};
    index_t side = 384;
    for (int stage = 1; stage < 5; ++stage, side /= 2) {
      all.push_back(geometry(side, c[stage - 1], c[stage], 3));
      all.push_back(geometry(side, c[stage], c[stage], 3));
    }
    all.push_back(geometry(24, c[4], c[4], 3));
    all.push_back(geometry(48, c[3] + c[4], c[3], 1));
    all.push_back(geometry(48, 2 * c[3] + 1, c[3], 3));
    all.push_back(geometry(48, c[3], 1, 1));
    all.push_back(geometry(7, c[3], c[3], 3));
  }
  for (index_t const kernel : {1, 3}) {
    all.push_back(geometry(384, 5, 8, kernel));
    all.push_back(geometry(384, 8, 3, kernel));
    all.push_back(geometry(48, 3, 8, kernel));
  }
  all.push_back(geometry(48, 256, 256, 3, 1, 2));
  all.push_back(geometry(96, 64, 128, 3, 2));
  all.push_back(geometry(96, 32, 32, 3, 1, 1, 4));
  return all;
}

}  // namespace

TEST_CASE("cuDNN has an engine for every convolution of the networks") {
  cudnn_library const dnn;
  int plans = 0;
  for (std::string const device : {"sm_80", "sm_90"}) {
    auto const properties = properties_of(dnn, device);
    cudnn_target target;
    target.properties = &properties;
    for (auto const& g : convolutions())
      for (auto const element : {conv_element::float32, conv_element::bf16, conv_element::fp16})
        for (bool const tensor_cores : {false, true}) {
          if (element != conv_element::float32 && !tensor_cores) continue;
          engine_rules rules;
          rules.tensor_cores = tensor_cores;
          INFO(device << ", element " << static_cast<int>(element) << ", tensor cores " << tensor_cores << ", side "
                      << g.H << ", " << g.C << " to " << g.K << ", kernel " << g.R);
          auto const plan = [&](conv_request const& r) {
            INFO("pass " << static_cast<int>(r.pass) << ", bias " << r.has_bias << ", rectified "
                         << (r.act == activation::relu));
            CHECK_NOTHROW(conv_plan(dnn, target, r, rules));
            ++plans;
          };
          plan({conv_pass::forward, g, element});
          for (auto const act : {activation::none, activation::relu})
            plan({conv_pass::forward, g, element, true, act});
          plan({conv_pass::backward_data, g, element});
          plan({conv_pass::backward_filter, g, element});
        }
  }
  CHECK(plans > 1000);
}

TEST_CASE("a convolution that no engine may run says what was asked for") {
  cudnn_library const dnn;
  auto const properties = properties_of(dnn, "sm_90");
  cudnn_target target;
  target.properties = &properties;
  engine_rules rules;
  rules.workspace_limit = 0;
  rules.deterministic = true;
  conv_request const huge{conv_pass::backward_filter, geometry(384, 64, 64, 3), conv_element::float32};
  std::string text;
  try {
    conv_plan const plan(dnn, target, huge, rules);
    CHECK(plan.workspace() == 0);
  } catch (fsis::device_error const& e) {
    text = e.what();
    CHECK(mentions(text, "cuDNN", "(1,384,384,64)", "(64,3,3,64)", "not allowed", "workspace 0"));
  }
}

TEST_CASE("a library that is not there is named, with where it may be told of") {
  CHECK(mentions(fsis_test::error_text([] { fsis::shared_library("libfsis-is-not-there.so.9", "FSIS_NOWHERE"); }),
                 "libfsis-is-not-there.so.9", "cannot be loaded", "FSIS_NOWHERE", "LD_LIBRARY_PATH"));
  cudnn_library const dnn;
  fsis::shared_library const libc("libc.so.6", "FSIS_NOWHERE");
  int (*missing)() = nullptr;
  CHECK(mentions(fsis_test::error_text([&] { libc.find(missing, "fsis_has_no_such_function"); }), "libc.so.6",
                 "fsis_has_no_such_function"));
}
