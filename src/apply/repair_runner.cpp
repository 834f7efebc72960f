// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "apply/repair_copies.h"
#include "apply/repair_driver.h"
#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_copied_bytes = 260'000;  ///< source of one batch: 0.5 s of gcc -O0
constexpr std::size_t max_batch = 900;  ///< answers of one call must fit into the output that a sandbox keeps
constexpr std::uint64_t compiler_disk_bytes = 128u << 20;
/// What a driver prints for one test and one variant at most, with `all`.
constexpr std::size_t answer_bytes = 36;
constexpr std::size_t max_answers_bytes = 8u << 20;
constexpr std::uint64_t memory_bytes = std::uint64_t{2} << 30;
constexpr std::chrono::milliseconds least_wall(500);
constexpr int failed_to_compile = 125;

/// Room for the answers of `variants`: if they did not fit, the first ones would be lost.
std::size_t room_for(std::size_t variants, std::size_t tests, bool all) {
  const std::size_t each = all ? tests * answer_bytes : tests * 2;
  return std::clamp(variants * (each + 16) + 4'096, SandboxLimits().output_bytes, max_answers_bytes);
}

std::vector<std::string> codes_of(const std::vector<RepairTest>& tests) {
  std::vector<std::string> codes;
  for (const auto& test : tests)
    if (!test.code.empty()) codes.push_back(test.code);
  return codes;
}

class NativeRunner final : public RepairRunner {
 public:
  NativeRunner(Sandbox& sandbox, const RepairProgram& program) : sandbox_(sandbox), program_(program), copies_(program) {
    const bool cpp = program.language() == Language::cpp;
    compiler_ = cpp ? "g++ -std=c++17 -O0 -w" : "gcc -std=c99 -O0 -w";
    suffix_ = cpp ? "cpp" : "c";
  }

  std::size_t batch(const std::vector<RepairCandidate>& candidates, std::size_t from) const override {
    std::size_t bytes = 0, count = 0;
    for (std::size_t i = from; i < candidates.size() && count < max_batch && bytes < max_copied_bytes; ++i, ++count) bytes += copies_.cost(candidates[i].edits);
    return std::max<std::size_t>(count, 1);
  }

  Result<std::vector<RepairAnswer>> run(const std::vector<std::vector<RepairEdit>>& variants, const std::vector<RepairTest>& tests,
                                        const RunnerLimits& limits) override {
    std::vector<RepairAnswer> answers(variants.size());
    for (auto& answer : answers) answer.passed.assign(tests.size(), false);
    std::vector<std::size_t> all(variants.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    spent_ = {};
    AUTODEV_TRY(run_some(variants, tests, limits, all, 0, answers));
    return answers;
  }

  Result<RepairAnswer> run_alone(const std::vector<RepairEdit>& variant, const std::vector<RepairTest>& tests,
                                 const RunnerLimits& limits) override {
    spent_ = {};
    const auto codes = codes_of(tests);
    const std::string text = apply_edits(program_.source(), variant);
    if (codes.empty()) return alone(text, tests, limits);
    RepairAnswer whole;
    whole.ran = true;
    for (const auto& test : tests) {
      AUTODEV_TRY_ASSIGN(const RepairAnswer one, alone(text + "\n" + test.code, {test}, limits));
      whole.passed.push_back(one.ran && one.passed[0]);
      whole.timed_out.push_back(one.ran && one.timed_out[0]);
      whole.crashed.push_back(one.ran && one.crashed[0]);
      whole.ran = whole.ran && one.ran;
    }
    return whole;
  }

 private:
  struct Built {
    SandboxRun run;
    bool compiled = false;
  };

  /// `variants` copies under the driver, or the program alone (0).
  Result<Built> build_and_run(std::string source, const std::vector<RepairTest>& tests, const RunnerLimits& limits, std::size_t variants) {
    const bool single = variants == 0;
    const bool code = !codes_of(tests).empty();
    std::map<std::string, std::string> files;
    files["driver.c"] = std::string(native_driver());
    files[single ? "main." + suffix_ : "copies." + suffix_] = std::move(source);
    if (single) files["none.c"] = "void* autodev_table[] = {0}; int autodev_count = 0, autodev_m, autodev_number[1];\n";
    for (std::size_t t = 0; t < tests.size(); ++t) {
      files[fmt::format("i{}", t)] = tests[t].input;
      files[fmt::format("o{}", t)] = tests[t].expected;
    }
    const std::string arguments = fmt::format("{} {} {} {} {}", tests.size(), limits.each.count(), limits.total.count(), limits.all || single ? 1 : 0, code ? 1 : 0);
    const std::string errors = "{ grep -oE '^m[0-9]+:[0-9]+:([0-9]+:)? (fatal )?error' err | cut -d: -f1 | sort -u | head -c 12000; head -c 1500 err; exit 125; }";
    const std::string script =
        single ? fmt::format("{} main.{} -o main -lm 2>err || {}\ngcc -std=gnu99 -O1 -w driver.c none.c -o driver && exec ./driver {}", compiler_, suffix_, errors, arguments)
               : fmt::format("gcc -std=gnu99 -O1 -w -c driver.c & {} -c copies.{} 2>err || {}\nwait; {} copies.o driver.o -o copies -lm 2>err || {}\nexec ./copies {}",
                             compiler_, suffix_, errors, compiler_, errors, arguments);
    SandboxLimits bounds;
    bounds.wall = std::max(limits.wall - spent_, least_wall);
    bounds.memory_bytes = memory_bytes;
    bounds.disk_bytes = compiler_disk_bytes;
    bounds.output_bytes = room_for(std::max<std::size_t>(variants, 1), tests.size(), limits.all || single);
    Built built;
    AUTODEV_TRY_ASSIGN(built.run, sandbox_.run({"sh", "-c", script}, files, bounds));
    spent_ += std::chrono::duration_cast<std::chrono::milliseconds>(built.run.duration);
    built.compiled = built.run.exit_code != failed_to_compile;
    return built;
  }

  Result<RepairAnswer> alone(const std::string& text, const std::vector<RepairTest>& tests, const RunnerLimits& limits) {
    AUTODEV_TRY_ASSIGN(const Built built, build_and_run(text, tests, limits, 0));
    return read_answers(built.run.output, 1, tests.size())[0];
  }

  /// Runs `chosen` variants; those that do not compile are dropped and the others tried again.
  Result<void> run_some(const std::vector<std::vector<RepairEdit>>& variants, const std::vector<RepairTest>& tests, const RunnerLimits& limits,
                        std::vector<std::size_t> chosen, int depth, std::vector<RepairAnswer>& answers) {
    const auto codes = codes_of(tests);
    for (int round = 0; round < 4 && !chosen.empty() && spent_ < limits.wall; ++round) {
      std::vector<const std::vector<RepairEdit>*> edits;
      for (const auto i : chosen) edits.push_back(&variants[i]);
      AUTODEV_TRY_ASSIGN(const Built built, build_and_run(copies_.source(edits, codes, share_), tests, limits, chosen.size()));
      if (built.compiled) {
        const auto some = read_answers(built.run.output, chosen.size(), tests.size());
        for (std::size_t k = 0; k < chosen.size(); ++k) answers[chosen[k]] = some[k];
        return {};
      }
      const std::size_t before = chosen.size();
      drop_broken(built.run.output, chosen);
      if (chosen.size() != before) continue;
      if (!share_) break;  // the messages name no variant
      share_ = false;      // this program does not bear choosing while it runs
    }
    if (chosen.size() < 2 || depth > 5 || spent_ >= limits.wall) return {};
    const auto middle = chosen.begin() + static_cast<std::ptrdiff_t>(chosen.size() / 2);
    AUTODEV_TRY(run_some(variants, tests, limits, {chosen.begin(), middle}, depth + 1, answers));
    return run_some(variants, tests, limits, {middle, chosen.end()}, depth + 1, answers);
  }

  static void drop_broken(std::string_view printed, std::vector<std::size_t>& chosen) {
    std::set<std::size_t> broken;
    for (const auto line : base::split_lines(printed)) {
      if (!line.starts_with('m') || line.size() < 2 || line.find_first_not_of("0123456789", 1) != std::string_view::npos) continue;
      if (line.size() < 8) broken.insert(std::stoul(std::string(line.substr(1))));
    }
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < chosen.size(); ++k)
      if (!broken.contains(k)) kept.push_back(chosen[k]);
    chosen = std::move(kept);
  }

  Sandbox& sandbox_;
  const RepairProgram& program_;
  ProgramCopies copies_;
  std::string compiler_, suffix_;
  bool share_ = true;
  std::chrono::milliseconds spent_{};  ///< by the call that is under way
};

class PythonRunner final : public RepairRunner {
 public:
  PythonRunner(Sandbox& sandbox, const RepairProgram& program) : sandbox_(sandbox), program_(program) {}

  std::size_t batch(const std::vector<RepairCandidate>& candidates, std::size_t from) const override {
    return std::min<std::size_t>(std::max<std::size_t>(candidates.size(), from + 1) - from, 200);
  }

  Result<std::vector<RepairAnswer>> run(const std::vector<std::vector<RepairEdit>>& variants, const std::vector<RepairTest>& tests,
                                        const RunnerLimits& limits) override {
    base::Json batch;
    batch["programs"] = base::Json::array();
    for (const auto& edits : variants) batch["programs"].push_back(apply_edits(program_.source(), edits));
    batch["tests"] = base::Json::array();
    for (const auto& test : tests)
      batch["tests"].push_back(test.code.empty() ? base::Json{{"i", test.input}, {"o", test.expected}} : base::Json{{"code", test.code}});
    batch["each_s"] = static_cast<double>(limits.each.count()) / 1000;
    batch["total_s"] = static_cast<double>(limits.total.count()) / 1000;
    batch["all"] = limits.all;
    SandboxLimits bounds;
    bounds.wall = std::max(limits.wall, least_wall);
    bounds.output_bytes = room_for(variants.size(), tests.size(), limits.all);
    AUTODEV_TRY_ASSIGN(const SandboxRun run, sandbox_.run_script(Language::python, {{"batch.json", base::dump_json(batch)}}, std::string(python_driver()), bounds));
    return read_answers(run.output, variants.size(), tests.size());
  }

  Result<RepairAnswer> run_alone(const std::vector<RepairEdit>& variant, const std::vector<RepairTest>& tests,
                                 const RunnerLimits& limits) override {
    RunnerLimits every = limits;
    every.all = true;
    AUTODEV_TRY_ASSIGN(const auto answers, run({variant}, tests, every));
    return answers[0];
  }

 private:
  Sandbox& sandbox_;
  const RepairProgram& program_;
};

}  // namespace

bool RepairAnswer::all_passed() const {
  return ran && !passed.empty() && std::all_of(passed.begin(), passed.end(), [](bool p) { return p; });
}

Result<std::unique_ptr<RepairRunner>> open_runner(Sandbox& sandbox, const RepairProgram& program) {
  if (program.c_like()) return std::make_unique<NativeRunner>(sandbox, program);
  if (program.python()) return std::make_unique<PythonRunner>(sandbox, program);
  return fail(ErrorCode::usage, fmt::format("variants of programs in {} cannot be run together", to_string(program.language())));
}

}  // namespace autodev::apply
