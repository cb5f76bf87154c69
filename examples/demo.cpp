// SPDX-License-Identifier: MIT
// What scripts/demo runs: renders scenes, shows the network one example of a class, and clicks as a user would who
// knows the truth.  demo [--model FILE] [--out FOLDER] [--clicks N]
#include "scenes.hpp"

#include <fsis/io/image_file.hpp>
#include <fsis/model.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/overlay.hpp>
#include <fsis/vision/simulated_user.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

struct options {
  std::string model = FSIS_SOURCE_DIR "/models/compact.safetensors", out = ".";
  int clicks = 5;
};

options parse(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; i += 2) {
    std::string const name = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    fsis::require<fsis::value_error>(!value.empty(), "'", name, "' lacks its value");
    if (name == "--model") {
      o.model = value;
    } else if (name == "--out") {
      o.out = value;
    } else if (name == "--clicks") {
      o.clicks = std::atoi(value.c_str());
      fsis::require<fsis::value_error>(o.clicks >= 1, "--clicks ", value, ", wanted at least 1");
    } else {
      fsis::fail<fsis::value_error>("unknown option '", name, "', wanted --model, --out or --clicks");
    }
  }
  return o;
}

using session = fsis::session_for<fsis::compact>;

/// Shows an example, clicks until the clicks are used up or nothing is left to correct, and returns the last IoU.
double segment_one(session& s, scenes::kind k, options const& o) {
  scenes::scene const example = scenes::render(scenes::example_of(k)), photo = scenes::render(scenes::photo_of(k));
  fsis::mask const shown = example.mask_of(example.largest(k)), truth = photo.mask_of(photo.largest(k));
  std::string const name = scenes::name_of(k), folder = o.out + "/";
  fsis::io::write_image(folder + "scenes/" + name + "_example.png", example.photo);
  fsis::io::write_mask(folder + "scenes/" + name + "_example_mask.png", shown);
  fsis::io::write_image(folder + "scenes/" + name + ".png", photo.photo);
  fsis::io::write_mask(folder + "scenes/" + name + "_truth.png", truth);

  fsis::interactive::stopwatch watch;
  s.set_support({{example.photo, shown}});
  s.set_query(photo.photo);
  std::printf("\n%s: one of %d among %zu things; example and photo prepared in %.0f ms\n", name.c_str(),
              scenes::photo_of(k).count, photo.kinds.size(), watch.lap());
  std::printf("  click       y    x     IoU      ms  evaluations  mask on the photo\n");
  double iou = 0;
  for (int i = 1; i <= o.clicks; ++i) {
    auto const next = fsis::vision::next_click(truth, s.result(), s.clicks());
    if (!next) break;
    fsis::mask const m = s.click(*next);
    iou = fsis::vision::iou(m, truth);
    std::string const picture = folder + name + "_click_" + std::to_string(i) + ".png";
    fsis::io::write_image(picture, fsis::vision::overlay(photo.photo, m, s.clicks()));
    auto const r = s.report();
    std::printf("  %d %s  %4.0f %4.0f   %.3f  %6.0f  %11lld  %s\n", i, next->is_positive ? "object" : "not it", next->y,
                next->x, iou, r.milliseconds.total, static_cast<long long>(r.evaluations), picture.c_str());
  }
  fsis::image clicked = photo.photo;
  fsis::vision::draw_clicks(clicked, s.clicks());
  fsis::io::write_image(folder + name + "_clicks.png", clicked);
  fsis::io::write_mask(folder + name + "_mask.png", s.result());
  std::printf("  photo with its clicks %s%s_clicks.png, mask %s%s_mask.png\n", folder.c_str(), name.c_str(),
              folder.c_str(), name.c_str());
  return iou;
}

}  // namespace

int main(int argc, char** argv) try {
  options o = parse(argc, argv);
  std::filesystem::create_directories(o.out + "/scenes");
  o.out = std::filesystem::canonical(o.out).string();
  fsis::cpu_context ctx;
  auto net = fsis::load_network<fsis::compact>(ctx, o.model);
  session s{ctx, net};
  std::printf("%s, %d threads; threshold %g\n", o.model.c_str(), ctx.threads(), s.threshold());
  double sum = 0;
  for (int i = 0; i < scenes::classes; ++i) sum += segment_one(s, static_cast<scenes::kind>(i), o);
  std::printf("\nmean IoU after the last click: %.3f\npictures are in %s, scenes in %s/scenes\n",
              sum / scenes::classes, o.out.c_str(), o.out.c_str());
} catch (fsis::error const& e) {
  std::fprintf(stderr, "demo: %s\n", e.what());
  return 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "demo: %s\n", e.what());
  return 1;
}
