// SPDX-License-Identifier: MIT
#include "tool.hpp"
#include "train_observer.hpp"

#include <fsis/model/load.hpp>
#include <fsis/model/pretrained.hpp>
#include <fsis/training/evaluation.hpp>
#include <fsis/training/illustrate.hpp>
#include <fsis/training/segmentation.hpp>
#include <fsis/systems/panet.hpp>
#include <fsis/training/regions_set.hpp>
#include <fsis/training/threshold.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace fsis_tool {
namespace {

/// Trunks start from one file. Returns how pictures must be prepared for them.
template <class Network>
fsis::normalization_constants load_trunks(fsis::cpu_context const& ctx, Network& net, std::string const& path) {
  auto const file = fsis::io::safetensors_file::open(path);
  if constexpr (Network::has_prior_trunk) fsis::model::load_trunk(ctx, net.prior_trunk(), file);
  return fsis::model::load_trunk(ctx, net.middle_trunk(), file);
}

/// What a training is made on.
class training_data {
 public:
  tr::segmentation_set set;
  tr::image_split split;
  tr::episode_source source;
  tr::episode_source choosing;  // made now: too few pictures for it must not be found out after hours of training

  explicit training_data(train_options const& o)
      : set(open_data(o.data)),
        split(tr::split_for_training(set, held_out_classes(o.data))),
        source(set, split.training, training_classes(o.data), o.train.shots),
        choosing(set, split.validation, training_classes(o.data), o.train.shots) {
    std::fprintf(stderr, "%zu pictures for training, %zu kept for choices, %zu show a held-out class; %zu classes\n",
                 split.training.size(), split.validation.size(), split.held_out.size(), source.labels().size());
    if (o.things.empty()) return;
    things_set = std::make_unique<tr::segmentation_set>(tr::regions_set(o.things, 0.01, o.data.unreadable));
    things = std::make_unique<tr::thing_source>(*things_set, o.train.shots);
    std::fprintf(stderr, "%lld pictures of regions for a share of %g\n", static_cast<long long>(things_set->size()),
                 o.things_share);
  }

  tr::episode_mixture mixture(train_options const& o) const {
    if (things) return {set, source, *things, o.things_share};
    return {set, source};
  }

