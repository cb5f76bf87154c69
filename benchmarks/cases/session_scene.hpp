// SPDX-License-Identifier: MIT
#pragma once

// What a user waits for: examples, a photo, a click. The weights are made up; refinement runs all its evaluations, so
// that the time does not depend on what they answer. A session gives the same bytes on any number of threads: its
// probabilities are checked against those of one on another number.

#include "cases/network_work.hpp"
#include "cases/op_case.hpp"
#include "cases/pictures.hpp"

#include <fsis/interactive/session.hpp>

#include <memory>

namespace fsis_bench {

enum class step { set_support, set_query, click, undo_and_redo };

struct session_problem {
  std::vector<fsis::shot> shots;
  fsis::image photo;
  std::vector<fsis::click> clicks;
};

inline session_problem session_problem_at(setting const& s) {
  session_problem p;
  for (index_t i = 0; i < s["shots"]; ++i) p.shots.push_back(disc(s["side"], 10 + static_cast<std::uint64_t>(i)));
  p.photo = disc(s["side"], 1).picture;
  fsis::random_stream draw(2);
  for (index_t i = 0; i < s["clicks"]; ++i)
    p.clicks.push_back({number(draw.below(s["side"])), number(draw.below(s["side"])), i % 2 == 0});
  return p;
}

/// A session before the step that is timed.
template <class Architecture>
struct session_scene {
  std::shared_ptr<fsis::cpu_context> ctx;
  fsis::loaded_network<Architecture> net;
  std::unique_ptr<fsis::session_for<Architecture>> session;
  std::shared_ptr<session_problem const> given;
  step what;
  bool clicked = false;

  session_scene(std::shared_ptr<fsis::cpu_context> const& on, setting const& at,
                std::shared_ptr<session_problem const> const& p, step s, fsis::refinement refine)
      : ctx(on), given(p), what(s) {
    net.initialise(*ctx, 1);
    net.settings.longest_side = at["side"];
    fsis::session_options o;
    o.flip_averaging = at["flip"] == 1;
    o.refine = refine;
    o.stop = fsis::stop_rule::never;
    session = std::make_unique<fsis::session_for<Architecture>>(*ctx, net, o);
    session->set_support(p->shots);
    session->set_query(p->photo);
    clicked = what == step::undo_and_redo;
    if (what == step::click || clicked)
      for (std::size_t i = 0; i + (clicked ? 0 : 1) < p->clicks.size(); ++i) session->click(p->clicks[i]);
  }

  void before() {
    if (what == step::click && clicked) session->undo();
    if (what != step::undo_and_redo) clicked = false;
  }

  void run() {
    if (what == step::set_support) session->set_support(given->shots);
    if (what == step::set_query) session->set_query(given->photo);
    if (what == step::click) {
      session->click(given->clicks.back());
      clicked = true;
    }
    if (what == step::undo_and_redo) {
      session->undo();
      session->redo();
    }
  }

  std::vector<float> result() {
    if (!clicked) session->click(given->clicks.back());
    auto const& p = session->probability();
    return std::vector<float>(p.data(), p.data() + p.size());
  }
};

template <class Architecture>
work session_work(setting const& s, step what) {
  network_work<Architecture> const w(1, s["side"]);
  // each picture passes through the prior trunk, an example also through the middle trunk; a click through the rest
  if (what == step::set_query) return w.prior();
  if (what == step::click) return w.answer();
  // a mask of one bit per pixel is the most that is read and written, and nothing is computed
  if (what == step::undo_and_redo) return {0, number(s["side"] * s["side"]) / 8};
  double const shots = number(s["shots"]);
  return {shots * (w.prior().flops + w.answer().flops), shots * (w.prior().bytes + w.answer().bytes)};
}

template <class Architecture>
void add_session(fsis::bench::registry& to, std::string const& name, std::string const& summary, step what,
                 fsis::refinement refine) {
  using problem = std::shared_ptr<session_problem const>;
  using scene = session_scene<Architecture>;
  fsis::bench::contest<session_problem> c;
  c.name = name;
  c.summary = summary;
  c.axes = {{"side", 384, "rows and columns of photo and network input, a multiple of 16", 16, 1 << 13},
            {"shots", 1, "examples", 1, 1000},
            {"clicks", 1, "the last of so many", 1, 1000},
            {"flip", 0, "1: averaged with the answer for the mirrored photo", 0, 1}};
  c.count = [=](setting const& s) { return session_work<Architecture>(s, what); };
  c.problem = [](environment const& env) { return session_problem_at(env.at); };
  c.expected = [=](environment const& env, session_problem const& p) {
    fsis::cpu_options other = env.options;
    other.threads = other.threads == 1 ? 2 : 1;
    scene s(std::make_shared<fsis::cpu_context>(other), env.at, std::make_shared<session_problem>(p), what, refine);
    s.run();
    auto const wanted = s.result();
    return fsis::bench::expect_all(std::vector<double>(wanted.begin(), wanted.end()), 0);
  };
  c.contenders.push_back({"fsis", [=](environment const& env, problem const& p) {
                            auto const s = std::make_shared<scene>(env.ctx, env.at, p, what, refine);
                            runnable r;
                            r.before = [=] { s->before(); };
                            r.run = [=] { s->run(); };
                            r.result = [=] { return s->result(); };
                            r.memory = &env.ctx->memory();
                            return r;
                          }});
  to.add(fsis::bench::benchmark_of(c));
}

/// What both networks are timed at, `prefix`session.set_query and so on.
template <class Architecture>
void add_clicks(fsis::bench::registry& to, std::string const& prefix) {
  using fsis::refinement;
  add_session<Architecture>(to, prefix + "session.set_query", "a photo, until it is ready for clicks", step::set_query,
                            refinement::none);
  add_session<Architecture>(to, prefix + "session.click", "a click without refinement", step::click, refinement::none);
  add_session<Architecture>(to, prefix + "session.click_fbrs",
                            "a click with 20 evaluations of f-BRS; counted is one pass", step::click, refinement::aj);
}

}  // namespace fsis_bench
