// SPDX-License-Identifier: MIT
// Trains every variant of the network for the same number of steps on one fold and measures it on the classes that were
// trained on (in pictures kept for choices) and on the held-out ones, so that defaults are what measured best.
#include <fsis/io/json_log.hpp>
#include <fsis/model/load.hpp>
#include <fsis/model/pretrained.hpp>
#include <fsis/training/bootstrap.hpp>
#include <fsis/training/folder_set.hpp>
#include <fsis/training/progress.hpp>
#include <fsis/training/regions_set.hpp>
#include <fsis/training/segmentation.hpp>
#include <fsis/training/threshold.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>

namespace {

namespace tr = fsis::training;

struct options {
  std::string data, trunk, things, log;
  fsis::index_t fold = 0, steps = 2000, episodes = 300;
  std::vector<std::string> only;
  int threads = 0;
};

struct stride8_only : fsis::compact {
  static constexpr char const* name = "stride8_only";
  static constexpr fsis::middle_levels levels = fsis::middle_levels::stride8;
};
struct frozen_middle : fsis::compact {
  static constexpr char const* name = "frozen_middle";
  static constexpr fsis::middle_trunk middle = fsis::middle_trunk::frozen;
};
struct feature_map_support : fsis::compact {
  static constexpr char const* name = "feature_map_support";
  static constexpr fsis::support_path support = fsis::support_path::feature_map;
};
struct prior_only : fsis::compact {
  static constexpr char const* name = "prior_only";
  static constexpr fsis::support_path support = fsis::support_path::none;
};
struct prototype_only : fsis::compact {
  static constexpr char const* name = "prototype_only";
  static constexpr bool has_prior = false;
};
struct late_clicks : fsis::compact {
  static constexpr char const* name = "late_clicks";
  static constexpr bool clicks_in_junction = true;
};
struct without_click_prior : fsis::compact {
  static constexpr char const* name = "without_click_prior";
  static constexpr int click_prior_levels = 0;
  static constexpr bool self_support = false;
};
struct one_look : fsis::compact {
  static constexpr char const* name = "one_look";
  static constexpr bool self_support = false;
};
struct high_click_prior : fsis::compact {
  static constexpr char const* name = "high_click_prior";
  static constexpr int click_prior_levels = 1;
};
struct click_prior_alone : fsis::compact_without_support {
  static constexpr char const* name = "click_prior_alone";
  static constexpr int click_prior_levels = 2;
};
struct without_focus : fsis::compact {
  static constexpr char const* name = "without_focus";
  static constexpr bool has_focus = false;
};
struct wide_fusion : fsis::compact {
  static constexpr char const* name = "wide_fusion";
  static constexpr fsis::index_t fusion_kernel = 3;
};

struct data_of_fold {
  tr::segmentation_set set;
  tr::image_split split;
  tr::class_labels held_out, others;
  tr::episode_source training, choosing, test;
  std::unique_ptr<tr::segmentation_set> things_set;
  std::unique_ptr<tr::thing_source> things;

  explicit data_of_fold(options const& o)
      : set(tr::folder_set(o.data)),
        split(tr::split_for_training(set, tr::pascal_fold(o.fold))),
        held_out(tr::pascal_fold(o.fold)),
        others(tr::other_pascal_classes(held_out)),
        training(set, split.training, others, 1),
        choosing(set, split.validation, others, 1),
        test(set, split.held_out, held_out, 1) {
    if (o.things.empty()) return;
    things_set = std::make_unique<tr::segmentation_set>(tr::regions_set(o.things));
    things = std::make_unique<tr::thing_source>(*things_set, 1);
  }

