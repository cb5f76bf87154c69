// SPDX-License-Identifier: MIT
#include <fsis/io/file.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>

#include <sys/stat.h>

namespace io = fsis::io;
using namespace fsis_test;

TEST_CASE("a file comes back as it was written, also empty", "[io][file]") {
  scratch_folder folder;
  std::vector<std::uint8_t> const bytes = {0, 255, 10, 13, 26, 0};
  io::write_file(folder / "a", bytes);
  CHECK(io::read_file(folder / "a", 6) == bytes);
  io::write_file(folder / "a", std::vector<std::uint8_t>{});
  CHECK(io::read_file(folder / "a", 6).empty());
  CHECK(folder.files() == 1);
}

TEST_CASE("reading refuses what is missing, too large or no file, and says so", "[io][file]") {
  scratch_folder folder;
  std::string text = error_text([&] { io::read_file(folder / "none", 10); });
  CHECK(mentions(text, folder / "none", "No such file"));
  CHECK_THROWS_AS(io::read_file(folder / "none", 10), fsis::io_error);

  put_file(folder / "big", std::string(11, 'x'));
  CHECK(mentions(error_text([&] { io::read_file(folder / "big", 10); }), "11 bytes", "at most 10"));
  CHECK(mentions(error_text([&] { io::read_file(folder / "", 10); }), "a folder", "regular file"));
  CHECK(mentions(error_text([] { io::read_file("/dev/null", 10); }), "a device or a pipe"));
}

TEST_CASE("a file that ends early is named with the byte", "[io][file]") {
  scratch_folder folder;
  put_file(folder / "short", "abc");
  io::input_file file(folder / "short");
  char buffer[8];
  file.read(buffer, 2);
  CHECK(mentions(error_text([&] { file.read(buffer, 4); }), "ends at byte 3", "3 bytes more"));
}

TEST_CASE("without commit the target stays and nothing is left beside it", "[io][file]") {
  scratch_folder folder;
  put_file(folder / "a", "old");
  {
    io::atomic_file file(folder / "a");
    file.append("new", 3);
    CHECK(folder.files() == 2);
    CHECK(text_of_file(folder / "a") == "old");
  }
  CHECK(text_of_file(folder / "a") == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("two writers of one target do not meet; the later commit wins", "[io][file]") {
  scratch_folder folder;
  io::atomic_file a(folder / "f"), b(folder / "f");
  a.append("aaaa", 4);
  b.append("bb", 2);
  b.commit();
  CHECK(text_of_file(folder / "f") == "bb");
  a.commit();
  CHECK(text_of_file(folder / "f") == "aaaa");
  CHECK(folder.files() == 1);
}

TEST_CASE("permissions of a replaced file are kept and a link is followed", "[io][file]") {
  scratch_folder folder;
  put_file(folder / "secret", "old");
  REQUIRE(::chmod((folder / "secret").c_str(), 0600) == 0);
  std::filesystem::create_symlink("secret", folder / "link");
  io::write_file(folder / "link", "new", 3);
  CHECK(std::filesystem::is_symlink(folder / "link"));
  CHECK(text_of_file(folder / "secret") == "new");
  struct ::stat status = {};
  REQUIRE(::stat((folder / "secret").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("writing says why it cannot", "[io][file]") {
  scratch_folder folder;
  CHECK(mentions(error_text([&] { io::write_file(folder / "no/such/a", "x", 1); }), "No such file"));
  CHECK(mentions(error_text([&] { io::write_file(folder / "", "x", 1); }), "is a folder"));
  CHECK(folder.files() == 0);
}

TEST_CASE("a device is written through and never replaced", "[io][file]") {
  io::write_file("/dev/null", "x", 1);
  struct ::stat status = {};
  REQUIRE(::stat("/dev/null", &status) == 0);
  CHECK(S_ISCHR(status.st_mode));
  if (std::filesystem::exists("/dev/full"))
    CHECK(mentions(error_text([] { io::write_file("/dev/full", "x", 1); }), "at byte 0", "No space left"));
}
