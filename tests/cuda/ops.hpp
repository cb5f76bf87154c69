// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/cuda.cuh>

#include <cuda/op_table.hpp>
#include <support/catch.hpp>
#include <support/compare.hpp>

namespace fsis_test {

/// Every row of the table on the processor, by plain sums, and on a CUDA context.
template <class T>
void check_op_table(fsis::cuda_context const& cuda, double factor) {
  fsis::cpu_options plain;
  plain.threads = 1;
  plain.convolutions = fsis::convolution_algorithm::direct;
  fsis::cpu_context const cpu(plain);
  int rows = 0;
  visit_op_table<T>([&](std::string const& name, auto const& row) {
    auto const wanted = row(cpu), found = row(cuda);
    REQUIRE(wanted.size() == found.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      INFO(name << ", " << wanted[i].first);
      // gradients of a filter add up many terms of the order of one
      double largest = 0;
      for (double v : wanted[i].second) largest = std::max(largest, std::abs(v));
      CHECK(first_difference(found[i].second, wanted[i].second, [&](double a, double b) {
              return factor * (allowed<T>(a, b) + tolerance<T>::relative * largest);
            }) == "");
    }
    ++rows;
  });
  CHECK(rows > 100);
}

}  // namespace fsis_test
