// SPDX-License-Identifier: MIT
#include <fsis/io/json.hpp>

#include <support/catch.hpp>

#include <limits>

using fsis::io::json;

TEST_CASE("values know what they are", "[io][json]") {
  CHECK(json().what() == json::kind::null);
  CHECK(json(true).what() == json::kind::boolean);
  CHECK(json(true).boolean());
  CHECK(json(2.5).number() == 2.5);
  CHECK(json(7).what() == json::kind::number);
  CHECK(json("true").what() == json::kind::text);
  CHECK(json("true").text() == "true");
  CHECK(json(std::vector<int>{1, 2}).elements().size() == 2);
  CHECK(json::object().add("a", 1).find("a")->number() == 1);
  CHECK(json::object().add("a", 1).find("b") == nullptr);
  CHECK(json(1) != json(true));
  CHECK(json(std::vector<int>{1}) == json(std::vector<double>{1}));
}

TEST_CASE("text keeps the order of members and the digits of numbers", "[io][json]") {
  json j = json::object();
  j.add("b", 0.1).add("a", json::array()).add("n", json()).add("big", 9007199254740991.0).add("text", "a\"\n");
  CHECK(to_text(j) ==
        "{\n \"b\": 0.1,\n \"a\": [],\n \"n\": null,\n \"big\": 9007199254740991,\n \"text\": \"a\\\"\\n\"\n}\n");
  CHECK(to_text(json(-3.0)) == "-3\n");
  CHECK(to_text(json(1.0 / 3)) == "0.3333333333333333\n");
  CHECK(to_text(json(1e300)) == "1e+300\n");
}

TEST_CASE("plain values share a line, what holds others does not", "[io][json]") {
  json j = json::array();
  j.push_back(std::vector<int>{1, 2});
  j.push_back(json::object().add("x", false));
  CHECK(to_text(j) == "[\n [1, 2],\n {\"x\": false}\n]\n");
}

TEST_CASE("what JSON cannot say becomes null", "[io][json]") {
  CHECK(to_text(json(std::numeric_limits<double>::quiet_NaN())) == "null\n");
  CHECK(to_text(json(std::numeric_limits<double>::infinity())) == "null\n");
}
