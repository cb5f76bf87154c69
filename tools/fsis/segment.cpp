// SPDX-License-Identifier: MIT
#include "output_files.hpp"
#include "segment_input.hpp"
#include "tool.hpp"

#include <fsis/core/version.hpp>
#include <fsis/io/image_file.hpp>
#include <fsis/model.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/overlay.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace fsis_tool {
namespace {

using fsis::index_t;
using json = nlohmann::ordered_json;

struct segment_options {
  std::string model, query, start_mask, truth, out, overlay, probability, report, steps;
  std::vector<std::string> supports, clicks;
  std::string refine = "aj", zoom = "off", flip = "off", device = "auto";
  std::optional<int> label;
  int threads = 0;
  fsis::session_options session;
  std::optional<double> threshold;
};

/// Everything read from the command line and the files it names, checked.
struct job {
  std::vector<fsis::shot> shots;
  std::vector<fsis::click> clicks;
  fsis::image photo;
  std::optional<fsis::mask> start;
  std::optional<object_mask> truth;
};

fsis::refinement refinement_named(std::string const& name) {
  if (name == "aj") return fsis::refinement::aj;
  if (name == "bj") return fsis::refinement::bj;
  if (name == "brs") return fsis::refinement::brs;
  return fsis::refinement::none;
}

std::string step_path(segment_options const& o, std::size_t click) {
  return (std::filesystem::path(o.steps) / fsis::message("click_", click + 1, ".png")).string();
}

/// Results must not replace each other or what they were made from. A start mask may be replaced: that is how one goes
/// on from a result.
void check_outputs(segment_options const& o) {
  check_ending("--out", o.out, {"png"});
  if (!o.overlay.empty()) check_ending("--overlay", o.overlay, {"png", "jpg", "jpeg"});
  if (!o.probability.empty()) check_ending("--prob", o.probability, {"png"});
  fsis::require<fsis::io_error>(o.steps.empty() || std::filesystem::is_directory(o.steps), "--steps: '", o.steps,
                                "' is no folder");
  std::vector<std::string> inputs{o.model, o.query, o.truth}, outputs{o.out, o.overlay, o.probability, o.report};
  for (std::size_t i = 0; i < o.clicks.size() && !o.steps.empty(); ++i) outputs.push_back(step_path(o, i));
  for (std::string const& s : o.supports) {
    auto const files = split_support(s);
    inputs.push_back(files.first);
    inputs.push_back(files.second);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].empty()) continue;
    for (std::size_t k = i + 1; k < outputs.size(); ++k)
      fsis::require<fsis::value_error>(outputs[k].empty() || !same_file(outputs[i], outputs[k]), "segment: '",
                                       outputs[i], "' is the name of two results, wanted different files");
    for (std::string const& in : inputs)
      fsis::require<fsis::value_error>(in.empty() || !same_file(outputs[i], in), "segment: the result '", outputs[i],
                                       "' would replace the input '", in, "'");
  }
}

job read_job(segment_options const& o) {
  job j;
  for (std::string const& text : o.clicks) j.clicks.push_back(parse_click(text));
  check_outputs(o);
  for (std::string const& text : o.supports) j.shots.push_back(read_support(text, o.label));
  j.photo = fsis::io::read_image(o.query);
  for (std::size_t i = 0; i < j.clicks.size(); ++i)
    check_click(j.clicks[i], i + 1, j.clicks.size(), o.query, j.photo.height(), j.photo.width());
  if (!o.start_mask.empty()) {
    j.start = read_object("mask", o.start_mask, std::nullopt).bytes;
    check_fits("mask", o.start_mask, *j.start, o.query, j.photo);
  }
  if (!o.truth.empty()) {
    j.truth = read_object("truth", o.truth, o.label);
    check_fits("truth", o.truth, j.truth->bytes, o.query, j.photo);
  }
  return j;
}

fsis::session_options session_options_of(segment_options const& o) {
  fsis::session_options s = o.session;
  s.refine = refinement_named(o.refine);
  s.zoom_in = o.zoom == "on";
  s.flip_averaging = o.flip == "on";
  s.threshold = o.threshold;
  fsis::check(s);
  return s;
}

std::vector<std::uint8_t> encoded(std::string const& path, fsis::image const& picture) {
  return ending_of(path) == "png" ? fsis::io::encode_png(picture) : fsis::io::encode_jpeg(picture);
}

