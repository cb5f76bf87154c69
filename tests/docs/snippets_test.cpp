// SPDX-License-Identifier: MIT
#include <docs/snippets.hpp>

#include <support/catch.hpp>

using namespace fsis_test;

namespace {

std::string refusal_of(std::string const& page) {
  return error_text([&] { programs_of("p.md", page); });
}

bool holds(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a whole program keeps its text, hoists its includes and returns") {
  auto const programs =
      programs_of("p.md", "```cpp\n#include <fsis/a.hpp>\nint f();\nint main() {\n  f();\n}\n```\n");
  REQUIRE(programs.size() == 1);
  CHECK(programs[0].headers == std::vector<std::string>{"<fsis/a.hpp>"});
  CHECK(programs[0].body == "#line 2 \"p.md\"\n\nint f();\nint main() {\n  f();\nreturn 0; }\n");
  CHECK(programs[0].output.empty());
}

TEST_CASE("statements are wrapped and continued in one main") {
  auto const programs = programs_of("p.md",
                                    "<!-- snippet: wrap fsis/a.hpp fsis/b.hpp -->\n```cpp\nf();\n```\n"
                                    "<!-- snippet: continue -->\n```cpp\ng();\n```\n"
                                    "<!-- snippet: wrap fsis/c.hpp -->\n```cpp\nh();\n```\n");
  REQUIRE(programs.size() == 2);
  CHECK(programs[0].headers == std::vector<std::string>{"<fsis/a.hpp>", "<fsis/b.hpp>"});
  CHECK(programs[0].body == "int main() {\n#line 3 \"p.md\"\nf();\n#line 7 \"p.md\"\ng();\n\nreturn 0; }\n");
  CHECK(programs[1].body == "int main() {\n#line 11 \"p.md\"\nh();\n\nreturn 0; }\n");
}

TEST_CASE("what a program prints belongs to the one before") {
  auto const programs = programs_of("p.md",
                                    "```cpp\nint main() {\n}\n```\n"
                                    "<!-- snippet: output -->\n```text\nhello\n```\n"
                                    "```text\nnot this\n```\n");
  REQUIRE(programs.size() == 1);
  CHECK(programs[0].output == "hello\n");
}

TEST_CASE("the file of all programs names each header once") {
  auto const programs = programs_of("p.md",
                                    "```cpp\n#include <fsis/a.hpp>\nint main() {\n}\n```\n"
                                    "```cpp\n#include <fsis/a.hpp>\nint main() {\n}\n```\n");
  std::string const text = translation_unit(programs);
  CHECK(text.find("#include <fsis/a.hpp>") == text.rfind("#include <fsis/a.hpp>"));
  CHECK(holds(text, "namespace program_1 {"));
  CHECK(holds(text, "return program_2::main();"));
  CHECK_FALSE(holds(text, "program_3"));
}

TEST_CASE("what cannot be a program is refused with its place") {
  CHECK(refusal_of("```cpp\nf();\n```\n").find("p.md:2: no 'int main() {'") == 0);
  CHECK(refusal_of("text\n```cpp\n#define A\nint main() {\n}\n```\n").find("p.md:3: '#define A'") == 0);
  CHECK(refusal_of("<!-- snippet: continue -->\n```cpp\nf();\n```\n").find("p.md:3: nothing to continue") == 0);
  CHECK(refusal_of("```cpp\nint main() {\n}\n```\n<!-- snippet: continue -->\n```cpp\nf();\n```\n")
            .find("p.md:7: nothing to continue") == 0);
  CHECK(refusal_of("<!-- snippet: skip -->\n```cpp\nf();\n```\n").find("p.md:3: unknown marker 'skip'") == 0);
  CHECK(refusal_of("<!-- snippet: wrap fsis/a.hpp -->\n```sh\nls\n```\n").find("p.md:3: marker 'wrap") == 0);
}
