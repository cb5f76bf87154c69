// SPDX-License-Identifier: MIT
#include <fsis/core/image.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <limits>
#include <vector>

using namespace fsis;

using bytes = std::vector<std::uint8_t>;

TEST_CASE("an image copies interleaved RGB") {
  bytes data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
  image const picture(data.data(), 2, 3, 3);
  data[0] = 99;
  CHECK(picture.height() == 2);
  CHECK(picture.width() == 3);
  CHECK_FALSE(picture.empty());
  CHECK(picture(0, 0, 0) == 1);
  CHECK(picture(1, 0, 2) == 12);
  CHECK(picture(1, 2, 1) == 17);
}

TEST_CASE("every order of channels becomes RGB") {
  bytes const pixel = {10, 20, 30, 40};
  auto const rgb = [&](channel_order order) {
    image const p{image_view(pixel.data(), 1, 1, channels_of(order), order)};
    return bytes{p(0, 0, 0), p(0, 0, 1), p(0, 0, 2)};
  };
  CHECK(rgb(channel_order::rgb) == bytes{10, 20, 30});
  CHECK(rgb(channel_order::bgr) == bytes{30, 20, 10});
  CHECK(rgb(channel_order::rgba) == bytes{10, 20, 30});
  CHECK(rgb(channel_order::bgra) == bytes{30, 20, 10});
  CHECK(rgb(channel_order::grey) == bytes{10, 10, 10});
}

TEST_CASE("a view skips what pads its rows and copies nothing") {
  bytes data = {1, 2, 3, 4, 5, 6, 200, 201, 7, 8, 9, 10, 11, 12, 202, 203};
  image_view const v(data.data(), 2, 2, 8, channel_order::bgr);
  CHECK(v(0, 0, 0) == 3);
  CHECK(v(1, 1, 0) == 12);
  CHECK(v(1, 1, 2) == 10);
  data[10] = 77;
  CHECK(v(1, 0, 0) == 77);

  image const copy(v);
  CHECK(copy(1, 1, 0) == 12);
  CHECK(copy(0, 1, 2) == 4);
  image_view const of_copy = copy;
  CHECK(of_copy(1, 0, 0) == 77);
  CHECK(of_copy.order() == channel_order::rgb);
}

TEST_CASE("a blank image is black and writable") {
  image picture = image::blank(2, 2);
  CHECK(picture(1, 1, 2) == 0);
  picture(1, 1, 2) = 5;
  CHECK(picture.data()[11] == 5);
}

TEST_CASE("what is no picture is refused") {
  bytes const data(12);
  CHECK_THROWS_AS(image(data.data(), 2, 2, 4), shape_error);
  CHECK(mentions(error_text([&] { image(data.data(), 2, 2, 4); }), "4 channels", "wanted 3", "image_view"));
  CHECK_THROWS_AS(image(nullptr, 2, 2, 3), value_error);
  CHECK_THROWS_AS(image(data.data(), 0, 2, 3), value_error);
  CHECK_THROWS_AS(image(data.data(), 2, -1, 3), value_error);
  CHECK_THROWS_AS(image::blank(0, 0), value_error);
  CHECK_THROWS_AS(image_view(data.data(), 2, 2, 5), value_error);
  CHECK(mentions(error_text([&] { image_view(data.data(), 2, 2, 5); }), "5", "needs 6"));
  CHECK_NOTHROW(image_view(data.data(), 2, 2, 6));
  CHECK_THROWS_AS(image_view(data.data(), 1, (std::numeric_limits<index_t>::max)(), 6), shape_error);
  CHECK_THROWS_AS(channels_of(static_cast<channel_order>(17)), value_error);

  image const nothing;
  CHECK(nothing.empty());
  CHECK_THROWS_AS(static_cast<image_view>(nothing), value_error);
}
