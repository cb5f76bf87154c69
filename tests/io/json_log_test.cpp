// SPDX-License-Identifier: MIT
#include <fsis/io/json_log.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <limits>
#include <sstream>

namespace io = fsis::io;
using namespace fsis_test;

TEST_CASE("lines keep the order of their fields and reach the file at once", "[io][json_log]") {
  scratch_folder folder;
  io::json_log log(folder / "log.jsonl");
  log.append({{"step", 3}, {"loss", 0.1}, {"phase", "train"}, {"best", true}});
  CHECK(text_of_file(folder / "log.jsonl") ==
        "{\"step\": 3, \"loss\": 0.1, \"phase\": \"train\", \"best\": true}\n");
  log.append({});
  CHECK(mentions(text_of_file(folder / "log.jsonl"), "true}\n{}\n"));
}

TEST_CASE("numbers come back exactly and what JSON cannot say is null", "[io][json_log]") {
  scratch_folder folder;
  double const third = 1.0 / 3.0;
  float const tenth = 0.1f;
  std::int64_t const large = std::numeric_limits<std::int64_t>::min();
  io::json_log(folder / "log")
      .append({{"third", third},
               {"tenth", tenth},
               {"large", large},
               {"tiny", std::numeric_limits<double>::denorm_min()},
               {"nan", std::numeric_limits<double>::quiet_NaN()},
               {"inf", -std::numeric_limits<float>::infinity()},
               {"quote \"\n", std::string("x\ty")}});
  auto const line = nlohmann::json::parse(text_of_file(folder / "log"));
  CHECK(line["third"].get<double>() == third);
  CHECK(line["tenth"].get<float>() == tenth);
  CHECK(line["large"].get<std::int64_t>() == large);
  CHECK(line["tiny"].get<double>() == std::numeric_limits<double>::denorm_min());
  CHECK(line["nan"].is_null());
  CHECK(line["inf"].is_null());
  CHECK(line["quote \"\n"].get<std::string>() == "x\ty");
}

TEST_CASE("a log goes on where it ended, after closing a line cut off by a crash", "[io][json_log]") {
  scratch_folder folder;
  put_file(folder / "log", "{\"step\": 1}\n{\"ste");
  {
    io::json_log log(folder / "log");
    log.append({{"step", 2}});
    log.append({{"step", 3}});
  }
  io::json_log(folder / "log").append({{"step", 4}});
  CHECK(text_of_file(folder / "log") ==
        "{\"step\": 1}\n{\"ste\n{\"step\": 2}\n{\"step\": 3}\n{\"step\": 4}\n");
}

TEST_CASE("a log that cannot be written says why", "[io][json_log]") {
  scratch_folder folder;
  CHECK(mentions(error_text([&] { io::json_log log(folder / "no/log"); }), "no/log", "No such file"));
  if (std::filesystem::exists("/dev/full")) {
    io::json_log log("/dev/full");
    CHECK_THROWS_AS(log.append({{"a", 1}}), fsis::io_error);
  }
}
