// SPDX-License-Identifier: MIT
#include <structure/include_rules.hpp>

#include <support/catch.hpp>

using namespace fsis_test;

namespace {

source_tree const lower = {{"include/fsis/core/view.hpp", ""},      {"include/fsis/device/pool.hpp", ""},
                           {"include/fsis/tensor/tensor.hpp", ""},  {"include/fsis/nn/layer.hpp", ""},
                           {"include/fsis/vision/palette.hpp", ""}, {"include/fsis/tensor.hpp", ""}};

/// The tree above and one more file.
source_tree with(std::string const& path, std::string const& text) {
  source_tree tree = lower;
  tree.push_back({path, text});
  return tree;
}

}  // namespace

TEST_CASE("includes go down or stay") {
  CHECK(check_include_direction(lower).empty());
  CHECK(
      check_include_direction(with("include/fsis/ops/sum.hpp", "#include <fsis/core/view.hpp>\n#include <vector>\n"))
          .empty());
  CHECK(check_include_direction(with("include/fsis/core/shape.hpp", "#include <fsis/core/view.hpp>\n")).empty());
  CHECK(check_include_direction(
            with("include/fsis/nn.hpp", "#include <fsis/tensor.hpp>\n#include <fsis/nn/layer.hpp>\n"))
            .empty());
  CHECK(check_include_direction(with("include/fsis/core/a.hpp", "// #include <fsis/nn/layer.hpp>\n")).empty());
}

TEST_CASE("an include that goes up, sideways or nowhere is found") {
  auto const finds = [](std::string const& path, std::string const& text, char const* words) {
    auto const found = check_include_direction(with(path, text));
    return found.size() == 1 && mentions(found[0], words);
  };
  CHECK(finds("include/fsis/core/a.hpp", "#pragma once\n#include <fsis/tensor/tensor.hpp>\n",
              "core/a.hpp:2: core (floor 0)"));
  CHECK(finds("include/fsis/optim/sgd.hpp", "#include <fsis/nn/layer.hpp>\n", "not below"));
  CHECK(finds("include/fsis/io/png.hpp", "  #  include <fsis/vision/palette.hpp>\n", "not below"));
  CHECK(finds("include/fsis/kernels/relu.hpp", "#include <fsis/device/pool.hpp>\n", "core only"));
  CHECK(finds("include/fsis/ops/sum.hpp", "#include <fsis/tensor.hpp>\n", "umbrella"));
  CHECK(finds("include/fsis/ops/sum.hpp", "#include <fsis/core/gone.hpp>\n", "does not exist"));
  CHECK(finds("include/fsis/utility/a.hpp", "", "no floor"));
}

TEST_CASE("the library is included by full path in angle brackets") {
  CHECK(check_include_form(with("include/fsis/ops/a.hpp", "#include <fsis/core/view.hpp>\n")).empty());
  CHECK(check_include_form(with("include/fsis/ops/a.hpp", "#include \"b.hpp\"\n")).size() == 1);
  CHECK(check_include_form(with("tests/ops/a.cpp", "#include <../ops/b.hpp>\n")).size() == 1);
  CHECK(check_include_form(with("include/fsis/ops/a.hpp", "#include <fsis/ops/b.cuh>\n")).size() == 1);
  CHECK(check_include_form(with("include/fsis/ops/a.cuh", "#include <fsis/ops/b.cuh>\n")).empty());
}

TEST_CASE("each third party library has one place") {
  auto const count = [](std::string const& path, std::string const& text) {
    return check_third_party(with(path, text)).size();
  };
  CHECK(count("include/fsis/backend/cpu/gemm.hpp", "#include <Eigen/Core>\nEigen::MatrixXf m;\n") == 0);
  CHECK(count("include/fsis/ops/gemm.hpp", "#include <Eigen/Core>\n") == 1);
  CHECK(count("include/fsis/ops/gemm.hpp", "/// Unlike Eigen::Matrix, ...\n") == 0);
  CHECK(count("include/fsis/ops/gemm.hpp", "void f(Eigen::MatrixXf const&);\n") == 1);
  CHECK(count("include/fsis/io/json.hpp", "#include <nlohmann/json.hpp>\n") == 0);
  CHECK(count("include/fsis/training/log.hpp", "#include <nlohmann/json.hpp>\n") == 1);
  CHECK(count("include/fsis/io/png.hpp", "#include <png.h>\n") == 0);
  CHECK(count("include/fsis/vision/png.hpp", "#include <png.h>\n") == 1);
  CHECK(count("include/fsis/backend/cuda/dnn.hpp", "#include <cudnn.h>\n") == 0);
  CHECK(count("include/fsis/device/dnn.hpp", "#include <cudnn.h>\n") == 1);

  source_tree two = with("include/fsis/backend/cuda/dnn.hpp", "#include <cudnn.h>\n");
  two.push_back({"include/fsis/backend/cuda/conv.hpp", "#include <cudnn_graph.h>\n"});
  CHECK(check_third_party(two).size() == 2);
}

TEST_CASE("tests of a floor include exact headers") {
  CHECK(
      check_tests_include_exact_headers(with("tests/ops/a_test.cpp", "#include <fsis/tensor/tensor.hpp>\n")).empty());
  CHECK(check_tests_include_exact_headers(with("tests/ops/a_test.cpp", "#include <fsis/tensor.hpp>\n")).size() == 1);
  CHECK(check_tests_include_exact_headers(with("tests/tools/a_test.cpp", "#include <fsis/tensor.hpp>\n")).empty());
}
