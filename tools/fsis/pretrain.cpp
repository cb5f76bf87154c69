// SPDX-License-Identifier: MIT
#include "tool.hpp"

#include <fsis/io/image_file.hpp>
#include <fsis/io/json_log.hpp>
#include <fsis/model/pretrained.hpp>
#include <fsis/training/classification.hpp>
#include <fsis/vision/resize_image.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace fsis_tool {
namespace {

namespace fs = std::filesystem;
constexpr fsis::index_t classes = 200;  // of Tiny-ImageNet; a file with fewer leaves outputs unused

struct pretrain_options {
  std::string images, validation, start, out, checkpoint, log, architecture = fsis::narrow_vgg16::name;
  fsis::index_t side = 0;
  fsis::training::classification_options train;
  int threads = 0;
};

/// A folder with one folder of pictures per class, both in alphabetical order. With a side, pictures become squares of
/// it.
fsis::training::labelled_pictures read_classes(std::string const& folder, fsis::index_t side) {
  if (!fs::is_directory(folder)) fsis::fail<fsis::io_error>("pretrain: '", folder, "' is no folder");
  std::vector<fs::path> names;
  for (auto const& e : fs::directory_iterator(folder))
    if (e.is_directory()) names.push_back(e.path());
  std::sort(names.begin(), names.end());
  fsis::require<fsis::value_error>(names.size() >= 2 && static_cast<fsis::index_t>(names.size()) <= classes,
                                   "pretrain: '", folder, "' has ", names.size(),
                                   " folders of pictures, wanted 2 to ", classes);
  fsis::training::labelled_pictures data;
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::vector<fs::path> files;
    for (auto const& e : fs::directory_iterator(names[c])) files.push_back(e.path());
    std::sort(files.begin(), files.end());
    for (auto const& f : files) {
      auto picture = fsis::io::read_image(f.string());
      if (side > 0) picture = fsis::vision::resize_image(picture, side, side);
      data.pictures.push_back(std::move(picture));
      data.labels.push_back(static_cast<std::int32_t>(c));
    }
  }
  return data;
}

template <class Architecture>
void pretrain(pretrain_options o) {
  using Tensor = fsis::tensor<float>;
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context ctx{co};
  auto const data = read_classes(o.images, o.side);
  std::fprintf(stderr, "%zu pictures\n", data.pictures.size());

  auto net = std::make_unique<fsis::training::trunk_classifier<Architecture, classes, Tensor>>();
  fsis::nn::initialise(ctx, *net, o.train.seed);
  if (!o.start.empty())
    o.train.pixels = fsis::model::load_trunk(ctx, net->trunk, fsis::io::safetensors_file::open(o.start));
  fsis::training::training_state<float, fsis::cpu_context> state;
  std::map<std::string, std::string> const notes{{"run", fsis::message("pretrain ", Architecture::name)},
                                                 {"rate", fsis::message(o.train.rate)},
                                                 {"seed", std::to_string(o.train.seed)},
                                                 {"steps", std::to_string(o.train.steps)}};
  if (!o.checkpoint.empty() && fs::exists(o.checkpoint)) {
    state = fsis::training::read_checkpoint<float>(ctx, o.checkpoint, *net, notes);
    std::fprintf(stderr, "resuming at step %lld\n", static_cast<long long>(state.step));
  }
  std::unique_ptr<fsis::io::json_log> log;
  if (!o.log.empty()) log = std::make_unique<fsis::io::json_log>(o.log);
  fsis::training::progress_bar bar(state.step, o.train.steps);
  double average = 0;
  fsis::training::train_classifier<std::remove_reference_t<decltype(*net)>, Tensor>(
      ctx, *net, data, o.train, state, [&](fsis::index_t step, double loss, double rate) {
        average = average == 0 ? loss : 0.98 * average + 0.02 * loss;
        bar.at(step, "loss " + std::to_string(average));
        if (log && step % 50 == 0) log->append({{"step", step}, {"loss", average}, {"rate", rate}});
        if (!o.checkpoint.empty() && (step % 500 == 0 || step == o.train.steps))
          fsis::training::write_checkpoint(ctx, o.checkpoint, *net, state, notes);
      });
  std::fprintf(stderr, "\n");
  if (!o.validation.empty()) {
    double const a = fsis::training::accuracy<Tensor>(ctx, *net, read_classes(o.validation, o.side), o.train.pixels);
    std::printf("validation accuracy %.4f\n", a);
    if (log) log->append({{"step", state.step}, {"validation_accuracy", a}});
  }
  fsis::model::save_trunk(ctx, net->trunk, Architecture::name, o.train.pixels, o.out);
  std::printf("wrote %s\n", o.out.c_str());
}

void run_pretrain(pretrain_options const& o) {
  if (o.architecture == fsis::compact::name)
    pretrain<fsis::compact>(o);
  else
    pretrain<fsis::narrow_vgg16>(o);
}

}  // namespace

void add_pretrain(CLI::App& app) {
  auto o = std::make_shared<pretrain_options>();
  auto* const c = app.add_subcommand("pretrain", "train a trunk to tell classes of small pictures apart");
  c->add_option("--images", o->images, "folder with one folder of pictures per class")->required();
  c->add_option("--validation", o->validation, "the same, to measure accuracy at the end");
  c->add_option("--architecture", o->architecture, "narrow_vgg16 or compact: whose trunk")
      ->capture_default_str()
      ->check(CLI::IsMember({"narrow_vgg16", "compact"}));
  c->add_option("--side", o->side, "pictures become squares of this side; 0: as they are, all of one size")
      ->capture_default_str();
  c->add_option("--start", o->start, "trunk or pretrained weights to go on from");
  c->add_option("--out", o->out, "safetensors file of the trunk")->required();
  c->add_option("--checkpoint", o->checkpoint, "written now and then, resumed from when it exists");
  c->add_option("--log", o->log, "JSON lines");
  c->add_option("--steps", o->train.steps, "batches")->capture_default_str();
  c->add_option("--batch", o->train.batch, "pictures per step")->capture_default_str();
  c->add_option("--rate", o->train.rate, "learning rate")->capture_default_str();
  c->add_option("--seed", o->train.seed, "of everything random")->capture_default_str();
  c->add_option("--threads", o->threads, "0: all")->capture_default_str();
  c->callback([o] { run_pretrain(*o); });
}

}  // namespace fsis_tool
