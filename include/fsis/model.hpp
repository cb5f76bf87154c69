// SPDX-License-Identifier: MIT
#pragma once

/// The front door: networks and their files, contexts, pictures, clicks, sessions.

#include <fsis/core/click.hpp>
#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/device/cpu_context.hpp>
#include <fsis/interactive.hpp>
#include <fsis/model/architecture.hpp>
#include <fsis/model/load.hpp>
#include <fsis/model/network.hpp>
#include <fsis/model/settings.hpp>
