// SPDX-License-Identifier: MIT
#include <fsis/training/evaluation_page.hpp>
#include <fsis/training/evaluation_report.hpp>

#include <fsis/io/json_reader.hpp>

#include <io/scratch.hpp>
#include <support/catch.hpp>
#include <training/made_up_evaluation.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::made_up_evaluation;

namespace {

evaluation_report made_up_report() {
  evaluation_report r;
  r.setting = {{"data", "a <folder>"}, {"seed", "1"}};
  r.left_out = {3};
  r.methods.push_back({"disk", made_up_evaluation(10, 1, [](index_t, index_t) { return 0.3; })});
  r.methods.push_back({"network", made_up_evaluation(10, 4, [](index_t i, index_t c) {
                         return hd_min(0.5 + 0.1 * static_cast<double>(c) + 0.02 * static_cast<double>(i), 1.0);
                       })});
  r.methods.back().result.learned = {7, 0.25};
  r.best.push_back({image::blank(4, 4), "best of \"all\""});
  return r;
}

}  // namespace

TEST_CASE("evaluation report: JSON holds the figures and what they were computed from", "[training]") {
  fsis_test::scratch_folder folder;
  auto const r = made_up_report();
  write_json(r, folder / "report.json");
  auto const j = io::read_json(folder / "report.json");
  CHECK(j.find("setting")->find("data")->text() == "a <folder>");
  CHECK(j.find("classes_left_out")->elements()[0].number() == 3);
  auto const& methods = j.find("methods")->elements();
  REQUIRE(methods.size() == 2);
  auto const& after = methods[1].find("after_click")->elements();
  REQUIRE(after.size() == 4);
  CHECK(after[0].find("miou")->find("value")->number() == Approx(r.methods[1].result.scores(1).mean_iou()));
  CHECK(after[0].find("miou")->find("standard_error")->number() > 0);
  CHECK(after[3].find("class_iou")->find("2")->number() == Approx(r.methods[1].result.scores(4).class_iou(2)));
  auto const& reach = methods[1].find("clicks_to_reach")->elements();
  // 0.85: episode i needs c with 0.5 + 0.1 c + 0.02 i >= 0.85, that is 4, 4, 4, 3, 3, 3, 3, 3, 2, 2
  CHECK(reach[0].find("noc")->number() == Approx(3.1));
  CHECK(reach[0].find("nof")->number() == 0);
  CHECK(methods[1].find("each_episode")->elements()[9].find("iou")->elements()[0].number() == Approx(0.78));
  CHECK(methods[1].find("seconds_per_click")->number() == Approx(0.01));
  CHECK(methods[1].find("learned")->find("updates")->number() == 7);
  CHECK(methods[1].find("learned")->find("drift")->number() == 0.25);
  CHECK(methods[0].find("learned") == nullptr);
}

TEST_CASE("evaluation page: stands alone, with the thesis' rows on fold 0", "[training]") {
  auto r = made_up_report();
  std::string const page = to_html(r);
  CHECK(mentions(page, "<table>", "<svg", "data:image/png;base64,", "tables 2.1 and 2.2", "0.343", "a &lt;folder&gt;",
                 "bird left out", "best of &quot;all&quot;"));
  CHECK(page.find("http") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  r.fold = 1;
  CHECK(to_html(r).find("tables 2.1") == std::string::npos);
}

TEST_CASE("the thesis' printed means", "[training]") {
  // golden G40: means of the classes .2542, .2722, .3332, .3426; printed .254, .275, .332, .343
  auto const rows = thesis_rows();
  REQUIRE(rows.size() == 4);
  double const means[] = {.2542, .2722, .3332, .3426};
  for (std::size_t i = 0; i < 4; ++i) CHECK(rows[i].miou() == Approx(means[i]).margin(1e-9));
  CHECK(pascal_class_name(20) == "tvmonitor");
  CHECK(pascal_class_name(21) == "class 21");
}
