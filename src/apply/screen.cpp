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

/// Forking costs more than running: a child runs up to 25 programs in turn, each in a module and a folder of its own,
/// and writes one letter for each; SIGALRM ends a program that runs too long, and the child with it, and the next child
/// goes on behind it. What stands before and behind the candidates is compiled once.
constexpr const char* python_driver = R"py(
import json, os, signal, sys, time, types
for name in ("re", "typing", "math", "collections", "itertools", "functools", "warnings", "io", "string"):
    __import__(name)
with open("batch.json", encoding="utf-8") as f:
    batch = json.load(f)
before, codes, after = batch["before"], batch["codes"], batch["after"]
end = time.monotonic() + batch["total_s"]
try:
    if "__future__" in before + after:
        raise SyntaxError
    head, tail = compile(before, "before.py", "exec"), compile(after, "after.py", "exec")
except (SyntaxError, ValueError):
    head = tail = None
def attempt(number):
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    space = main.__dict__
    if head is None or "__future__" in codes[number]:
        exec(compile(before + codes[number] + after, "main.py", "exec"), space)
        return
    body = compile(codes[number], "main.py", "exec")
    exec(head, space)
    exec(body, space)
    exec(tail, space)
def child(start, pipe):
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    home = os.getcwd()
    for number in range(start, min(start + 25, len(codes))):
        answer = b"0"
        try:
            os.chdir(home)
            os.mkdir("w%d" % number)
            os.chdir("w%d" % number)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, batch["each_s"])
            attempt(number)
            answer = b"1"
        except SystemExit as ended:
            answer = b"1" if ended.code in (None, 0) else b"0"
        except BaseException:
            pass
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.write(pipe, answer)
    os.write(pipe, b"e")
    os._exit(0)
answers = ""
while len(answers) < len(codes) and time.monotonic() < end and (len(answers) < batch["enough"] or "1" not in answers):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            child(len(answers), write)
        finally:
            os._exit(1)
    os.close(write)
    got = b""
    while True:
        piece = os.read(read, 4096)
        if not piece:
            break
        got += piece
    os.close(read)
    _, status = os.waitpid(pid, 0)
    whole = got.endswith(b"e")
    answers += got.rstrip(b"e").decode("ascii", "replace")[:25]
    if not whole:
        answers += "1" if status == 0 else "0"
print("answers:" + answers[:len(codes)], flush=True)
os._exit(0)
)py";

/// One worker thread a program, two at a time: a worker has globals and an event loop of its own, may call
/// process.exit, and can be ended while it loops. Contexts of `vm` would be faster, but what a test leaves in the event
/// loop would be lost.
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

constexpr std::uint64_t compiler_memory_bytes = std::uint64_t{2}
                                                << 30;     // g++ -O0 of 40 programs with containers: 0.6 GiB
constexpr std::uint64_t compiler_disk_bytes = 512u << 20;  // Go's linked packages
constexpr double compile_allowance_s = 60;                 // as for one program (sandbox.cpp)

Result<SandboxRun> run_batch(Sandbox& sandbox, Language language, const Screened& screened, double each_s,
                             double total_s) {
  SandboxLimits limits;
  const auto milliseconds = [](double s) { return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * s)); };
  std::vector<std::string> programs;
  if (language != Language::python)
    for (const auto& code : screened.codes) programs.push_back(screened.before + code + screened.after);
  if (can_batch(language)) {
    AUTODEV_TRY(sandbox.require_toolchain(language));
    limits.wall = milliseconds(total_s + each_s + compile_allowance_s);
    limits.memory_bytes = compiler_memory_bytes;
    limits.disk_bytes = compiler_disk_bytes;
    auto batch = compiled_batch(language, programs, each_s, total_s,
                                [&](const std::vector<std::string>& headers) { return sandbox.prepared_header(language, headers); });
    if (batch.script.empty()) return SandboxRun{};  // none of them is whole
    return sandbox.run_in_toolchain(language, {"sh", "-c", batch.script}, batch.files, limits);
  }
  limits.wall = milliseconds(total_s + each_s + 5);
  base::Json batch{{"each_s", each_s}, {"total_s", total_s}, {"enough", screening_enough}};
  if (language == Language::python) {
    batch["before"] = screened.before;
    batch["codes"] = screened.codes;
    batch["after"] = screened.after;
  } else {
    batch["programs"] = programs;
  }
  return sandbox.run_script(language, {{"batch.json", base::dump_json(batch)}},
                            language == Language::python ? python_driver : javascript_driver, limits);
}

}  // namespace

bool can_screen(Language language) noexcept {
  return language == Language::python || language == Language::javascript || can_batch(language);
}

std::size_t screened_at_once(Language language) noexcept {
  switch (language) {
    case Language::python:
      return 100;  // 0.5 ms each
    case Language::javascript:
      return 60;  // 15 ms each, two at a time
    case Language::c:
      return 60;  // 20 ms each, two at a time
    case Language::cpp:
      return 40;  // 0.4 s for the headers, 20 ms each
    case Language::rust:
      return 40;  // 0.3 s, 10 ms each
    case Language::go:
      return 24;  // 0.5 s, 60 ms each
    default:
      return 0;
  }
}

Result<Screening> screen_programs(Sandbox& sandbox, Language language, const Screened& screened, double each_s,
                                  double total_s) {
  if (!can_screen(language))
    return fail(ErrorCode::usage, fmt::format("{} programs cannot share a process", to_string(language)));
  Screening screening{std::vector<bool>(screened.codes.size(), false), 0};
  if (screened.codes.empty()) return screening;
  AUTODEV_TRY_ASSIGN(const SandboxRun run, run_batch(sandbox, language, screened, each_s, total_s));
  constexpr std::string_view mark = "answers:";
  const auto at = run.output.rfind(mark);
  if (at == std::string::npos) return screening;  // the driver was killed: nothing is known to pass
  for (const char answer : std::string_view(run.output).substr(at + mark.size())) {
    if (screening.tried == screened.codes.size() || (answer != '0' && answer != '1')) break;
    screening.passed[screening.tried++] = answer == '1';
  }
  return screening;
}

}  // namespace autodev::apply
