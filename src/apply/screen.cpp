// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The driver that runs inside the sandbox, and the reading of its one line of answers.
#include "apply/screen.h"

#include <fmt/format.h>

#include <chrono>

#include "base/json.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

/// Loads what small programs usually import, then forks once per program. SIGALRM ends a program that runs too long;
/// its default action cannot be missed by code that does not expect it.
constexpr const char* python_driver = R"py(
import json, os, signal, sys, time, types
for name in ("re", "typing", "math", "collections", "itertools", "functools", "warnings", "io", "string"):
    __import__(name)
with open("batch.json", encoding="utf-8") as f:
    batch = json.load(f)
end = time.monotonic() + batch["total_s"]
answers = []
for number, source in enumerate(batch["programs"]):
    if time.monotonic() >= end:
        break
    child = os.fork()
    if child == 0:
        code = 1
        try:
            folder = "w%d" % number
            os.mkdir(folder)
            os.chdir(folder)
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(null, stream)
            signal.setitimer(signal.ITIMER_REAL, batch["each_s"])
            main = types.ModuleType("__main__")
            sys.modules["__main__"] = main
            exec(compile(source, "main.py", "exec"), main.__dict__)
            code = 0
        except SystemExit as ended:
            code = 0 if ended.code in (None, 0) else 1
        except BaseException:
            code = 1
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    answers.append("1" if status == 0 else "0")
print("answers:" + "".join(answers), flush=True)
os._exit(0)
)py";

}  // namespace

bool can_screen(Language language) noexcept {
  return language == Language::python;
}

Result<std::vector<bool>> screen_programs(Sandbox& sandbox, Language language, const std::vector<std::string>& programs,
                                          double each_s, double total_s) {
  if (!can_screen(language))
    return fail(ErrorCode::usage, fmt::format("{} programs cannot share a process", to_string(language)));
  std::vector<bool> passed(programs.size(), false);
  if (programs.empty()) return passed;
  const base::Json batch{{"each_s", each_s}, {"total_s", total_s}, {"programs", programs}};
  SandboxLimits limits;
  limits.wall = std::chrono::milliseconds(static_cast<std::int64_t>(1000 * (total_s + each_s + 5)));
  AUTODEV_TRY_ASSIGN(const SandboxRun run,
                     sandbox.run_script(language, {{"batch.json", base::dump_json(batch)}}, python_driver, limits));
  constexpr std::string_view mark = "answers:";
  const auto at = run.output.rfind(mark);
  if (at == std::string::npos) return passed;  // the driver was killed: nothing is known to pass
  for (std::size_t i = 0; i < passed.size() && at + mark.size() + i < run.output.size(); ++i)
    passed[i] = run.output[at + mark.size() + i] == '1';
  return passed;
}

}  // namespace autodev::apply
