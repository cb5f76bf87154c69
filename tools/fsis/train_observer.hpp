// SPDX-License-Identifier: MIT
#pragma once

#include "data.hpp"

#include <fsis/io/json_log.hpp>
#include <fsis/io/json_reader.hpp>
#include <fsis/model/architecture.hpp>
#include <fsis/training/progress.hpp>
#include <fsis/training/segmentation.hpp>
#include <fsis/training/training_page.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace fsis_tool {

namespace fs = std::filesystem;
namespace tr = fsis::training;

struct train_options {
  data_options data;
  std::string trunk, things, out, checkpoint, log, page, preset, architecture = fsis::compact::name;
  tr::segmentation_options train;
  double things_share = 0.25;
  fsis::network_settings settings;
  fsis::index_t choice_episodes = 300, look_every = 1000, pictures = 6;
  int threads = 0;
  std::set<std::string> given;  ///< names of the options on the command line: a preset does not change these
};

/// Keeps the log, the page, the checkpoint and the bar while a training goes on.
template <class Network>
class observer {
 public:
  using state_type = tr::training_state<float, fsis::cpu_context>;
  using notes_type = std::map<std::string, std::string>;

  observer(fsis::cpu_context const& ctx, train_options const& o, notes_type const& notes, Network const& net,
           state_type const& state)
      : ctx_(ctx),
        o_(o),
        notes_(notes),
        net_(net),
        state_(state),
        bar_(state.step, o.train.steps),
        page_(text_of(notes)) {
    if (!o.log.empty() && state.step > 0) page_of_log();
    if (!o.page.empty() && state.step > 0 && fs::exists(o.page)) {
      auto const bytes = fsis::io::read_file(o.page, std::uint64_t{1} << 30);
      page_.keep_examples_of(std::string(bytes.begin(), bytes.end()), state.step);
    }
    if (!o.log.empty()) log_ = std::make_unique<fsis::io::json_log>(o.log);
  }

  /// `look(step)` adds what only some networks have to the page.
  template <class Look>
  void after(tr::training_progress const& now, Look look) {
    loss_ = loss_ == 0 ? now.loss : 0.98 * loss_ + 0.02 * now.loss;
    bar_.at(now.step, fsis::message("loss ", loss_, "  ", ctx_.memory().statistics().peak >> 20, " MiB"));
    bool const last = now.step == o_.train.steps;
    if (now.step % 50 == 0 || last) {
      if (log_) log_->append({{"step", now.step}, {"loss", loss_}, {"rate", now.rate}});
      page_.add_loss(now.step, loss_, now.rate);
    }
    if (!o_.page.empty() && (now.step % o_.look_every == 0 || last)) {
      look(now.step);
      page_.write(o_.page);
    }
    if (!o_.checkpoint.empty() && (now.step % 250 == 0 || last))
      tr::write_checkpoint(ctx_, o_.checkpoint, net_, state_, notes_);
  }

  void add_validation(fsis::index_t step, double mean_iou, std::vector<tr::illustration> const& examples) {
    if (log_) log_->append({{"step", step}, {"validation_miou", mean_iou}});
    page_.add_validation(step, mean_iou);
    page_.add_examples(step, examples);
  }

 private:
  static std::string text_of(notes_type const& notes) {
    std::string text;
    for (auto const& n : notes) text += n.first + " " + n.second + "\n";
    return text;
  }

  /// The curves of a run that is resumed.
  void page_of_log() {
    std::ifstream in(o_.log);
    for (std::string line; std::getline(in, line);) {
      auto const entry = fsis::io::parse_json(line.data(), line.size(), o_.log);
      auto const number = [&](char const* name) { return entry.find(name) ? entry.find(name)->number() : -1; };
      auto const step = static_cast<fsis::index_t>(number("step"));
      if (step > state_.step) continue;
      if (entry.find("loss")) page_.add_loss(step, number("loss"), number("rate"));
      if (entry.find("validation_miou")) page_.add_validation(step, number("validation_miou"));
    }
  }

  fsis::cpu_context const& ctx_;
  train_options const& o_;
  notes_type notes_;
  Network const& net_;
  state_type const& state_;
  tr::progress_bar bar_;
  tr::training_page page_;
  std::unique_ptr<fsis::io::json_log> log_;
  double loss_ = 0;
};

}  // namespace fsis_tool
