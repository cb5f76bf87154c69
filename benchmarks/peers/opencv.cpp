// SPDX-License-Identifier: MIT
// OpenCV: resizing of floats and exact distances.
#include "peers/peers.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <memory>

namespace fsis_bench {
namespace {

using fsis::bench::environment;
using fsis::bench::runnable;
using fsis::bench::unsupported;

std::vector<float> numbers_of(cv::Mat const& m) {
  auto const* const first = m.ptr<float>();
  return std::vector<float>(first, first + m.total() * static_cast<std::size_t>(m.channels()));
}

/// Runs `work(result)` on the threads of a setting.
template <class Work>
runnable runnable_of(environment const& env, Work const& work) {
  auto const result = std::make_shared<cv::Mat>();
  int const threads = static_cast<int>(env.at["threads"]);
  runnable r;
  r.run = [=] {
    cv::setNumThreads(threads == 1 ? 0 : threads);  // 0: on the calling thread
    work(*result);
  };
  r.result = [=] { return numbers_of(*result); };
  return r;
}

runnable resize(environment const& env, std::shared_ptr<resize_problem const> const& p) {
  fsis::require<unsupported>(p->N == 1 && p->C <= CV_CN_MAX, "opencv: ", p->N, " pictures of ", p->C,
                             " channels, wanted one of at most ", CV_CN_MAX);
  int const type = CV_MAKETYPE(CV_32F, static_cast<int>(p->C));
  cv::Mat const from(static_cast<int>(p->H), static_cast<int>(p->W), type, const_cast<float*>(p->x.data()));
  cv::Size const size(static_cast<int>(p->width), static_cast<int>(p->height));
  return runnable_of(env, [=](cv::Mat& to) {
    (void)p;  // owns what `from` refers to
    cv::resize(from, to, size, 0, 0, cv::INTER_LINEAR);
  });
}

runnable distance(environment const& env, std::shared_ptr<distance_problem const> const& p) {
  fsis::mask const& m = p->object;
  cv::Mat const from(static_cast<int>(m.height()), static_cast<int>(m.width()), CV_8U,
                     const_cast<std::uint8_t*>(m.data()));
  return runnable_of(env, [=](cv::Mat& to) {
    (void)p;
    cv::distanceTransform(from, to, cv::DIST_L2, cv::DIST_MASK_PRECISE, CV_32F);
  });
}

}  // namespace

void add_opencv(peers& to) {
  to.resize.push_back({"opencv", resize});
  to.distance.push_back({"opencv", distance});
}

}  // namespace fsis_bench
