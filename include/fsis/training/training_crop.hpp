// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/vision/augment.hpp>
#include <fsis/vision/dios_clicks.hpp>
#include <fsis/vision/samplers.hpp>

#include <algorithm>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// Who clicks in training: the samplers of f-BRS and RITM, which differ in numbers, or the three strategies of DIOS.
enum class click_model { f_brs, ritm, dios };

/// How episodes become training examples.
struct episode_options {
  index_t side = 224;                       ///< of the square crops, a multiple of 16
  double min_scale = 0.6, max_scale = 1.0;  ///< of the stored pictures
  double one_click_share = 0.5;  ///< of examples with a single click near the middle of the object; the others have
                                 ///< clicks of both signs as `model` draws them
  click_model model = click_model::f_brs;
  vision::click_sampler_options clicks;  ///< of the model f_brs
  vision::dios_options dios;             ///< of the model dios
  index_t smallest_object = 32;          ///< pixels that a crop must keep
};

/// A picture with what is asked for in it.
struct target_in_picture {
  image picture;
  mask target;  ///< 1 the object, 255 void
  mask others;  ///< things that are not asked for, told apart by their values; 0x0: nobody told
};

/// A varied crop that keeps some of the object; the last try is taken when none does, and may have none.
inline target_in_picture draw_crop(target_in_picture const& from, random_stream& random, episode_options const& o) {
  vision::augment_options a;
  a.height = a.width = o.side;
  a.min_scale = o.min_scale;
  a.max_scale = o.max_scale;
  target_in_picture out;
  for (int attempt = 0; attempt < 4; ++attempt) {
    vision::augmentation const drawn(from.target, random, a);
    out.target = drawn.of(from.target, mask::void_label);
    bool const last = attempt == 3;
    index_t const kept = std::count(out.target.data(), out.target.data() + out.target.size(), std::uint8_t{1});
    if (kept < o.smallest_object && !last) continue;
    out.picture = drawn.of(image_view(from.picture));
    if (!from.others.empty()) out.others = drawn.of(from.others, 0);
    break;
  }
  return out;
}

/// The clicks of a training example; none where the object has no pixel.
inline std::vector<click> draw_clicks(target_in_picture const& seen, random_stream& random,
                                      episode_options const& o) {
  mask const nothing = mask::blank(seen.target.height(), seen.target.width());
  if (random.chance(o.one_click_share)) {
    auto const one = vision::correcting_click(seen.target, nothing, random);
    return one ? std::vector<click>{*one} : std::vector<click>{};
  }
  mask object = nothing, unlabelled = nothing;
  for (index_t i = 0; i < object.size(); ++i) {
    object.data()[i] = seen.target.data()[i] == 1;
    unlabelled.data()[i] = seen.target.data()[i] == mask::void_label;
  }
  if (object.count() == 0) return {};
  vision::click_scene scene;
  scene.objects.push_back(object);
  scene.others = seen.others;
  scene.unlabelled = unlabelled;
  if (o.model == click_model::dios) return vision::sample_dios_clicks(scene, random, o.dios);
  bool const as_ritm = o.model == click_model::ritm;
  return vision::sample_clicks(scene, random, as_ritm ? vision::click_sampler_options::ritm() : o.clicks);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
