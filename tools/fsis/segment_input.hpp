// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/interactive/shot.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fsis_tool {

/// "Y,X,+" or "Y,X,-" in pixels, fractions allowed. Throws `value_error` naming the text.
fsis::click parse_click(std::string const& text);

/// "120,88,+", as `parse_click` reads it.
std::string text_of_click(fsis::click const& c);

/// Throws `value_error` for a click that is not on a picture of this size, naming which of `count` it is.
void check_click(fsis::click const& c, std::size_t number, std::size_t count, std::string const& picture,
                 fsis::index_t height, fsis::index_t width);

/// IMAGE:MASK at the last colon that leaves two existing files. Throws `value_error` where there is none.
std::pair<std::string, std::string> split_support(std::string const& text);

/// A mask of one thing: bytes and how to read them.
struct object_mask {
  fsis::mask bytes;
  fsis::vision::truth_reading reading = fsis::vision::truth_reading::binary;
};

/// Reads a mask. With a label: 1 where the file holds it, 255 (void) where it holds 255, else 0. Without: 1 where the
/// file is not 0, which may be one value only. `what` names the option in messages. Throws `value_error` for a file
/// without object or with several values, `io_error` as `read_mask`.
object_mask read_object(std::string const& what, std::string const& path, std::optional<int> label);

/// Throws `shape_error` with both sizes unless a mask fits its picture.
void check_fits(std::string const& what, std::string const& mask_path, fsis::mask const& m,
                std::string const& image_path, fsis::image const& picture);

/// One example: picture and mask of a `--support`. Throws as `split_support`, `read_image`, `read_object` and
/// `check_fits`.
fsis::shot read_support(std::string const& text, std::optional<int> label);

}  // namespace fsis_tool
