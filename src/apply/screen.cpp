// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The drivers that run inside the sandbox, and the reading of their one line of answers.
#include "apply/screen.h"

#include <fmt/format.h>

#include <chrono>

#include "apply/screen_compiled.h"
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
    if len(answers) >= batch["enough"] and "1" in answers:
        break
print("answers:" + "".join(answers), flush=True)
os._exit(0)
)py";

/// One worker thread a program, two at a time: a worker has globals and an event loop of its own, may call process.exit, and
/// can be ended while it loops. Contexts of `vm` would be faster, but what a test leaves in the event loop would be lost.
constexpr const char* javascript_driver = R"js(
const { Worker } = require('worker_threads');
const batch = JSON.parse(require('fs').readFileSync('batch.json', 'utf8'));
const end = Date.now() + batch.total_s * 1000;
const answers = [];
let next = 0;
function attempt(source) {
  return new Promise((done) => {
    let failed = false;
    let worker;
    try {
      worker = new Worker(source, { eval: true, stdin: true, stdout: true, stderr: true,
                                    resourceLimits: { maxOldGenerationSizeMb: 96 } });
    } catch { return done('0'); }
    const timer = setTimeout(() => { failed = true; worker.terminate(); }, batch.each_s * 1000);
    worker.on('error', () => { failed = true; });
    worker.on('exit', (code) => { clearTimeout(timer); done(!failed && code === 0 ? '1' : '0'); });
  });
}
async function lane() {
  while (next < batch.programs.length && Date.now() < end && (next < batch.enough || !answers.includes('1'))) {
    const number = next++;
    answers[number] = await attempt(batch.programs[number]);
  }
}
Promise.all([lane(), lane()]).then(() => { process.stdout.write('answers:' + answers.join('') + '\n', () => process.exit(0)); });
)js";

constexpr std::uint64_t compiler_memory_bytes = std::uint64_t{2} << 30;  // g++ -O0 of 40 programs with containers: 0.6 GiB
constexpr std::uint64_t compiler_disk_bytes = 512u << 20;                // Go's linked packages
constexpr double compile_allowance_s = 60;                               // as for one program (sandbox.cpp)

Result<SandboxRun> run_batch(Sandbox& sandbox, Language language, const std::vector<std::string>& programs,
                             double each_s, double total_s) {
  SandboxLimits limits;
  const auto milliseconds = [](double s) { return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * s)); };
  if (can_batch(language)) {
    AUTODEV_TRY(sandbox.require_toolchain(language));
    limits.wall = milliseconds(total_s + each_s + compile_allowance_s);
    limits.memory_bytes = compiler_memory_bytes;
    limits.disk_bytes = compiler_disk_bytes;
    auto batch = compiled_batch(language, programs, each_s, total_s);
    if (batch.script.empty()) return SandboxRun{};  // none of them is whole
    return sandbox.run_in_toolchain(language, {"sh", "-c", batch.script}, batch.files, limits);
  }
  limits.wall = milliseconds(total_s + each_s + 5);
  const base::Json batch{{"each_s", each_s}, {"total_s", total_s}, {"enough", screening_enough}, {"programs", programs}};
  return sandbox.run_script(language, {{"batch.json", base::dump_json(batch)}},
                            language == Language::python ? python_driver : javascript_driver, limits);
}

}  // namespace

bool can_screen(Language language) noexcept {
  return language == Language::python || language == Language::javascript || can_batch(language);
}

std::size_t screened_at_once(Language language) noexcept {
  switch (language) {
    case Language::python: return 100;      // 4 ms each
    case Language::javascript: return 60;   // 15 ms each, two at a time
    case Language::c: return 60;            // 20 ms each, two at a time
    case Language::cpp: return 40;          // 0.4 s for the headers, 20 ms each
    case Language::rust: return 40;         // 0.3 s, 10 ms each
    case Language::go: return 24;           // 0.5 s, 60 ms each
    default: return 0;
  }
}

Result<Screening> screen_programs(Sandbox& sandbox, Language language, const std::vector<std::string>& programs,
                                          double each_s, double total_s) {
  if (!can_screen(language))
    return fail(ErrorCode::usage, fmt::format("{} programs cannot share a process", to_string(language)));
  Screening screening{std::vector<bool>(programs.size(), false), 0};
  if (programs.empty()) return screening;
  AUTODEV_TRY_ASSIGN(const SandboxRun run, run_batch(sandbox, language, programs, each_s, total_s));
  constexpr std::string_view mark = "answers:";
  const auto at = run.output.rfind(mark);
  if (at == std::string::npos) return screening;  // the driver was killed: nothing is known to pass
  for (const char answer : std::string_view(run.output).substr(at + mark.size())) {
    if (screening.tried == programs.size() || (answer != '0' && answer != '1')) break;
    screening.passed[screening.tried++] = answer == '1';
  }
  return screening;
}

}  // namespace autodev::apply
