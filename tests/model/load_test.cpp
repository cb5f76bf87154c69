// SPDX-License-Identifier: MIT
#include <fsis/model/load.hpp>

#include <io/scratch.hpp>
#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>

#include <limits>

using namespace fsis;
using fsis_test::bytes_of_parameters;
using fsis_test::scratch_folder;
using fsis_test::tiny;
using fsis_test::tiny_norm;

namespace {

struct stranger : tiny {
  static constexpr char const* name = "stranger";
};

network<tiny_norm> random_network(cpu_context const& ctx, std::uint64_t seed = 1) {
  network<tiny_norm> net;
  fsis_test::randomise(ctx, net, seed);
  return net;
}

/// Everything that `save_network` writes, with one tensor left out.
io::safetensors_writer all_but(cpu_context const& ctx, std::string const& left_out) {
  auto const net = random_network(ctx);
  io::safetensors_writer writer;
  writer.metadata("architecture", "tiny_norm");
  model::add_settings({}, writer);
  nn::visit_parameters(net, [&](std::string const& name, auto const& p) {
    std::vector<float> const values(static_cast<std::size_t>(p.extents.size()), 0.5f);
    if (name != left_out) writer.add(name, model::stored_extents(p.extents), values.data(), io::dtype::f32);
  });
  return writer;
}

template <class Run, class... Words>
void check_io_error(Run run, Words const&... words) {
  CHECK_THROWS_AS(run(), io_error);
  std::string const text = error_text(run);
  INFO(text);
  CHECK(mentions(text, words...));
}

}  // namespace

TEST_CASE("load_network: what was saved comes back, and computes the same") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "net.safetensors";
  auto const net = random_network(ctx);
  network_settings s;
  s.threshold = 0.45;
  s.longest_side = 320;
  save_network(ctx, net, s, path, io::dtype::f32, {{"seed", "7"}, {"data", "none"}});
  CHECK(folder.files() == 1);

  auto const back = load_network<tiny_norm>(ctx, path);
  CHECK(bytes_of_parameters(ctx, back) == bytes_of_parameters(ctx, net));
  CHECK(back.settings.threshold == 0.45);
  CHECK(back.settings.longest_side == 320);
  no_tape<tensor<float>> t(ctx);
  auto const in = fsis_test::random_inputs<network<tiny_norm>>(ctx, 1, 32, 32, 5);
  CHECK(to_host(ctx, back(t, in).value) == to_host(ctx, net(t, in).value));

  auto const file = io::safetensors_file::open(path);
  CHECK(file.metadata().at("architecture") == "tiny_norm");
  CHECK(file.metadata().at("seed") == "7");
  CHECK(file.metadata().at("data") == "none");
}

TEST_CASE("load_network: the prior trunk is constant, the rest can be trained on") {
  cpu_context ctx;
  scratch_folder folder;
  save_network(ctx, random_network(ctx), {}, folder / "net.safetensors");
  auto const net = load_network<tiny_norm>(ctx, folder / "net.safetensors");
  nn::visit_parameters(net, [](std::string const& name, auto const& p) {
    INFO(name);
    CHECK(p.trainable == (name.compare(0, 6, "prior.") != 0));
  });
}

TEST_CASE("load_network: half the bytes in float16, also into double") {
  cpu_context ctx;
  scratch_folder folder;
  auto const net = random_network(ctx);
  save_network(ctx, net, {}, folder / "wide.safetensors");
  save_network(ctx, net, {}, folder / "narrow.safetensors", io::dtype::f16);
  auto const wide = fsis_test::text_of_file(folder / "wide.safetensors").size();
  auto const narrow = fsis_test::text_of_file(folder / "narrow.safetensors").size();
  CHECK(narrow < wide * 3 / 4);
  auto const back = load_network<tiny_norm, double>(ctx, folder / "narrow.safetensors");
  double worst = 0;
  auto const a = to_host(ctx, net.junction().layer<0>().conv.weight.value);
  auto const b = to_host(ctx, back.junction().layer<0>().conv.weight.value);
  for (std::size_t i = 0; i < a.size(); ++i) {
    double const exact = static_cast<double>(a[i]);
    worst = std::max(worst, std::abs(exact - b[i]) / (std::abs(exact) + 1e-4));
  }
  CHECK(worst < 1.0 / 2048 + 1e-4);
  CHECK(worst > 0);
}

TEST_CASE("load_network: a file of another architecture is refused with both names") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "net.safetensors";
  save_network(ctx, random_network(ctx), {}, path);
  check_io_error([&] { load_network<tiny>(ctx, path); }, path, "'tiny_norm'", "'tiny'");
  check_io_error([&] { load_network<compact>(ctx, path); }, path, "'tiny_norm'", "'compact'");
}

TEST_CASE("load_network: files that are no network of fsis") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "net.safetensors";
  auto const load = [&] { load_network<tiny_norm>(ctx, path); };
  SECTION("none there") { check_io_error(load, path, "No such file"); }
  SECTION("something else") {
    fsis_test::put_file(path, "not a network, but a text of some length");
    check_io_error(load, path);
  }
  SECTION("cut off") {
    save_network(ctx, random_network(ctx), {}, path);
    auto const text = fsis_test::text_of_file(path);
    for (std::size_t part : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
      fsis_test::put_file(path, text.substr(0, text.size() - text.size() / 100 * part));
      check_io_error(load, path);
    }
    fsis_test::put_file(path, "");
    check_io_error(load, path);
  }
  SECTION("weights without a name") {
    io::safetensors_writer writer;
    model::add_settings({}, writer);
    model::add_parameters(ctx, random_network(ctx), writer, io::dtype::f32);
    writer.write(path);
    check_io_error(load, path, "names no architecture");
    check_io_error([&] { architecture_of(path); }, path, "names no architecture");
  }
  SECTION("weights without settings") {
    io::safetensors_writer writer;
    writer.metadata("architecture", "tiny_norm");
    model::add_parameters(ctx, random_network(ctx), writer, io::dtype::f32);
    writer.write(path);
    check_io_error(load, path, "pixel_mean");
  }
}