  /// A quarter of the episodes are of things without a class, unless a variant goes without.
  tr::episode_mixture mixture(bool with_things) const {
    if (things && with_things) return {set, training, *things, 0.25};
    return {set, training};
  }
};

/// What a variant changes where it is none of type.
struct change {
  fsis::network_settings settings;
  tr::segmentation_options training;
  bool things = true;
};

/// One row: the same steps for every variant.
template <class Architecture>
void measure(fsis::cpu_context const& ctx, data_of_fold const& data, options const& o, std::string const& name,
             std::function<void(change&)> const& vary = {}) {
  auto net = std::make_unique<fsis::loaded_network<Architecture>>();
  net->initialise(ctx, 1);
  change c;
  c.training.steps = o.steps;
  c.settings.longest_side = 320;
  if (vary) vary(c);
  net->settings = c.settings;
  auto const file = fsis::io::safetensors_file::open(o.trunk);
  if constexpr (Architecture::middle == fsis::middle_trunk::tuned)
    net->settings.pixels = fsis::model::load_trunk(ctx, net->middle_trunk(), file);
  if constexpr (fsis::network<Architecture>::has_prior_trunk)
    net->settings.pixels = fsis::model::load_trunk(ctx, net->prior_trunk(), file);
  net->freeze_prior();
  tr::training_state<float, fsis::cpu_context> state;
  tr::progress_bar bar(0, c.training.steps);
  tr::train_segmentation(ctx, *net, data.mixture(c.things), net->settings, c.training, state,
                         [&](tr::training_progress const& now) { bar.at(now.step, name); });
  std::fprintf(stderr, "\n");
  net->settings.threshold = tr::best_threshold(ctx, *net, data.set, data.choosing.fixed(200, 1));
  fsis::session_options so;
  so.refine = fsis::refinement::none;
  auto const miou = [&](tr::episode_source const& source, std::uint64_t seed) {
    return tr::uncertain_mean_iou(tr::evaluate(ctx, *net, data.set, source.fixed(o.episodes, seed), so, 1), 1);
  };
  auto const kept = miou(data.choosing, 2), held_out = miou(data.test, 1);
  std::printf("%-28s trained classes %.3f +- %.3f   held-out classes %.3f +- %.3f\n", name.c_str(), kept.value,
              kept.standard_error, held_out.value, held_out.standard_error);
  std::fflush(stdout);
  if (!o.log.empty())
    fsis::io::json_log(o.log).append({{"variant", name},
                                      {"fold", o.fold},
                                      {"steps", o.steps},
                                      {"trained_miou", kept.value},
                                      {"trained_error", kept.standard_error},
                                      {"held_out_miou", held_out.value},
                                      {"held_out_error", held_out.standard_error}});
}

void run(options const& o) {
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context const ctx{co};
  data_of_fold const data(o);
  using fsis::compact;
  using variant = std::function<void(std::string const&)>;
  auto const varied = [&](std::function<void(change&)> const& vary) -> variant {
    return [&, vary](std::string const& name) { measure<compact>(ctx, data, o, name, vary); };
  };
  std::vector<std::pair<std::string, variant>> const variants{
      {"default", [&](auto& n) { measure<compact>(ctx, data, o, n); }},
      {"stride8_only", [&](auto& n) { measure<stride8_only>(ctx, data, o, n); }},
      {"frozen_middle", [&](auto& n) { measure<frozen_middle>(ctx, data, o, n); }},
      {"feature_map_support", [&](auto& n) { measure<feature_map_support>(ctx, data, o, n); }},
      {"prior_only", [&](auto& n) { measure<prior_only>(ctx, data, o, n); }},
      {"prototype_only", [&](auto& n) { measure<prototype_only>(ctx, data, o, n); }},
      {"without_support", [&](auto& n) { measure<fsis::compact_without_support>(ctx, data, o, n); }},
      {"without_click_prior", [&](auto& n) { measure<without_click_prior>(ctx, data, o, n); }},
      {"one_look", [&](auto& n) { measure<one_look>(ctx, data, o, n); }},
      {"high_click_prior", [&](auto& n) { measure<high_click_prior>(ctx, data, o, n); }},
      {"click_prior_alone", [&](auto& n) { measure<click_prior_alone>(ctx, data, o, n); }},
      {"late_clicks", [&](auto& n) { measure<late_clicks>(ctx, data, o, n); }},
      {"without_focus", [&](auto& n) { measure<without_focus>(ctx, data, o, n); }},
      {"wide_fusion", [&](auto& n) { measure<wide_fusion>(ctx, data, o, n); }},
      {"pfenet_prior", varied([](change& c) {
         c.settings.prior = {1e-7, 1e-7, true};
       })},
      {"distance_maps", varied([](change& c) { c.settings.clicks = fsis::vision::fraction_encoding(); })},
      {"disk_maps", varied([](change& c) { c.settings.clicks = fsis::vision::disk_encoding(); })},
      {"focal_loss", varied([](change& c) { c.training.loss = tr::segmentation_loss::normalized_focal; })},
      {"cross_entropy", varied([](change& c) { c.training.loss = tr::segmentation_loss::cross_entropy; })},
      {"one_click_only", varied([](change& c) { c.training.examples.one_click_share = 1; })},
      {"ritm_clicks", varied([](change& c) { c.training.examples.model = tr::click_model::ritm; })},
      {"dios_clicks", varied([](change& c) { c.training.examples.model = tr::click_model::dios; })},
      {"without_corrections", varied([](change& c) { c.training.corrections = 0; })},
      {"without_things", varied([](change& c) { c.things = false; })},
      {"trunk_at_full_rate", varied([](change& c) { c.training.trunk_rate = 1; })},
      {"trunk_fixed", varied([](change& c) { c.training.trunk_rate = 0; })},
      {"sgd", varied([](change& c) {
         c.training.optimiser = tr::optimiser_kind::sgd;
         c.training.rate = 0.01;
         c.training.schedule = tr::rate_schedule::poly;
       })}};
  for (auto const& v : variants)
    if (o.only.empty() || std::find(o.only.begin(), o.only.end(), v.first) != o.only.end()) v.second(v.first);
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  CLI::App app{"trains and measures the variants of the network"};
  app.add_option("--data", o.data, "folder with images/ and masks/ (label maps)")->required();
  app.add_option("--trunk", o.trunk, "pretrained weights of SqueezeNet 1.1")->required();
  app.add_option("--things", o.things, "folder with images/ and regions/, for a quarter of the episodes");
  app.add_option("--fold", o.fold, "PASCAL-5i fold that is held out")->capture_default_str();
  app.add_option("--steps", o.steps, "of each training")->capture_default_str();
  app.add_option("--episodes", o.episodes, "of each measurement")->capture_default_str();
  app.add_option("--only", o.only, "names of variants; all without it");
  app.add_option("--log", o.log, "JSON lines");
  app.add_option("--threads", o.threads, "0: all")->capture_default_str();
  try {
    app.parse(argc, argv);
    run(o);
    return 0;
  } catch (CLI::ParseError const& e) {
    return app.exit(e);
  } catch (fsis::error const& e) {
    std::fprintf(stderr, "ablations: %s\n", e.what());
    return 2;
  }
}
