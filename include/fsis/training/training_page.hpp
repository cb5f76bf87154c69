// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/html_page.hpp>
#include <fsis/bench/svg.hpp>
#include <fsis/io/file.hpp>
#include <fsis/training/evaluation_page.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// A training as a page that stands alone: curves of the loss, the rate and the IoU on kept pictures, and example masks
/// from time to time, the last first. Rewritten whenever something was added.
class training_page {
 public:
  /// `setting` says what is trained, as text.
  explicit training_page(std::string setting) : setting_(std::move(setting)) {}

  void add_loss(index_t step, double loss, double rate) {
    losses_.push_back(point(step, loss));
    rates_.push_back(point(step, rate));
  }
  void add_validation(index_t step, double mean_iou) { validations_.push_back(point(step, mean_iou)); }

  /// Example masks after a step.
  void add_examples(index_t step, std::vector<illustration> const& pictures) {
    std::string const heading = "After step " + std::to_string(step);
    panels_.push_back(opening(step) + detail::gallery(heading.c_str(), pictures) + closing);
  }

  /// Takes the examples up to a step from the page of a run that is resumed.
  void keep_examples_of(std::string const& page, index_t last_step) {
    std::size_t at = page.size();
    while ((at = page.rfind(panel_mark, at)) != std::string::npos) {
      std::size_t const number = at + std::string(panel_mark).size(), end = page.find(closing, at);
      if (end != std::string::npos && std::atoll(page.c_str() + number) <= last_step)
        panels_.push_back(page.substr(at, end - at) + closing);
      if (at-- == 0) break;
    }
  }

  std::string html() const {
    std::string body = "<pre>" + bench::escaped(setting_) + "</pre>\n";
    body += chart("Loss, averaged", "loss", losses_) +
            chart("mIoU of one click on kept pictures", "mIoU", validations_) +
            chart("Learning rate", "rate", rates_);
    for (auto p = panels_.rbegin(); p != panels_.rend(); ++p) body += *p;
    return bench::html_page("Training", body);
  }

  /// Replaces a file, whole or not at all. Throws `io_error`.
  void write(std::string const& path) const {
    std::string const text = html();
    io::write_file(path, text.data(), text.size());
  }

 private:
  static constexpr char const* panel_mark = "<!-- examples ";
  static constexpr char const* closing = "<!-- end of examples -->\n";

  static std::string opening(index_t step) { return panel_mark + std::to_string(step) + " -->\n"; }

  static bench::chart_point point(index_t step, double v) {
    return {static_cast<double>(step), v, v, v, std::to_string(step) + ": " + bench::fixed_text(v, 4)};
  }

  static std::string chart(char const* title, char const* what, std::vector<bench::chart_point> const& points) {
    if (points.empty()) return "";
    bench::chart_line line{what, points, true, points.size() <= 40};
    return bench::svg_of(bench::line_chart{title, "steps", what, bench::scale::linear, bench::scale::linear, {line}});
  }

  std::string setting_;
  std::vector<bench::chart_point> losses_, rates_, validations_;
  std::vector<std::string> panels_;  // in the order of their steps
};

}  // namespace training
}  // namespace v0
}  // namespace fsis
