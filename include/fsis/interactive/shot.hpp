// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/vision/truth.hpp>

namespace fsis {
inline namespace v0 {

/// An example of a class: a picture and where the object is. `{picture, mask}` is enough: every nonzero byte is object
/// then. With `vision::truth_reading::labels` a byte of 255 is void: neither object nor background.
struct shot {
  image picture;
  mask object;
  vision::truth_reading reading = vision::truth_reading::binary;
};

namespace interactive {

/// The object of a mask as 0 and 1.
inline mask object_of(mask const& m, vision::truth_reading reading = vision::truth_reading::binary) {
  mask out = m;
  for (index_t i = 0; i < out.size(); ++i) out.data()[i] = vision::is_object(m.data()[i], reading);
  return out;
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
