// SPDX-License-Identifier: MIT OR Apache-2.0
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include "vote/decision_bench.h"
int main(int argc, char** argv) {
  using namespace autodev::vote;
  std::ifstream in(argv[1]);
  std::stringstream text; text << in.rdbuf();
  BenchOptions options;
  for (int i = 2; i < argc; ++i) { std::string a = argv[i]; if (a=="shuffle") options.shuffle=true; else if (a=="full") options.full_feedback=true; else options.repeats=std::stoul(a); }
  LogColumns columns{"item_id","click","pscore",{"timestamp"}};
  auto log = read_log(text.str(), argv[1], columns);
  if (!log) return fmt::print("{}\n", log.error().message), 1;
  auto report = run_decision_bench(*log, options);
  if (!report) return fmt::print("{}\n", report.error().message), 1;
  fmt::print("{}", report->text());
}
