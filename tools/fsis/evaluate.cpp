// SPDX-License-Identifier: MIT
#include "data.hpp"
#include "grabcut.hpp"
#include "tool.hpp"

#include <fsis/model/load.hpp>
#include <fsis/systems/panet.hpp>
#include <fsis/training/evaluation_page.hpp>
#include <fsis/training/fine_tune.hpp>
#include <fsis/training/illustrate.hpp>
#include <fsis/training/progress.hpp>
#include <fsis/training/protocol.hpp>
#include <fsis/training/rules.hpp>

#include <map>
#include <memory>

namespace fsis_tool {
namespace {

namespace tr = fsis::training;

struct evaluate_options {
  std::vector<std::string> models, refine{"none"}, learn{"never"};
  data_options data;
  std::string report, page, protocol, start, part = "held-out";
  fsis::index_t episodes = 0, shots = 1, clicks = 1;
  std::uint64_t seed = 1;
  bool rules = false, flip = false, zoom = false;
  fsis::session_options session;  ///< what is not said by the others here
  tr::fine_tune_options tuning;
  fsis::index_t tuning_steps = 0, tuning_seeds = 5, pictures = 6;
  int threads = 0;
};

/// What is asked, and the answers so far.
struct examination {
  evaluate_options const& o;
  fsis::cpu_context const& ctx;
  tr::segmentation_set const& set;
  std::vector<tr::episode> episodes;
  tr::evaluation_report report;
};

void print_row(std::string const& name, fsis::vision::episode_scores const& s, tr::uncertain const& miou) {
  std::printf("%-44s", name.c_str());
  for (fsis::index_t const c : s.classes()) std::printf("  %5.3f", s.class_iou(c));
  std::printf("  | mIoU %.4f +- %.4f  FB-IoU %.4f  foreground IoU %.4f  episode mean %.4f\n", s.mean_iou(),
              miou.standard_error, s.fb_iou(), s.aggregated_foreground_iou(), s.classwise_mean_episode_iou());
}

void add(examination& x, std::string const& name, tr::evaluation result) {
  auto const timing = result.timing();
  for (fsis::index_t c = 1; c <= result.clicks; ++c)
    print_row(result.clicks == 1 ? name : fsis::message(name, ", ", c, " clicks"), result.scores(c),
              tr::uncertain_mean_iou(result, c));
  if (timing.seconds > 0) {
    std::printf("%.1f ms per click over %lld clicks; every click right in %.4f of the episodes\n",
                1000 * timing.seconds_per_click(), static_cast<long long>(timing.clicks),
                result.satisfied_share(result.clicks));
    for (double const target : {0.85, 0.9}) {
      auto const n = fsis::vision::count_clicks(result.histories(), target, result.clicks);
      std::printf("NoC@%.0f %.2f (cap %lld)  NoF@%.0f %lld\n", 100 * target, n.mean,
                  static_cast<long long>(result.clicks), 100 * target, static_cast<long long>(n.failures));
    }
  }
  std::fflush(stdout);
  x.report.methods.push_back({name, std::move(result)});
}

void add_rules(examination& x, tr::image_split const& split) {
  tr::episode_source const choosing(x.set, split.validation, training_classes(x.o.data), x.o.shots);
  double const radius = tr::best_disk_radius(x.set, choosing.fixed(500, x.o.seed));
  add(x, fsis::message("disk of radius ", radius), tr::evaluate_rule(x.set, x.episodes, tr::disk_rule(radius)));
  add(x, "everything is object", tr::evaluate_rule(x.set, x.episodes, tr::everything_rule()));
  auto const cut = grabcut_rule(radius);
  if (cut)
    add(x, "GrabCut from the click", tr::evaluate_rule(x.set, x.episodes, *cut));
  else
    std::printf("GrabCut: this program was built without OpenCV\n");
}

/// A bar that ends its line when the loop is done.
struct bar_of_episodes {
  tr::progress_bar bar;
  explicit bar_of_episodes(std::size_t count) : bar(0, static_cast<fsis::index_t>(count)) {}
  ~bar_of_episodes() { std::fprintf(stderr, "\n"); }
  tr::after_episode report() {
    return [this](fsis::index_t done) { bar.at(done); };
  }
};

/// Every method against the first one that was posed the same episodes and clicks; one that learns also in the second
/// half of the episodes alone.
void print_differences(tr::evaluation_report const& r) {
  auto const print = [](char const* where, auto const& a, auto const& b, tr::evaluation const& x,
                        tr::evaluation const& y, fsis::index_t click) {
    auto const d = tr::mean_iou_difference(x, y, click);
    std::printf(
        "click %lld%s: '%s' minus '%s': %+.4f [%+.4f, %+.4f]; loses more than a point in %.3f of the episodes\n",
        static_cast<long long>(click), where, a.name.c_str(), b.name.c_str(), d.value, d.low, d.high,
        tr::share_that_loses(x, y, click));
  };
  for (std::size_t i = 1; i < r.methods.size(); ++i) {
    auto const &a = r.methods[i], &b = r.methods[0];
    if (a.result.episodes.size() != b.result.episodes.size()) continue;
    for (fsis::index_t c = 1; c <= std::min(a.result.clicks, b.result.clicks); ++c) {
      print("", a, b, a.result, b.result, c);
      if (a.result.learned.updates > 0)
        print(", second half", a, b, tr::second_half(a.result), tr::second_half(b.result), c);
    }
  }
}

using panet = fsis::systems::panet<fsis::compact>;

template <class Network>
void add_network(examination& x, std::string const& name, Network const& net) {
  std::map<std::string, fsis::learning> const moments{{"never", fsis::learning::never},
                                                      {"click", fsis::learning::after_click},
                                                      {"object", fsis::learning::after_object}};
  std::map<std::string, fsis::refinement> const places{{"none", fsis::refinement::none},
                                                       {"aj", fsis::refinement::aj},
                                                       {"bj", fsis::refinement::bj},
                                                       {"brs", fsis::refinement::brs}};
  fsis::session_options so = x.o.session;
  so.flip_averaging = x.o.flip;
  so.zoom_in = x.o.zoom;
  auto const automatic = std::make_unique<panet>();
  tr::automatic_mask begin;
  if (!x.o.start.empty())
    begin = [&, settings = fsis::systems::load_panet(x.ctx, *automatic, x.o.start)](tr::posed_episode const& p) {
      return fsis::systems::segment(x.ctx, *automatic, settings, p);
    };
  for (std::string const& refine : x.o.refine) {
    so.refine = places.at(refine);
    auto const measured = [&](std::string const& how, tr::automatic_mask const& from) {
      bar_of_episodes bar(x.episodes.size());
      auto result = tr::evaluate(x.ctx, net, x.set, x.episodes, so, x.o.clicks, bar.report(), from);
      auto const learned = result.learned;
      add(x, fsis::message(name, ", refine ", refine, how), std::move(result));
      if (learned.updates > 0)
        std::printf("%lld updates; the weights of junction and head drifted by %.4f of their norm\n",
                    static_cast<long long>(learned.updates), learned.drift);
    };
    for (std::string const& learn : x.o.learn) {
      so.learn = moments.at(learn);
      measured(learn == "never" ? "" : ", learns after every " + learn, {});
    }
    so.learn = fsis::learning::never;
    if (begin) measured(", from the mask of panet", begin);
    if (x.o.tuning_steps > 0) {
      tr::evaluation all;
      all.clicks = x.o.clicks;
      auto tuning = x.o.tuning;
      tuning.steps = x.o.tuning_steps;
      for (fsis::index_t seed = 1; seed <= x.o.tuning_seeds; ++seed) {
        tuning.seed = static_cast<std::uint64_t>(seed);
        bar_of_episodes tuned(x.episodes.size());
        auto one = tr::evaluate_fine_tuned(x.ctx, net, x.set, x.episodes, so, x.o.clicks, tuning, tuned.report());
        for (auto& e : one.episodes) all.episodes.push_back(std::move(e));
      }
      add(x, fsis::message(name, ", fine-tuned, ", x.o.tuning_seeds, " seeds, refine ", refine), std::move(all));
    }
  }
  if (x.o.page.empty() || x.o.tuning_steps > 0) return;
  auto const ends = tr::extremes_of(x.report.methods.back().result, static_cast<std::size_t>(x.o.pictures));
  x.report.best = tr::illustrate(x.ctx, net, x.set, x.report.methods.back().result, ends.best, so);
  x.report.worst = tr::illustrate(x.ctx, net, x.set, x.report.methods.back().result, ends.worst, so);
}

/// The baseline that no click enters: one mask per episode.
void add_panet(examination& x, std::string const& model) {
  auto const net = std::make_unique<panet>();
  auto const settings = fsis::systems::load_panet(x.ctx, *net, model);
  bar_of_episodes bar(x.episodes.size());
  add(x, net->name,
      tr::evaluate_rule(
          x.set, x.episodes,
          [&](tr::posed_episode const& p, fsis::click const&) {
            return fsis::systems::segment(x.ctx, *net, settings, p);
          },
          bar.report()));
}

void run_evaluate(evaluate_options const& o) {
  fsis::cpu_options co;
  co.threads = o.threads;
  fsis::cpu_context const ctx{co};
  bool const test = o.part == "held-out";
  auto const set = open_data(o.data);
  auto const held_out = held_out_classes(o.data), others = training_classes(o.data);
  auto const split = tr::split_for_training(set, held_out);
  auto const& pictures = test ? split.held_out : split.validation;
  auto const& classes = test ? held_out : others;
  examination x{o, ctx, set, {}, {}};
  std::set<std::uint8_t> shown;
  if (o.protocol.empty()) {
    tr::episode_source const source(set, pictures, classes, o.shots);
    x.episodes = source.fixed(o.episodes > 0 ? o.episodes : 500, o.seed);
    x.report.left_out = source.left_out();
    for (std::uint8_t const c : source.left_out())
      std::printf("class %d left out: fewer than %lld pictures\n", int{c}, static_cast<long long>(o.shots + 6));
  } else {
    x.episodes = tr::protocol_episodes(tr::protocol_named(o.protocol), set, pictures, classes, o.shots, o.episodes);
    x.report.setting.emplace_back("protocol", o.protocol);
  }
  for (auto const& e : x.episodes) shown.insert(e.query.label);
  auto const note = [&](char const* name, std::string const& value) { x.report.setting.emplace_back(name, value); };
  note("data", o.data.root);
  note("fold", std::to_string(o.data.fold));
  note("part", o.part);
  note("shots", std::to_string(o.shots));
  note("episodes", std::to_string(x.episodes.size()));
  if (o.protocol.empty()) note("seed", std::to_string(o.seed));  // a protocol has its own
  x.report.fold = o.data.split == "pascal" ? o.data.fold : -1;
  x.report.shots = o.shots;
  x.report.held_out = test;
  std::printf("%-44s", "class");
  for (std::uint8_t const c : shown) std::printf("  %5d", int{c});
  std::printf("\n");

  if (o.rules) add_rules(x, split);
  for (std::string const& model : o.models) {
    x.report.setting.emplace_back("model", model);
    if (fsis::architecture_of(model) == panet::name) {
      add_panet(x, model);
      continue;
    }
    fsis::visit_network(
        ctx, model, [&](auto const& net) { add_network(x, std::decay_t<decltype(net)>::architecture::name, net); });
  }
  print_differences(x.report);
  if (!o.report.empty()) tr::write_json(x.report, o.report);
  if (!o.page.empty()) tr::write_html(x.report, o.page);
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto o = std::make_shared<evaluate_options>();
  auto* const c = app.add_subcommand("evaluate", "measure networks on episodes of held-out classes");
  add_data_options(*c, o->data);
  c->add_option("--model", o->models, "safetensors file of a network; may be given again");
  c->add_flag("--rules", o->rules, "also the best fixed disk around the click, everything, and GrabCut of OpenCV");
  c->add_option("--part", o->part, "held-out: its classes; validation: the others, in pictures kept for choices")
      ->capture_default_str()
      ->check(CLI::IsMember({"held-out", "validation"}));
  c->add_option("--episodes", o->episodes, "number of episodes; 500 without it, or as many as the protocol has");
  c->add_option("--protocol", o->protocol,
                "oslsm, sg-one, fwb, panet, pfenet or hsnet: episodes as these were tested, whole classes");
  c->add_option("--shots", o->shots, "support pictures per episode")->capture_default_str();
  c->add_option("--clicks", o->clicks, "clicks of the simulated user")->capture_default_str();
  c->add_option("--refine", o->refine, "none, aj, bj or brs; may be given again, each is measured")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "aj", "bj", "brs"}));
  c->add_option("--start", o->start, "file of a panet: also with its mask as what the clicks go on from");
  c->add_option("--learn", o->learn, "never, click or object: when the network learns; may be given again")
      ->capture_default_str()
      ->check(CLI::IsMember({"never", "click", "object"}));
  c->add_option("--learn-steps", o->session.learn_steps, "of each time")->capture_default_str();
  c->add_option("--learn-rate", o->session.learn_rate, "of these steps")->capture_default_str();
  c->add_option("--learn-forget", o->session.learn_forget, "share of what was learned that fades each time")
      ->capture_default_str();
  c->add_option("--cost", o->session.cost, "of the clicks: margin (the default), or probability as f-BRS has it")
      ->transform(CLI::CheckedTransformer(std::map<std::string, fsis::click_cost>{
          {"margin", fsis::click_cost::margin}, {"probability", fsis::click_cost::probability}}));
  c->add_option("--colour-weight", o->session.colour_weight, "of what the photo's colours say; 0: the network alone")
      ->capture_default_str();
  c->add_option("--edge-radius", o->session.edge_radius, "of the guided filter; 0: none")->capture_default_str();
  c->add_option("--correction-radius", o->session.correction_radius,
                "how far a click that a refinement leaves wrong corrects the mask around it; 0: it stays wrong")
      ->capture_default_str();
  c->add_flag("--flip", o->flip, "average with the mirrored picture");
  c->add_flag("--zoom", o->zoom, "zoom in from the second click on");
  c->add_option("--fine-tune", o->tuning_steps, "also networks tuned to the support of each episode by so many steps")
      ->capture_default_str();
  c->add_option("--fine-tune-rate", o->tuning.rate, "learning rate of these steps")->capture_default_str();
  c->add_option("--fine-tune-seeds", o->tuning_seeds, "tunings of every episode, averaged")->capture_default_str();
  c->add_option("--seed", o->seed, "of the episodes; a protocol has its own")->capture_default_str();
  c->add_option("--report", o->report, "JSON file");
  c->add_option("--page", o->page, "HTML file with tables, curves and examples");
  c->add_option("--pictures", o->pictures, "best and worst examples on the page")->capture_default_str();
  c->add_option("--threads", o->threads, "0: all")->capture_default_str();
  c->callback([o] { run_evaluate(*o); });
}

}  // namespace fsis_tool
