// SPDX-License-Identifier: MIT
#include <fsis/io/json_reader.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

using fsis::io::json;
using fsis::io::json_limits;
using fsis::io::json_place;

namespace {

json parsed(std::string const& text, json_limits const& limits = {}) {
  return fsis::io::parse_json(text.data(), text.size(), "'here'", limits);
}

std::string json_refusal(std::string const& text, json_limits const& limits = {}) {
  return error_text([&] { parsed(text, limits); });
}

}  // namespace

TEST_CASE("a written value comes back", "[io][json_reader]") {
  json j = json::object(), inner = json::array();
  inner.push_back(json::object().add("deep", std::vector<double>{1e-7, -2.5, 0.1}));
  inner.push_back(json());
  j.add("list", inner).add("yes", true).add("text", "\xC3\xA4 \"quoted\"\t").add("empty", json::object());
  CHECK(parsed(to_text(j)) == j);
  CHECK(parsed(" [1, -2, 3.5e2] ") == json(std::vector<double>{1, -2, 350}));
}

TEST_CASE("what is no JSON is refused with its place", "[io][json_reader]") {
  CHECK(mentions(json_refusal(""), "json: 'here'", "not JSON at byte"));
  CHECK(mentions(json_refusal("[1, 2"), "not JSON at byte 6"));
  CHECK(mentions(json_refusal("[1] 2"), "not JSON at byte 5"));
  CHECK(mentions(json_refusal("{'a': 1}"), "not JSON"));
  CHECK(mentions(json_refusal("[1e999]"), "not JSON", "overflow"));
  CHECK(mentions(json_refusal(std::string("[1]\0 and more", 13)), "byte 3", "zero"));
  CHECK(mentions(json_refusal("[\"\xC3\"]"), "UTF-8", "byte 2"));
}

TEST_CASE("limits hold", "[io][json_reader]") {
  json_limits limits;
  limits.depth = 3;
  CHECK(parsed("[[[1]]]", limits).elements().size() == 1);
  CHECK(mentions(json_refusal("[[[[1]]]]", limits), "deeper than 3"));
  limits.bytes = 5;
  CHECK(mentions(json_refusal("[1, 2]", limits), "6 bytes", "at most 5"));
  limits = {};
  limits.members = 2;
  CHECK(mentions(json_refusal("{\"a\": 1, \"b\": 2, \"c\": 3}", limits), "more than 2 members"));
  CHECK(mentions(json_refusal("{\"a\": 1, \"a\": 2}"), "'a' occurs twice"));
}

TEST_CASE("files are read, and named when they cannot be", "[io][json_reader]") {
  fsis_test::scratch_folder folder;
  fsis_test::put_file(folder / "a.json", "{\"x\": 3}");
  CHECK(fsis::io::read_json(folder / "a.json").find("x")->number() == 3);
  CHECK(mentions(error_text([&] { fsis::io::read_json(folder / "b.json"); }), "b.json", "No such file"));
  fsis_test::put_file(folder / "a.json", "{");
  CHECK(mentions(error_text([&] { fsis::io::read_json(folder / "a.json"); }), "a.json", "not JSON"));
}

TEST_CASE("a place says what stands there and what was wanted", "[io][json_reader]") {
  json const j = parsed("{\"a\": [{\"n\": 2.5, \"t\": \"word\"}, 7], \"b\": true, \"c\": null}");
  json_place const top(j, "file");
  CHECK(top["a"].elements()[0]["n"].number(0, 3) == 2.5);
  CHECK(top["a"].elements()[0]["t"].text() == "word");
  CHECK(top["a"].elements()[1].integer(0, 10) == 7);
  CHECK(top["b"].boolean());
  CHECK(top["c"].is_null());
  CHECK(top.has("c"));
  CHECK_FALSE(top.has("d"));
  CHECK(top.names() == std::vector<std::string>{"a", "b", "c"});
  auto const says = [&](auto f) { return error_text([&] { f(); }); };
  CHECK(says([&] { top["d"]; }) == "file: d is missing");
  CHECK(says([&] { top["a"].elements()[0]["m"]; }) == "file: a[0].m is missing");
  CHECK(says([&] { top["a"].text(); }) == "file: a is an array, wanted a string");
  CHECK(says([&] { top["a"]["n"]; }) == "file: a is an array, wanted an object");
  CHECK(says([&] { top["b"].number(0, 1); }) == "file: b is true or false, wanted a number");
  CHECK(says([&] { top["b"].elements(); }) == "file: b is true or false, wanted an array");
  CHECK(says([&] { top["c"].boolean(); }) == "file: c is null, wanted true or false");
  CHECK(says([&] { top["a"].elements()[0]["n"].number(0, 2); }) == "file: a[0].n is 2.5, wanted 0 to 2");
  CHECK(says([&] { top["a"].elements()[0]["n"].integer(0, 3); }) == "file: a[0].n is 2.5, wanted a whole number");
  CHECK(says([&] { top["a"].elements()[1].integer(8, 9); }) == "file: a[1] is 7, wanted 8 to 9");
  CHECK(says([&] { top["b"].refuse("is odd"); }) == "file: b is odd");
  CHECK(says([&] { json_place(j, "file").text(); }) == "file: the value is an object, wanted a string");
}