fsis::mask as_bytes(fsis::vision::plane<float> const& probability) {
  fsis::mask out = fsis::mask::blank(probability.height(), probability.width());
  for (index_t i = 0; i < out.size(); ++i)
    out.data()[i] = static_cast<std::uint8_t>(std::lround(255 * probability.data()[i]));
  return out;
}

fsis::mask as_black_and_white(fsis::mask m) {
  for (index_t i = 0; i < m.size(); ++i) m.data()[i] = m.data()[i] ? 255 : 0;
  return m;
}

json report_of(fsis::click const& c, fsis::mask const& m, fsis::session_report const& r, std::optional<double> iou) {
  json out{{"y", c.y},
           {"x", c.x},
           {"positive", c.is_positive},
           {"status", fsis::to_string(r.status)},
           {"evaluations", r.evaluations},
           {"patches", r.patches},
           {"satisfied_clicks", r.satisfied_clicks},
           {"clicks", r.clicks},
           {"object_pixels", m.count()},
           {"milliseconds",
            {{"zoom", r.milliseconds.zoom},
             {"features", r.milliseconds.features},
             {"refine", r.milliseconds.refine},
             {"result", r.milliseconds.result},
             {"learn", r.milliseconds.learn},
             {"total", r.milliseconds.total}}}};
  if (iou) out["iou"] = *iou;
  return out;
}

void print_click(std::size_t number, fsis::click const& c, fsis::mask const& m, fsis::session_report const& r,
                 std::optional<double> iou) {
  std::printf("click %zu at %s: %lld object pixels, %lld of %lld clicks right, %s after %lld evaluations, %.1f ms",
              number, text_of_click(c).c_str(), static_cast<long long>(m.count()),
              static_cast<long long>(r.satisfied_clicks), static_cast<long long>(r.clicks), fsis::to_string(r.status),
              static_cast<long long>(r.evaluations), r.milliseconds.total);
  if (iou) std::printf(", IoU %.4f", *iou);
  std::printf("\n");
  std::fflush(stdout);
}

json report_of(segment_options const& o, fsis::session_options const& s, double threshold) {
  return {{"refine", o.refine},
          {"threshold", threshold},
          {"zoom", s.zoom_in},
          {"flip", s.flip_averaging},
          {"max_evaluations", s.max_evaluations},
          {"time_budget_ms", s.time_budget_ms},
          {"support_label", o.label ? json(*o.label) : json()},
          {"start_mask", o.start_mask.empty() ? json() : json(o.start_mask)}};
}

json report_of(segment_options const& o, job const& j) {
  json support = json::array();
  for (std::size_t i = 0; i < j.shots.size(); ++i) {
    auto const files = split_support(o.supports[i]);
    fsis::shot const& s = j.shots[i];
    support.push_back({{"image", files.first},
                       {"mask", files.second},
                       {"height", s.picture.height()},
                       {"width", s.picture.width()},
                       {"object_pixels", fsis::interactive::object_of(s.object, s.reading).count()}});
  }
  return support;
}

/// Clicks one after the other and collects what they leave behind.
template <class Network>
void segment(fsis::cpu_context const& ctx, Network const& net, segment_options const& o, job const& j, double load_ms) {
  fsis::session_options const chosen = session_options_of(o);
  fsis::session session{ctx, net, chosen};
  fsis::interactive::stopwatch watch;
  session.set_support(j.shots);
  double const support_ms = watch.lap();
  session.set_query(j.photo);
  double const query_ms = watch.lap();
  if (j.start) session.start_from(*j.start);

  output_files files;
  json clicks = json::array();
  fsis::mask result;
  for (std::size_t i = 0; i < j.clicks.size(); ++i) {
    result = session.click(j.clicks[i]);
    auto const r = session.report();
    std::optional<double> iou;
    if (j.truth) iou = fsis::vision::iou(result, j.truth->bytes, j.truth->reading);
    print_click(i + 1, j.clicks[i], result, r, iou);
    clicks.push_back(report_of(j.clicks[i], result, r, iou));
    if (!o.steps.empty())
      files.add(step_path(o, i), fsis::io::encode_png(fsis::vision::overlay(j.photo, result, session.clicks())));
  }

  files.add(o.out, fsis::io::encode_png_grey(as_black_and_white(result)));
  if (!o.overlay.empty()) files.add(o.overlay, encoded(o.overlay, fsis::vision::overlay(j.photo, result, j.clicks)));
  if (!o.probability.empty()) files.add(o.probability, fsis::io::encode_png_grey(as_bytes(session.probability())));
  if (!o.report.empty()) {
    json const all{
        {"fsis", fsis::message(FSIS_VERSION_MAJOR, ".", FSIS_VERSION_MINOR, ".", FSIS_VERSION_PATCH)},
        {"model",
         {{"file", o.model}, {"architecture", Network::architecture::name}, {"longest_side", net.settings.longest_side}}},
        {"device", "cpu"},
        {"threads", ctx.threads()},
        {"options", report_of(o, chosen, session.threshold())},
        {"support", report_of(o, j)},
        {"query", {{"image", o.query}, {"height", j.photo.height()}, {"width", j.photo.width()}}},
        {"milliseconds", {{"load_model", load_ms}, {"set_support", support_ms}, {"set_query", query_ms}}},
        {"clicks", clicks},
        {"mask", o.out}};
    std::string const text = all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
    files.add(o.report, std::vector<std::uint8_t>(text.begin(), text.end()));
  }
  files.write();
  std::printf("wrote %s\n", o.out.c_str());
}

