// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/io/json_log.hpp>
#include <fsis/model/load.hpp>
#include <fsis/training/evaluation.hpp>
#include <fsis/training/folder_set.hpp>
#include <fsis/training/progress.hpp>

#include <map>
#include <memory>

namespace fsis_tool {
namespace {

struct evaluate_options {
  std::string model, data, report, part = "held-out", refine = "none";
  fsis::index_t fold = 0, episodes = 500, shots = 1, clicks = 1;
  std::uint64_t seed = 1;
  bool rules = false;
  int threads = 0;
};

void print_row(std::string const& name, fsis::vision::episode_scores const& s) {
  std::printf("%-28s", name.c_str());
  for (fsis::index_t const c : s.classes()) std::printf("  %5.3f", s.class_iou(c));
  std::printf("  | mIoU %.4f  FB-IoU %.4f  foreground IoU %.4f  episode mean %.4f\n", s.mean_iou(), s.fb_iou(),
              s.aggregated_foreground_iou(), s.classwise_mean_episode_iou());
}

void run_evaluate(evaluate_options const& o) {
  namespace tr = fsis::training;
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context ctx{co};
  std::map<std::string, fsis::refinement> const refinements{{"none", fsis::refinement::none},
                                                            {"aj", fsis::refinement::aj},
                                                            {"bj", fsis::refinement::bj},
                                                            {"brs", fsis::refinement::brs}};
  auto const set = tr::folder_set(o.data);
  auto const held_out = tr::pascal_fold(o.fold);
  auto const split = tr::split_for_training(set, held_out);
  std::set<std::uint8_t> others;
  for (std::uint8_t c = 1; c <= 20; ++c)
    if (held_out.count(c) == 0) others.insert(c);
  bool const test = o.part == "held-out";
  fsis::require<fsis::value_error>(test || o.part == "validation", "evaluate: --part '", o.part,
                                   "', wanted 'held-out' or 'validation'");
  tr::episode_source const source(set, test ? split.held_out : split.validation, test ? held_out : others, o.shots);
  auto const episodes = source.fixed(o.episodes, o.seed);
  for (std::uint8_t const c : source.left_out())
    std::printf("class %d left out: fewer than %lld pictures\n", int{c}, static_cast<long long>(o.shots + 6));
  std::printf("%-28s", "class");
  for (std::uint8_t const c : source.labels()) std::printf("  %5d", int{c});
  std::printf("\n");

  if (o.rules) {
    tr::episode_source const choosing(set, split.validation, others, o.shots);
    double const radius = tr::best_disk_radius(set, choosing.fixed(o.episodes, o.seed));
    print_row(fsis::message("disk of radius ", radius),
              tr::evaluate_rule(set, episodes, [&](tr::posed_episode const& p, fsis::click const& c) {
                return tr::disk_around(p.truth.height(), p.truth.width(), c, radius);
              }));
    print_row("everything is object",
              tr::evaluate_rule(set, episodes, [](tr::posed_episode const& p, fsis::click const&) {
                return fsis::mask::blank(p.truth.height(), p.truth.width(), 1);
              }));
  }
  if (o.model.empty()) return;
  fsis::session_options so;
  so.refine = refinements.at(o.refine);
  fsis::visit_network(ctx, o.model, [&](auto const& net) {
    tr::progress_bar bar(0, o.episodes);
    auto const result =
        tr::evaluate(ctx, net, set, episodes, so, o.clicks, [&](fsis::index_t done) { bar.at(done); });
    std::fprintf(stderr, "\n");
    for (std::size_t c = 0; c < result.after_click.size(); ++c)
      print_row(fsis::message("refine ", o.refine, ", ", c + 1, " clicks"), result.after_click[c]);
    std::printf("%.1f ms per click over %lld clicks\n",
                1000 * result.click_seconds / static_cast<double>(result.clicks > 0 ? result.clicks : 1),
                static_cast<long long>(result.clicks));
    if (o.report.empty()) return;
    fsis::io::json_log log(o.report);
    for (std::size_t c = 0; c < result.after_click.size(); ++c) {
      auto const& s = result.after_click[c];
      std::vector<fsis::io::log_field> fields{{"model", o.model}, {"fold", o.fold}, {"part", o.part},
                                              {"refine", o.refine}, {"shots", o.shots}, {"episodes", o.episodes},
                                              {"seed", o.seed}, {"clicks", c + 1}, {"miou", s.mean_iou()},
                                              {"fb_iou", s.fb_iou()},
                                              {"foreground_iou", s.aggregated_foreground_iou()}};
      for (fsis::index_t const label : s.classes())
        fields.emplace_back("iou_" + std::to_string(label), s.class_iou(label));
      log.append(fields);
    }
  });
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto o = std::make_shared<evaluate_options>();
  auto* const c = app.add_subcommand("evaluate", "measure a network on episodes of held-out classes");
  c->add_option("--data", o->data, "folder with images/ and masks/ (label maps)")->required();
  c->add_option("--model", o->model, "safetensors file of the network");
  c->add_flag("--rules", o->rules, "also the best fixed disk around the click, and everything");
  c->add_option("--fold", o->fold, "PASCAL-5i fold that is held out")->capture_default_str();
  c->add_option("--part", o->part, "held-out: its classes; validation: the others, in pictures kept for choices")
      ->capture_default_str();
  c->add_option("--episodes", o->episodes, "number of episodes")->capture_default_str();
  c->add_option("--shots", o->shots, "support pictures per episode")->capture_default_str();
  c->add_option("--clicks", o->clicks, "clicks of the simulated user")->capture_default_str();
  c->add_option("--refine", o->refine, "none, aj, bj or brs")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "aj", "bj", "brs"}));
  c->add_option("--seed", o->seed, "of the episodes")->capture_default_str();
  c->add_option("--report", o->report, "JSON lines");
  c->add_option("--threads", o->threads, "0: all")->capture_default_str();
  c->callback([o] { run_evaluate(*o); });
}

}  // namespace fsis_tool
