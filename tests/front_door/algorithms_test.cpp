// SPDX-License-Identifier: MIT
// What the choice of an algorithm does to masks: rounding, which a threshold makes visible at a few pixels of a border.
#include <fsis/model.hpp>

#include <examples/scenes.hpp>
#include <support/catch.hpp>

namespace {

fsis::mask clicked(fsis::convolution_algorithm algorithm, scenes::kind kind, fsis::refinement refine) {
  scenes::scene const example = scenes::render(scenes::example_of(kind)), other = scenes::render(scenes::photo_of(kind));
  fsis::cpu_options how;
  how.convolutions = algorithm;
  fsis::cpu_context const ctx(how);
  auto const net = fsis::load_network<fsis::compact>(ctx, FSIS_SOURCE_DIR "/models/compact.safetensors");
  fsis::session_options o;
  o.refine = refine;
  fsis::session session{ctx, net, o};
  session.set_support({{example.photo, example.mask_of(example.largest(kind))}});
  session.set_query(other.photo);
  return session.click(*fsis::vision::next_click(other.mask_of(other.largest(kind)), session.result()));
}

}  // namespace

TEST_CASE("masks by Winograd's algorithm are those by plain sums but for 0.05 % of the pixels") {
  for (auto const kind : {scenes::kind::mug, scenes::kind::leaf, scenes::kind::coin})
    for (auto const refine : {fsis::refinement::none, fsis::refinement::aj}) {
      auto const quick = clicked(fsis::convolution_algorithm::any, kind, refine);
      auto const plain = clicked(fsis::convolution_algorithm::direct, kind, refine);
      REQUIRE(plain.count() > 0);
      fsis::index_t different = 0;
      for (fsis::index_t i = 0; i < plain.size(); ++i) different += (quick.data()[i] != 0) != (plain.data()[i] != 0);
      INFO(scenes::name_of(kind) << ": " << different << " of " << plain.size() << " pixels");
      CHECK(static_cast<double>(different) <= 0.0005 * static_cast<double>(plain.size()));
    }
}