void run_segment(segment_options const& o) {
  fsis::require<no_such_device>(o.device != "cuda", "device: cuda was asked for, but this program is built without it");
  (void)session_options_of(o);  // options are refused before anything is read
  job const j = read_job(o);
  fsis::cpu_options threads;
  threads.threads = o.threads;
  fsis::cpu_context const ctx{threads};
  if (o.device == "auto") std::printf("device: cpu, %d threads (built without CUDA)\n", ctx.threads());
  fsis::interactive::stopwatch watch;
  fsis::visit_network(ctx, o.model, [&](auto const& net) { segment(ctx, net, o, j, watch.lap()); });
}

}  // namespace

void add_segment(CLI::App& app) {
  auto o = std::make_shared<segment_options>();
  auto& s = o->session;
  auto* const c = app.add_subcommand("segment", "clicks on a picture return the mask of the clicked object");
  c->add_option("--model", o->model, "safetensors file of a network")->type_name("FILE")->required();
  c->add_option("--support", o->supports, "an example of the class; may be repeated")
      ->type_name("IMAGE:MASK")->required()->allow_extra_args(false);
  c->add_option("--query", o->query, "picture to segment, PNG or JPEG")->type_name("IMAGE")->required();
  c->add_option("--click", o->clicks, "pixel of the object (+) or not of it (-), from 0; may be repeated")
      ->type_name("Y,X,+|-")->required()->allow_extra_args(false);
  c->add_option("--out", o->out, "mask, 8 bits of 0 and 255")->type_name("MASK.png")->required();
  c->add_option("--overlay", o->overlay, "picture with mask, contour and clicks")->type_name("FILE.png");
  c->add_option("--steps", o->steps, "folder for the same after each click: click_1.png, ...")->type_name("FOLDER");
  c->add_option("--prob", o->probability, "probability of the object, 0 to 255")->type_name("FILE.png");
  c->add_option("--report", o->report, "what each click cost and reached")->type_name("FILE.json");
  c->add_option("--refine", o->refine, "what a click optimises: f-BRS after or before the junction, BRS, nothing")
      ->check(CLI::IsMember({"aj", "bj", "brs", "none"}))->capture_default_str();
  c->add_option("--mask", o->start_mask, "mask of the query to start from")->type_name("START.png");
  c->add_option("--truth", o->truth, "mask of the query, for the IoU of each click")->type_name("MASK.png");
  c->add_option("--support-label", o->label, "value of a label map that is the object; 255 is void")->type_name("N");
  c->add_option("--threshold", o->threshold, "probability above which a pixel is object; default: the model's")
      ->type_name("T");
  c->add_option("--zoom", o->zoom, "look at the object's surroundings from the second click on")
      ->check(CLI::IsMember({"on", "off"}))->capture_default_str();
  c->add_option("--flip", o->flip, "average with the mirrored picture")
      ->check(CLI::IsMember({"on", "off"}))->capture_default_str();
  c->add_option("--max-evaluations", s.max_evaluations, "of the refinement, per click")
      ->type_name("N")->capture_default_str();
  c->add_option("--time-budget", s.time_budget_ms, "milliseconds of a click, 0: no limit")
      ->type_name("MS")->capture_default_str();
  c->add_option("--device", o->device, "where to compute")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))->capture_default_str();
  c->add_option("--threads", o->threads, "0: all")->type_name("N")->check(CLI::Range(0, 1024))->capture_default_str();
  c->callback([o] { run_segment(*o); });
}

}  // namespace fsis_tool