 private:
  std::unique_ptr<tr::segmentation_set> things_set;
  std::unique_ptr<tr::thing_source> things;
};

std::map<std::string, tr::optimiser_kind> const optimisers{{"adam", tr::optimiser_kind::adam},
                                                           {"sgd", tr::optimiser_kind::sgd}};
std::map<std::string, tr::rate_schedule> const schedules{{"constant", tr::rate_schedule::constant},
                                                         {"poly", tr::rate_schedule::poly},
                                                         {"cosine", tr::rate_schedule::cosine},
                                                         {"last-sixth", tr::rate_schedule::last_sixth}};
std::map<std::string, tr::segmentation_loss> const losses{{"focal", tr::segmentation_loss::normalized_focal},
                                                          {"ce", tr::segmentation_loss::cross_entropy},
                                                          {"ce-iou", tr::segmentation_loss::cross_entropy_and_iou}};
std::map<std::string, tr::click_model> const click_models{
    {"f-brs", tr::click_model::f_brs}, {"ritm", tr::click_model::ritm}, {"dios", tr::click_model::dios}};

template <class Value>
std::string name_of(std::map<std::string, Value> const& names, Value value) {
  for (auto const& n : names)
    if (n.second == value) return n.first;
  return "?";
}

/// What two runs must have in common for one to go on where the other stopped.
std::map<std::string, std::string> notes_of(train_options const& o, char const* architecture) {
  tr::segmentation_options const& t = o.train;
  return {{"run", architecture},
          {"fold", std::to_string(o.data.fold)},
          {"seed", std::to_string(t.seed)},
          {"steps", std::to_string(t.steps)},
          {"batch", fsis::message(t.batch, " x ", t.accumulate)},
          {"shots", std::to_string(t.shots)},
          {"optimiser", name_of(optimisers, t.optimiser)},
          {"rate", fsis::message(t.rate, ", trunk ", t.trunk_rate, ", ", name_of(schedules, t.schedule))},
          {"average", fsis::message(t.average)},
          {"loss", name_of(losses, t.loss)},
          {"clicks", fsis::message(name_of(click_models, t.examples.model), ", ", t.corrections, " corrections")},
          {"things", fsis::message(o.things.empty() ? 0 : o.things_share)},
          {"crop", std::to_string(t.examples.side)}};
}

/// Trains from the checkpoint, if there is one, to the end; the network has the averages for weights if they are made.
template <class Network, class Look>
void run_to_the_end(fsis::cpu_context const& ctx, Network& net, training_data const& data, train_options const& o,
                    std::map<std::string, std::string> const& notes, Look look) {
  tr::training_state<float, fsis::cpu_context> state;
  if (!o.checkpoint.empty() && fs::exists(o.checkpoint)) {
    state = tr::read_checkpoint<float>(ctx, o.checkpoint, net, notes);
    std::fprintf(stderr, "resuming at step %lld\n", static_cast<long long>(state.step));
  }
  observer<Network> watch(ctx, o, notes, net, state);
  tr::train_segmentation(
      ctx, net, data.mixture(o), o.settings, o.train, state,
      [&](tr::training_progress const& now) { watch.after(now, [&](fsis::index_t step) { look(watch, step); }); });
  std::fprintf(stderr, "\n");
  tr::use_average(ctx, state.averages, net);
}

template <class Architecture>
void train(fsis::cpu_context const& ctx, training_data const& data, train_options o) {
  auto net = std::make_unique<fsis::loaded_network<Architecture>>();
  net->initialise(ctx, o.train.seed);
  if (!o.trunk.empty()) o.settings.pixels = load_trunks(ctx, *net, o.trunk);
  net->settings = o.settings;
  net->freeze_prior();
  fsis::nn::freeze_statistics(net->middle_trunk());
  auto const notes = notes_of(o, Architecture::name);

  auto const episodes = data.choosing.fixed(std::min(o.choice_episodes, fsis::index_t{100}), o.train.seed);
  run_to_the_end(ctx, *net, data, o, notes, [&](auto& watch, fsis::index_t step) {
    fsis::session_options so;
    so.refine = fsis::refinement::none;
    auto const now = tr::evaluate(ctx, *net, data.set, episodes, so, 1);
    std::vector<std::size_t> first(
        static_cast<std::size_t>(std::min(o.pictures, static_cast<fsis::index_t>(episodes.size()))));
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = i;
    watch.add_validation(step, now.scores(1).mean_iou(), tr::illustrate(ctx, *net, data.set, now, first, so));
  });
  // the threshold is chosen on training classes, in pictures that were not trained on, with the weights as stored
  fsis::save_network(ctx, *net, o.settings, o.out, fsis::io::dtype::f16, notes);
  auto stored = fsis::load_network<Architecture>(ctx, o.out);
  stored.settings.threshold =
      tr::best_threshold(ctx, stored, data.set, data.choosing.fixed(o.choice_episodes, o.train.seed));
  fsis::save_network(ctx, stored, stored.settings, o.out, fsis::io::dtype::f16, notes);
  std::printf("threshold %g\n", stored.settings.threshold);
}

/// The baseline without clicks.
void train_panet(fsis::cpu_context const& ctx, training_data const& data, train_options o) {
  using network = fsis::systems::panet<fsis::compact>;
  auto net = std::make_unique<network>();
  net->initialise(ctx, o.train.seed);
  if (!o.trunk.empty())
    o.settings.pixels = fsis::model::load_trunk(ctx, net->middle_trunk(), fsis::io::safetensors_file::open(o.trunk));
  run_to_the_end(ctx, *net, data, o, notes_of(o, network::name), [](auto&, fsis::index_t) {});
  fsis::systems::save_panet(ctx, *net, o.settings, o.out);
}

/// Takes everything from a preset that the command line does not say.
void apply_preset(train_options& o, fsis::index_t pictures) {
  if (o.preset.empty()) return;
  auto const preset = o.preset == "thesis" ? tr::thesis_training(pictures) : tr::fbrs_training(pictures);
  auto const take = [&](char const* option, auto member) {
    if (o.given.count(option) == 0) o.train.*member = preset.*member;
  };
  using options = tr::segmentation_options;
  take("--steps", &options::steps);
  take("--batch", &options::batch);
  take("--accumulate", &options::accumulate);
  take("--optimiser", &options::optimiser);
  take("--schedule", &options::schedule);
  take("--rate", &options::rate);
  take("--loss", &options::loss);
  take("--weight-decay", &options::weight_decay);
  take("--corrections", &options::corrections);
}

void run_train(train_options const& asked) {
  train_options o = asked;
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context const ctx{co};
  auto const is = [&](char const* name) { return o.architecture == name; };
  using namespace fsis;
  require<value_error>(is(compact::name) || is(compact_without_support::name) || is(narrow_vgg16::name) ||
                           is(systems::panet<compact>::name),
                       "train: architecture '", o.architecture, "', wanted '", compact::name, "', '",
                       compact_without_support::name, "', '", narrow_vgg16::name, "' or '",
                       systems::panet<compact>::name, "'");
  training_data const data(o);
  apply_preset(o, static_cast<index_t>(data.split.training.size()));
  if (is(compact::name)) train<compact>(ctx, data, o);
  if (is(compact_without_support::name)) train<compact_without_support>(ctx, data, o);
  if (is(narrow_vgg16::name)) train<narrow_vgg16>(ctx, data, o);
  // no click enters it
  if (is(systems::panet<compact>::name) && o.given.count("--corrections") == 0) o.train.corrections = 0;
  if (is(systems::panet<compact>::name)) train_panet(ctx, data, o);
  std::printf("wrote %s\n", o.out.c_str());
}

}  // namespace

