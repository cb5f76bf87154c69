// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/io/json_log.hpp>
#include <fsis/model/load.hpp>
#include <fsis/training/evaluation.hpp>
#include <fsis/training/folder_set.hpp>
#include <fsis/training/progress.hpp>
#include <fsis/training/segmentation.hpp>

#include <filesystem>
#include <memory>

namespace fsis_tool {
namespace {

namespace fs = std::filesystem;

struct train_options {
  std::string data, trunk, out, checkpoint, log, architecture = fsis::compact::name;
  fsis::index_t fold = 0;
  fsis::training::segmentation_options train;
  fsis::network_settings settings;
  fsis::index_t choice_episodes = 300;
  int threads = 0;
};

std::set<std::uint8_t> other_classes(std::set<std::uint8_t> const& held_out) {
  std::set<std::uint8_t> classes;
  for (std::uint8_t c = 1; c <= 20; ++c)
    if (held_out.count(c) == 0) classes.insert(c);
  return classes;
}

/// Both trunks start from those of `fsis pretrain`, or from the prior trunk of a network.
template <class Network>
void load_trunk(fsis::cpu_context const& ctx, Network& net, std::string const& path) {
  auto const file = fsis::io::safetensors_file::open(path);
  bool const is_network = file.metadata().count("architecture") > 0;
  std::string const prefix = is_network ? "prior." : "";
  if constexpr (Network::architecture::has_prior)
    fsis::model::load_parameters(ctx, net.prior_trunk(), file, prefix);
  fsis::model::load_parameters(ctx, net.middle_trunk(), file, prefix);
}

template <class Architecture>
void train(train_options const& o) {
  using network = fsis::network<Architecture>;
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context ctx{co};

  auto net = std::make_unique<network>();
  net->initialise(ctx, o.train.seed);
  if (!o.trunk.empty()) load_trunk(ctx, *net, o.trunk);
  net->freeze_prior();
  fsis::nn::freeze_statistics(net->middle_trunk());

  auto const held_out = fsis::training::pascal_fold(o.fold);
  auto const set = fsis::training::folder_set(o.data);
  auto const split = fsis::training::split_for_training(set, held_out);
  fsis::training::episode_source const source(set, split.training, other_classes(held_out), o.train.shots);
  // made now: too few pictures for it must not be found out after hours of training
  fsis::training::episode_source const choosing(set, split.validation, other_classes(held_out), o.train.shots);
  std::fprintf(stderr, "%zu pictures for training, %zu kept for choices, %zu show a held-out class; %zu classes\n",
               split.training.size(), split.validation.size(), split.held_out.size(), source.labels().size());

  fsis::training::training_state<float, fsis::cpu_context> state;
  std::map<std::string, std::string> const notes{{"run", Architecture::name},
                                                 {"fold", std::to_string(o.fold)},
                                                 {"seed", std::to_string(o.train.seed)},
                                                 {"steps", std::to_string(o.train.steps)},
                                                 {"batch", std::to_string(o.train.batch)}};
  if (!o.checkpoint.empty() && fs::exists(o.checkpoint)) {
    state = fsis::training::read_checkpoint<float>(ctx, o.checkpoint, *net, notes);
    std::fprintf(stderr, "resuming at step %lld\n", static_cast<long long>(state.step));
  }
  std::unique_ptr<fsis::io::json_log> log;
  if (!o.log.empty()) log = std::make_unique<fsis::io::json_log>(o.log);
  fsis::training::progress_bar bar(state.step, o.train.steps);
  double average = 0;
  fsis::training::train_segmentation(
      ctx, *net, set, source, o.settings, o.train, state, [&](fsis::index_t step, double loss, double rate) {
        average = average == 0 ? loss : 0.98 * average + 0.02 * loss;
        bar.at(step, "loss " + std::to_string(average));
        if (log && step % 50 == 0) log->append({{"step", step}, {"loss", average}, {"rate", rate}});
        if (!o.checkpoint.empty() && (step % 250 == 0 || step == o.train.steps))
          fsis::training::write_checkpoint(ctx, o.checkpoint, *net, state, notes);
      });
  std::fprintf(stderr, "\n");
  // the threshold is chosen on training classes, in pictures that were not trained on, with the weights as stored
  fsis::save_network(ctx, *net, o.settings, o.out, fsis::io::dtype::f16, notes);
  auto stored = fsis::load_network<Architecture>(ctx, o.out);
  stored.settings.threshold =
      fsis::training::best_threshold(ctx, stored, set, choosing.fixed(o.choice_episodes, o.train.seed));
  fsis::save_network(ctx, stored, stored.settings, o.out, fsis::io::dtype::f16, notes);
  std::printf("threshold %g\n", stored.settings.threshold);
  std::printf("wrote %s\n", o.out.c_str());
}

void run_train(train_options const& o) {
  if (o.architecture == fsis::compact::name)
    train<fsis::compact>(o);
  else if (o.architecture == fsis::compact_without_support::name)
    train<fsis::compact_without_support>(o);
  else
    fsis::fail<fsis::value_error>("train: architecture '", o.architecture, "', wanted '", fsis::compact::name,
                                  "' or '", fsis::compact_without_support::name, "'");
}

}  // namespace

void add_train(CLI::App& app) {
  auto o = std::make_shared<train_options>();
  auto* const c = app.add_subcommand("train", "train a network on episodes from a folder of pictures and masks");
  c->add_option("--data", o->data, "folder with images/ and masks/ (label maps)")->required();
  c->add_option("--fold", o->fold, "PASCAL-5i fold that is held out")->capture_default_str();
  c->add_option("--architecture", o->architecture, "compact or compact_without_support")->capture_default_str();
  c->add_option("--trunk", o->trunk, "trunk of fsis pretrain, or a network to take its prior trunk from");
  c->add_option("--out", o->out, "safetensors file of the network")->required();
  c->add_option("--checkpoint", o->checkpoint, "written now and then, resumed from when it exists");
  c->add_option("--log", o->log, "JSON lines");
  c->add_option("--steps", o->train.steps, "batches")->capture_default_str();
  c->add_option("--batch", o->train.batch, "episodes per step")->capture_default_str();
  c->add_option("--shots", o->train.shots, "support pictures per episode")->capture_default_str();
  c->add_option("--rate", o->train.rate, "learning rate of Adam")->capture_default_str();
  c->add_option("--crop", o->train.examples.side, "side of the training crops")->capture_default_str();
  std::map<std::string, fsis::training::segmentation_loss> const losses{
      {"focal", fsis::training::segmentation_loss::normalized_focal},
      {"ce-iou", fsis::training::segmentation_loss::cross_entropy_and_iou}};
  c->add_option("--loss", o->train.loss, "focal (as f-BRS) or ce-iou (cross-entropy and soft IoU, the default)")
      ->transform(CLI::CheckedTransformer(losses));
  c->add_option("--choice-episodes", o->choice_episodes, "episodes on which the threshold is chosen")
      ->capture_default_str();
  c->add_option("--longest-side", o->settings.longest_side, "pictures are shrunk to this when the network is used")
      ->capture_default_str();
  c->add_option("--seed", o->train.seed, "of everything random")->capture_default_str();
  c->add_option("--threads", o->threads, "0: all")->capture_default_str();
  c->callback([o] { run_train(*o); });
}

}  // namespace fsis_tool
