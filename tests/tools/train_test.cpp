// SPDX-License-Identifier: MIT
#include <fsis/core/error.hpp>
#include <fsis/core/half.hpp>
#include <fsis/io/json_reader.hpp>
#include <fsis/io/safetensors_reader.hpp>

#include <tools/tool.hpp>

#include <filesystem>
#include <fstream>
#include <map>

using namespace fsis;
using fsis_test::holds;
using fsis_test::outcome;
using fsis_test::run_tool;
using fsis_test::scratch_folder;
using fsis_test::text_of_file;

namespace {

/// Pictures of one square each with their label maps: 80 of class 6, and 8 of class 1, which fold 0 holds out.
void write_squares(scratch_folder const& folder) {
  std::filesystem::create_directory(folder / "images");
  std::filesystem::create_directory(folder / "masks");
  for (index_t i = 0; i < 88; ++i) {
    std::string const name = std::to_string(100 + i) + ".png";
    index_t const place = 4 + i % 12;
    std::uint8_t const label = i < 80 ? 6 : 1;
    io::write_image(folder / ("images/" + name), fsis_test::picture_of_square(32, 32, place, 14));
    fsis_test::write_labels(folder / ("masks/" + name), fsis_test::mask_of_square(32, 32, place, 14, label));
  }
}

/// Folders of pictures, one per class.
void write_classes(scratch_folder const& folder) {
  for (index_t c = 0; c < 2; ++c) {
    std::string const name = "class_" + std::to_string(c);
    std::filesystem::create_directory(folder / name);
    for (index_t i = 0; i < 4; ++i)
      io::write_image(folder / (name + "/" + std::to_string(i) + ".png"),
                      fsis_test::picture_of_square(32, 32, 4 + i, 6 + 10 * c));
  }
}

/// Runs what must work.
outcome succeed(std::vector<std::string> const& arguments) {
  outcome o = run_tool(arguments);
  INFO(o.err);
  REQUIRE(o.code == 0);
  return o;
}

/// `fsis train` on the squares with small steps; `options` add to its options or replace them.
std::vector<std::string> training(scratch_folder const& folder, std::map<std::string, std::string> const& options) {
  std::map<std::string, std::string> all{{"--data", folder / ""}, {"--out", folder / "net.safetensors"},
                                         {"--steps", "1"},        {"--batch", "1"},
                                         {"--crop", "32"},        {"--longest-side", "32"},
                                         {"--seed", "3"},         {"--choice-episodes", "2"}};
  for (auto const& o : options) all[o.first] = o.second;
  std::vector<std::string> arguments{"train"};
  for (auto const& o : all) arguments.insert(arguments.end(), {o.first, o.second});
  return arguments;
}

}  // namespace

TEST_CASE("pretrain, train and evaluate make a network and measure it") {
  scratch_folder folder, classes;
  write_squares(folder);
  write_classes(classes);
  outcome const pretrained = succeed({"pretrain", "--images", classes / "", "--validation", classes / "", "--out",
                                      folder / "trunk.safetensors", "--steps", "2", "--batch", "2"});
  CHECK(mentions(pretrained.out, "validation accuracy"));

  outcome const trained = succeed(training(folder, {{"--steps", "2"},
                                                    {"--architecture", "narrow_vgg16"},
                                                    {"--trunk", folder / "trunk.safetensors"},
                                                    {"--log", folder / "log.jsonl"},
                                                    {"--page", folder / "page.html"}}));
  CHECK(mentions(text_of_file(folder / "page.html"), "<svg", "After step 2", "run narrow_vgg16"));
  CHECK(mentions(trained.err, "72 pictures for training, 8 kept for choices, 8 show a held-out class; 1 classes"));
  CHECK(mentions(trained.out, "threshold", "wrote"));
  CHECK(mentions(succeed({"info", folder / "net.safetensors"}).out, "narrow_vgg16", "steps = 2", "fold = 0"));

  outcome const measured = succeed({"evaluate",
                                    "--data",
                                    folder / "",
                                    "--model",
                                    folder / "net.safetensors",
                                    "--episodes",
                                    "3",
                                    "--clicks",
                                    "2",
                                    "--rules",
                                    "--refine",
                                    "none",
                                    "--refine",
                                    "aj",
                                    "--fine-tune",
                                    "1",
                                    "--fine-tune-seeds",
                                    "2",
                                    "--report",
                                    folder / "report.json",
                                    "--page",
                                    folder / "report.html"});
  CHECK(mentions(measured.out, "disk of radius", "everything is object", "GrabCut", "2 clicks", "mIoU",
                 "class 2 left out", "fine-tuned, 2 seeds", "NoC@90"));
  auto const report = io::read_json(folder / "report.json");
  auto const& methods = report.find("methods")->elements();
  REQUIRE(methods.size() >= 6);
  CHECK(methods.back().find("after_click")->elements().size() == 2);
  CHECK(methods.back().find("episodes")->number() == 6);  // three, by two seeds
  CHECK(mentions(text_of_file(folder / "report.html"), "<table>", "narrow_vgg16, refine aj"));
}