void add_train(CLI::App& app) {
  auto o = std::make_shared<train_options>();
  auto* const c = app.add_subcommand("train", "train a network on episodes from a folder of pictures and masks");
  add_data_options(*c, o->data);
  c->add_option("--architecture", o->architecture, "compact, compact_without_support, narrow_vgg16 or panet")
      ->capture_default_str();
  c->add_option("--trunk", o->trunk,
                "trunk of fsis pretrain, pretrained weights, or a network to take its prior trunk from");
  c->add_option("--things", o->things,
                "folder with images/ and regions/ (maps without classes): clicks are learned on these, too");
  c->add_option("--things-share", o->things_share, "of the episodes")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--out", o->out, "safetensors file of the network")->required();
  c->add_option("--checkpoint", o->checkpoint, "written now and then, resumed from when it exists");
  c->add_option("--log", o->log, "JSON lines");
  c->add_option("--page", o->page, "HTML file with curves and example masks, written now and then");
  c->add_option("--look-every", o->look_every, "steps between two looks at kept pictures for the page")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  c->add_option("--pictures", o->pictures, "example masks of each look")->capture_default_str();
  c->add_option("--preset", o->preset, "thesis or f-brs: what other options do not say is as these were trained")
      ->check(CLI::IsMember({"thesis", "f-brs"}));
  c->add_option("--steps", o->train.steps, "steps of the optimiser")->capture_default_str();
  c->add_option("--batch", o->train.batch, "episodes computed at once")->capture_default_str();
  c->add_option("--accumulate", o->train.accumulate, "batches whose gradients are averaged into a step")
      ->capture_default_str();
  c->add_option("--shots", o->train.shots, "support pictures per episode")->capture_default_str();
  c->add_option("--optimiser", o->train.optimiser, "adam (the default) or sgd")
      ->transform(CLI::CheckedTransformer(optimisers));
  c->add_option("--schedule", o->train.schedule, "constant, poly, cosine (the default) or last-sixth")
      ->transform(CLI::CheckedTransformer(schedules));
  c->add_option("--rate", o->train.rate, "learning rate behind the warm-up")->capture_default_str();
  c->add_option("--trunk-rate", o->train.trunk_rate, "of the pretrained trunk, as a part of the rate")
      ->capture_default_str();
  c->add_option("--warm-up", o->train.warm_up, "steps in which the rate rises")->capture_default_str();
  c->add_option("--weight-decay", o->train.weight_decay, "of filters")->capture_default_str();
  c->add_option("--average", o->train.average,
                "decay of the averages of the weights that are kept, as 0.998; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--crop", o->train.examples.side, "side of the training crops")->capture_default_str();
  c->add_option("--loss", o->train.loss, "focal (as f-BRS), ce or ce-iou (cross-entropy and soft IoU, the default)")
      ->transform(CLI::CheckedTransformer(losses));
  c->add_option("--clicks", o->train.examples.model, "who clicks: f-brs (the default), ritm or dios")
      ->transform(CLI::CheckedTransformer(click_models));
  c->add_option("--corrections", o->train.corrections,
                "most clicks added where the network is wrong, before a batch is learned from (RITM: 3)")
      ->capture_default_str();
  c->add_option("--one-click-share", o->train.examples.one_click_share, "of examples with one click in the middle")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0));
  c->add_option("--choice-episodes", o->choice_episodes, "episodes on which the threshold is chosen")
      ->capture_default_str();
  c->add_option("--longest-side", o->settings.longest_side, "pictures are shrunk to this when the network is used")
      ->capture_default_str();
  c->add_option("--seed", o->train.seed, "of everything random")->capture_default_str();
  c->add_option("--loaders", o->train.loader_threads, "threads that prepare pictures beside the training")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  c->add_option("--threads", o->threads, "0: all")->capture_default_str();
  c->callback([o, c] {
    for (CLI::Option const* option : c->get_options())
      if (option->count() > 0) o->given.insert(option->get_name());
    run_train(*o);
  });
}

}  // namespace fsis_tool
