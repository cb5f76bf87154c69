// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/vision/augment.hpp>
#include <fsis/vision/click_maps.hpp>
#include <fsis/vision/click_metrics.hpp>
#include <fsis/vision/colour_evidence.hpp>
#include <fsis/vision/components.hpp>
#include <fsis/vision/dios_clicks.hpp>
#include <fsis/vision/distance_transform.hpp>
#include <fsis/vision/guided_filter.hpp>
#include <fsis/vision/metrics.hpp>
#include <fsis/vision/morphology.hpp>
#include <fsis/vision/overlay.hpp>
#include <fsis/vision/palette.hpp>
#include <fsis/vision/plane.hpp>
#include <fsis/vision/region.hpp>
#include <fsis/vision/resize_image.hpp>
#include <fsis/vision/run_length.hpp>
#include <fsis/vision/samplers.hpp>
#include <fsis/vision/simulated_user.hpp>
#include <fsis/vision/truth.hpp>
#include <fsis/vision/warp.hpp>
#include <fsis/vision/zoom.hpp>
