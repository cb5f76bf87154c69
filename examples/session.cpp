// SPDX-License-Identifier: MIT
// A session: several clicks refined by f-BRS, what each cost, and the way back. session [MODEL]
#include "scenes.hpp"

#include <fsis/model.hpp>
#include <fsis/vision/metrics.hpp>

#include <cstdio>

namespace {

void print(char const* what, fsis::mask const& m, fsis::mask const& truth, fsis::session_report const& r) {
  std::printf("%-10s IoU %.3f, %lld of %lld clicks right, %s after %lld evaluations, %.0f ms\n", what,
              fsis::vision::iou(m, truth), static_cast<long long>(r.satisfied_clicks),
              static_cast<long long>(r.clicks), to_string(r.status), static_cast<long long>(r.evaluations),
              r.milliseconds.total);
}

}  // namespace

int main(int argc, char** argv) try {
  scenes::scene const example = scenes::render(scenes::example_of(scenes::kind::leaf));
  scenes::scene const photo = scenes::render(scenes::photo_of(scenes::kind::leaf));
  fsis::mask const truth = photo.mask_of(photo.largest(scenes::kind::leaf));

  fsis::cpu_context ctx;
  auto net = fsis::load_network<fsis::compact>(ctx, argc > 1 ? argv[1] : FSIS_SOURCE_DIR "/models/compact.safetensors");
  fsis::session_options options;
  options.refine = fsis::refinement::aj;  // scale and bias of the features behind the junction
  options.max_evaluations = 20;           // of the network's tail, per click
  fsis::session session{ctx, net, options};
  session.set_support({{example.photo, example.mask_of(example.largest(scenes::kind::leaf))}});
  session.set_query(photo.photo);

  for (int i = 0; i < 3; ++i) {
    auto const next = fsis::vision::next_click(truth, session.result(), session.clicks());
    if (!next) break;
    fsis::mask const m = session.click(*next);
    print(next->is_positive ? "object" : "not object", m, truth, session.report());
  }

  fsis::mask const last = session.result();
  while (session.undo()) print("undo", session.result(), truth, session.report());
  while (session.redo()) print("redo", session.result(), truth, session.report());
  std::printf("%s\n", session.result() == last ? "back where we were" : "LOST");
} catch (fsis::error const& e) {
  std::fprintf(stderr, "session: %s\n", e.what());
  return 2;
}