TEST_CASE("load_network: weights that do not fit are named with file, tensor and numbers") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "net.safetensors";
  auto const load = [&] { load_network<tiny_norm>(ctx, path); };
  std::vector<float> values(2000, 0.5f);
  SECTION("nothing wrong") {
    all_but(ctx, "").write(path);
    load();
  }
  SECTION("missing") {
    all_but(ctx, "middle.features.7.bias").write(path);
    check_io_error(load, path, "'middle.features.7.bias'", "(4)");
  }
  SECTION("another shape") {
    auto writer = all_but(ctx, "junction.0.conv.weight");
    writer.add("junction.0.conv.weight", {8, 16, 3, 3}, values.data(), io::dtype::f32);
    writer.write(path);
    check_io_error(load, path, "'junction.0.conv.weight'", "(8,16,3,3)", "(8,17,3,3)");
  }
  SECTION("not a number") {
    auto writer = all_but(ctx, "head.2.bias");
    values[0] = std::numeric_limits<float>::quiet_NaN();
    writer.add("head.2.bias", {1}, values.data(), io::dtype::f32);
    writer.write(path);
    check_io_error(load, path, "head.2.bias", "nan", "finite");
  }
  SECTION("one too many") {
    auto writer = all_but(ctx, "");
    writer.add("head.3.bias", {1}, values.data(), io::dtype::f32);
    writer.write(path);
    check_io_error(load, path, "'head.3.bias'", "does not have");
  }
}

TEST_CASE("architecture_of and visit_network: the file says what it is") {
  cpu_context ctx;
  scratch_folder folder;
  save_network(ctx, random_network(ctx), {}, folder / "norm.safetensors");
  network<tiny> plain;
  fsis_test::randomise(ctx, plain, 3);
  save_network(ctx, plain, {}, folder / "plain.safetensors");
  network<stranger> other;
  fsis_test::randomise(ctx, other, 3);
  save_network(ctx, other, {}, folder / "stranger.safetensors");
  CHECK(architecture_of(folder / "norm.safetensors") == "tiny_norm");
  CHECK(architecture_of(folder / "stranger.safetensors") == "stranger");

  using list = architecture_list<tiny, tiny_norm>;
  std::vector<std::string> seen;
  auto const note = [&](auto const& net) {
    using architecture = typename std::decay_t<decltype(net)>::architecture;
    seen.push_back(architecture::name);
    CHECK(net.settings.threshold == 0.5);
    CHECK(net.head().template layer<0>().conv.weight.value.defined());
  };
  visit_network<list>(ctx, folder / "norm.safetensors", note);
  visit_network<list>(ctx, folder / "plain.safetensors", note);
  CHECK(seen == std::vector<std::string>{"tiny_norm", "tiny"});
  check_io_error([&] { visit_network<list>(ctx, folder / "stranger.safetensors", note); },
                 folder / "stranger.safetensors", "'stranger'", "not among the known");
  check_io_error([&] { visit_network<list>(ctx, folder / "nothing", note); }, folder / "nothing");
  CHECK(seen.size() == 2);
}

TEST_CASE("save_network: a failure leaves the old file and no other") {
  cpu_context ctx;
  scratch_folder folder;
  auto const path = folder / "net.safetensors";
  save_network(ctx, random_network(ctx), {}, path);
  auto const before = fsis_test::text_of_file(path);
  network<tiny_norm> const empty;
  CHECK_THROWS_AS(save_network(ctx, empty, {}, path), value_error);
  auto large = random_network(ctx);
  nn::visit_parameters(large, [](std::string const& name, auto& p) {
    if (name == "head.2.bias") p.value.data()[0] = 1e6f;
  });
  CHECK_THROWS_AS(save_network(ctx, large, {}, path, io::dtype::f16), value_error);
  CHECK_THROWS_AS(save_network(ctx, random_network(ctx), {}, path, io::dtype::f32, {{"architecture", "x"}}),
                  value_error);
  CHECK(fsis_test::text_of_file(path) == before);
  CHECK(folder.files() == 1);
  CHECK_THROWS_AS(save_network(ctx, random_network(ctx), {}, folder / "no" + "/folder"), io_error);
  save_network(ctx, random_network(ctx, 2), {}, path);
  CHECK(fsis_test::text_of_file(path) != before);
  CHECK(folder.files() == 1);
}

TEST_CASE("pretrained trunk: torchvision's names load into the prior trunk, the middle trunk starts from it") {
  cpu_context ctx;
  model::vgg16_trunk<tensor<float>, 32, nn::normalization::none> pretrained;
  fsis_test::randomise(ctx, pretrained, 11);
  io::safetensors_writer writer;
  model::add_parameters(ctx, pretrained, writer, io::dtype::f32);
  auto const file = io::safetensors_file::parse(writer.encode(), "vgg16.safetensors");
  network<tiny> net;
  net.initialise(ctx, 1);
  auto const junction = bytes_of_parameters(ctx, net, "junction.");
  model::load_parameters(ctx, net.prior_trunk(), file);
  net.start_middle_from_prior(ctx);
  CHECK(bytes_of_parameters(ctx, net, "prior.") == bytes_of_parameters(ctx, pretrained));
  CHECK(bytes_of_parameters(ctx, net, "middle.") == bytes_of_parameters(ctx, pretrained.lower));
  CHECK(bytes_of_parameters(ctx, net, "junction.") == junction);
}