TEST_CASE("a baseline without clicks is trained and measured like the networks") {
  scratch_folder folder;
  write_squares(folder);
  succeed(training(folder, {{"--architecture", "panet"}}));
  outcome const measured = succeed({"evaluate", "--data", folder / "", "--model", folder / "net.safetensors",
                                    "--episodes", "2", "--page", folder / "report.html"});
  CHECK(mentions(measured.out, "panet", "mIoU"));

  // clicks go on from its masks, and networks learn while they are used
  succeed(training(folder, {{"--architecture", "narrow_vgg16"},
                            {"--clicks", "ritm"},
                            {"--corrections", "2"},
                            {"--out", folder / "clicked.safetensors"}}));
  outcome const several = succeed({"evaluate", "--data", folder / "", "--model", folder / "clicked.safetensors",
                                   "--protocol", "hsnet", "--episodes", "3", "--start", folder / "net.safetensors",
                                   "--learn", "never", "--learn", "object", "--clicks", "2"});
  CHECK(mentions(several.out, "refine none, learns after every object, 2 clicks", "from the mask of panet",
                 "3 updates; the weights of junction and head drifted by 0.", "click 2, second half"));
  CHECK(run_tool({"evaluate", "--data", folder / "", "--protocol", "unet"}).code == 2);
}

TEST_CASE("the trunk of the compact network is pretrained, too, and things without classes are mixed in") {
  scratch_folder folder, classes, regions;
  write_squares(folder);
  write_classes(classes);
  std::filesystem::create_directory(regions / "images");
  std::filesystem::create_directory(regions / "regions");
  io::write_image(regions / "images/1.png", fsis_test::picture_of_square(32, 32, 6, 14));
  fsis_test::write_labels(regions / "regions/1.png", fsis_test::mask_of_square(32, 32, 6, 14, 90));
  succeed({"pretrain", "--architecture", "compact", "--images", classes / "", "--side", "48", "--out",
           folder / "trunk.safetensors", "--steps", "1", "--batch", "2"});
  outcome const trained =
      succeed(training(folder, {{"--trunk", folder / "trunk.safetensors"}, {"--things", regions / ""}}));
  CHECK(mentions(trained.err, "1 pictures of regions for a share of 0.25"));
  // the prior trunk is the pretrained one, in halves
  auto values = io::safetensors_file::open(folder / "trunk.safetensors").read<float>("features.3.squeeze.weight");
  for (float& v : values) v = from_half(to_half(v));
  CHECK(io::safetensors_file::open(folder / "net.safetensors").read<float>("prior.features.3.squeeze.weight") == values);
}

TEST_CASE("presets give what the command line does not say") {
  scratch_folder folder;
  write_squares(folder);
  succeed(training(folder, {{"--preset", "thesis"}}));  // steps, batch, crop of the test stay
  CHECK(mentions(succeed({"info", folder / "net.safetensors"}).out, "steps = 1", "batch = 1 x 2", "rate = 0.01, trunk 0.1, poly", "optimiser = sgd"));
  CHECK(run_tool(training(folder, {{"--preset", "other"}})).code == 2);
}

TEST_CASE("a picture that cannot be read ends the training, or is left out and named") {
  scratch_folder folder;
  write_squares(folder);
  std::ofstream(folder / "images/120.png") << "no picture";
  outcome const refused = run_tool(training(folder, {}));
  CHECK(refused.code == 2);
  CHECK(mentions(refused.err, "120.png"));
  auto arguments = training(folder, {});
  arguments.push_back("--skip-unreadable");
  CHECK(mentions(succeed(arguments).err, "left out: 120", "72 pictures for training, 7 kept"));
}

TEST_CASE("training goes on from a checkpoint of its own, and refuses that of another run") {
  scratch_folder folder;
  write_squares(folder);
  std::string const checkpoint = folder / "checkpoint", whole = folder / "whole", resumed = folder / "resumed";
  succeed(training(folder, {{"--out", whole}, {"--threads", "1"}, {"--checkpoint", checkpoint}}));
  succeed(training(folder, {{"--out", resumed}, {"--threads", "2"}, {"--checkpoint", checkpoint}}));
  CHECK(holds(resumed, text_of_file(whole)));
  outcome const longer = run_tool(training(folder, {{"--steps", "3"}, {"--checkpoint", checkpoint}}));
  CHECK(longer.code == 2);
  CHECK(mentions(longer.err, "steps", "1", "3"));
}

TEST_CASE("training starts from the prior trunk of a network, too") {
  scratch_folder folder;
  write_squares(folder);
  fsis_test::make_model(folder / "made_up");
  for (std::string const architecture : {"compact", "compact_without_support"}) {
    INFO(architecture);
    // a rate of 0 leaves the weights as they were, and files of training hold halves
    succeed(training(folder, {{"--architecture", architecture}, {"--rate", "0"}, {"--trunk", folder / "made_up"}}));
    auto const from = io::safetensors_file::open(folder / "made_up");
    auto const to = io::safetensors_file::open(folder / "net.safetensors");
    for (std::string const layer : {"features.0.weight", "features.12.squeeze.bias"}) {
      auto values = from.read<float>("prior." + layer);
      for (float& v : values) v = from_half(to_half(v));
      CHECK(to.read<float>("middle." + layer) == values);
    }
  }
}

TEST_CASE("training refuses what it cannot use before it starts") {
  scratch_folder folder;
  write_squares(folder);
  auto const check_refused = [&](std::string const& option, std::string const& value, std::string const& word) {
    outcome const o = run_tool(training(folder, {{option, value}}));
    INFO(o.out << o.err);
    CHECK(o.code == 2);
    CHECK(mentions(o.err, word));
    CHECK_FALSE(std::filesystem::exists(folder / "net.safetensors"));
  };
  check_refused("--data", folder / "nowhere", "nowhere");
  check_refused("--architecture", "vgg16", "vgg16");
  check_refused("--fold", "1", "classes");  // class 6 is held out then, and too few pictures show class 1
  check_refused("--trunk", folder / "images/100.png", "100.png");
  check_refused("--steps", "-1", "-1");
}
