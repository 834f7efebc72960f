// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_driver.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace autodev::apply {
namespace {

/// Files i<n> and o<n> are the tests; argv: tests, ms of each, ms in total, all. The child gets a processor timer whose default action ends it
/// and a limit it cannot lift; the parent kills its process group at a wall deadline four times as long. At most 256 KiB of output count.
constexpr std::string_view native = R"c(
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
typedef int (*entry)(int, char**);
extern entry autodev_table[];
extern int autodev_count, autodev_m, autodev_number[];
enum { cap = 1 << 18 };
static char got[cap + 1];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }
static char* slurp(const char* name) {
  FILE* f = fopen(name, "rb"); char* text = calloc(1, cap + 1);
  if (f) { size_t n = fread(text, 1, cap, f); text[n] = 0; fclose(f); }
  return text;
}
static void normalise(char* s) {
  char *w = s, *r = s;
  while (*r) {
    char *e = r, *end, *next;
    while (*e && *e != '\n') ++e;
    next = *e ? e + 1 : e;
    end = e;
    while (end > r && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) --end;
    while (r < end && (*r == ' ' || *r == '\t')) ++r;
    if (end > r) { size_t n = end - r; memmove(w, r, n); w += n; *w++ = '\n'; }
    r = next;
  }
  *w = 0;
}
static uint64_t digest(const char* s) { uint64_t h = 1469598103934665603ull; for (; *s; ++s) h = (h ^ (unsigned char)*s) * 1099511628211ull; return h; }
static void child(int variant, const char* input, int out, int each) {
  setpgid(0, 0);
  int in = open(input, O_RDONLY), null = open("/dev/null", O_WRONLY);
  dup2(in, 0); dup2(out, 1); dup2(null, 2);
  for (int fd = 3; fd < 24; ++fd) close(fd);
  struct rlimit cpu = {each / 1000 + 2, each / 1000 + 2}; setrlimit(RLIMIT_CPU, &cpu);
  struct rlimit file = {1 << 22, 1 << 22}; setrlimit(RLIMIT_FSIZE, &file);
  struct itimerval timer = {{0, 0}, {each / 1000, each % 1000 * 1000}}; setitimer(ITIMER_PROF, &timer, 0);
  char* arguments[] = {(char*)"main", 0};
  if (autodev_count == 0) { execv("./main", arguments); _exit(127); }
  autodev_m = autodev_number[variant];
  autodev_table[variant](1, arguments);
  exit(0);
}
static char attempt(int variant, const char* input, const char* expected, int each, int strict, uint64_t* hash, long* us) {
  int ends[2], status = 0; size_t n = 0; char late = 0;
  if (pipe(ends)) return '-';
  double start = now(), deadline = start + each * 0.004 + 0.05;
  pid_t id = fork();
  if (id == 0) child(variant, input, ends[1], each);
  close(ends[1]);
  if (id < 0) { close(ends[0]); return '-'; }
  for (;;) {
    struct pollfd p = {ends[0], POLLIN, 0};
    double left = deadline - now();
    if (left <= 0) { late = 1; break; }
    if (poll(&p, 1, (int)(left * 1000) + 1) <= 0) continue;
    char spill[4096];
    ssize_t k = n < cap ? read(ends[0], got + n, cap - n) : read(ends[0], spill, sizeof spill);
    if (k <= 0) break;
    if (n < cap) n += k; else { late = 1; break; }
  }
  if (!late) {
    for (;;) {
      pid_t r = waitpid(id, &status, WNOHANG);
      if (r == id) break;
      if (now() >= deadline) { late = 1; break; }
      usleep(200);
    }
  }
  kill(-id, SIGKILL); kill(id, SIGKILL);
  if (late) waitpid(id, &status, 0);
  close(ends[0]);
  *us = (long)((now() - start) * 1e6);
  got[n] = 0;
  for (size_t i = 0; i < n; ++i) if (!got[i]) got[i] = '?';
  normalise(got);
  *hash = digest(got);
  if (late || (WIFSIGNALED(status) && (WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))) return 't';
  if (WIFSIGNALED(status)) return 'c';
  if (strict && WEXITSTATUS(status) != 0) return 'f';
  return expected == 0 || strcmp(got, expected) == 0 ? 'p' : 'f';
}
int main(int argc, char** argv) {
  int tests = atoi(argv[1]), each = atoi(argv[2]), total = atoi(argv[3]), all = atoi(argv[4]), code = atoi(argv[5]);
  char** expected = calloc(tests + 1, sizeof *expected);
  for (int t = 0; t < tests && !code; ++t) { char name[32]; sprintf(name, "o%d", t); expected[t] = slurp(name); normalise(expected[t]); }
  double end = now() + total * 1e-3;
  FILE* report = fdopen(dup(1), "w");
  int variants = autodev_count == 0 ? 1 : code ? autodev_count / tests : autodev_count;
  for (int v = 0; v < variants && now() < end; ++v) {
    char line[4096]; int n = sprintf(line, "\n#%d", v), failed = 0;
    for (int t = 0; t < tests && n < 3900; ++t) {
      char name[32]; uint64_t hash = 0; long us = 0; char c = '-';
      sprintf(name, "i%d", t);
      if (!failed || all) c = attempt(code ? v * tests + t : v, code ? "/dev/null" : name, expected[t], each, code && autodev_count == 0, &hash, &us);
      if (c != 'p') failed = 1;
      n += all ? sprintf(line + n, " %c:%llx:%ld", c, (unsigned long long)hash, us) : sprintf(line + n, " %c", c);
    }
    if (all || !failed || variants <= 64) fputs(line, report);
    else fprintf(report, "\n#%d f", v);
    fflush(report);
  }
  return 0;
}
)c";

constexpr std::string_view python = R"py(
import hashlib, io, json, os, resource, select, signal, sys, time, types
for name in ("re", "typing", "math", "collections", "itertools", "functools", "warnings", "string", "heapq", "copy", "random"):
    __import__(name)
with open("batch.json", encoding="utf-8") as f:
    batch = json.load(f)
tests, each, everything = batch["tests"], batch["each_s"], batch["all"]
end = time.monotonic() + batch["total_s"]
def normal(text):
    return "\n".join(l for l in (line.strip(" \t\r") for line in text.split("\n")) if l)
def child(source, test, out):
    code = 1
    try:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0); os.dup2(out, 1); os.dup2(null, 2)
        os.closerange(3, 24)
        limit = int(each) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        signal.setitimer(signal.ITIMER_PROF, each)
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        sys.stdin = io.StringIO(test.get("i", ""))
        sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=False)
        exec(compile(source + "\n\n" + test.get("code", ""), "main.py", "exec"), main.__dict__)
        code = 0
    except SystemExit as ended:
        code = 0 if ended.code in (None, 0) else 1
    except BaseException:
        code = 1
    finally:
        try:
            sys.stdout.flush()
        finally:
            os._exit(code)
def attempt(source, test):
    got, late, start = b"", False, time.monotonic()
    deadline = start + each * 4 + 0.1
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(source, test, write)
    os.close(write)
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or len(got) > 262144:
            late = True
            break
        if not select.select([read], [], [], left)[0]:
            continue
        piece = os.read(read, 65536)
        if not piece:
            break
        got += piece
    while not late:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            late = True
        time.sleep(0.0002)
    for target in (-pid, pid):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    if late:
        _, status = os.waitpid(pid, 0)
    os.close(read)
    text = normal(got.decode("utf-8", "replace"))
    mark = hashlib.md5(text.encode()).hexdigest()[:15]
    us = int((time.monotonic() - start) * 1e6)
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU, signal.SIGKILL)):
        return "t", mark, us
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) != 0:
        return "c", mark, us
    return ("p" if "code" in test or text == normal(test["o"]) else "f"), mark, us
answers = []
for number, source in enumerate(batch["programs"]):
    if time.monotonic() >= end:
        break
    line, failed = "#%d" % number, False
    for test in tests:
        c, mark, us = ("-", "0", 0) if failed and not everything else attempt(source, test)
        failed = failed or c != "p"
        line += " %s:%s:%d" % (c, mark, us) if everything else " " + c
    answers.append(line)
sys.stdout.write("\n" + "\n".join(answers) + "\n")
)py";

template <typename Number>
Number number_in(std::string_view text, int base) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

std::string_view native_driver() { return native; }
std::string_view python_driver() { return python; }

std::vector<RepairAnswer> read_answers(std::string_view printed, std::size_t count, std::size_t tests) {
  std::vector<RepairAnswer> answers(count);
  for (auto& answer : answers) {
    answer.passed.assign(tests, false);
    answer.timed_out = answer.crashed = answer.passed;
    answer.outputs.assign(tests, 0);
    answer.seconds.assign(tests, 0.0);
  }
  for (const auto line : base::split_lines(printed)) {
    if (!line.starts_with('#')) continue;
    const auto words = base::split(line.substr(1), ' ');
    const auto variant = number_in<std::size_t>(words[0], 10);
    if (variant >= count) continue;
    RepairAnswer& answer = answers[variant];
    answer.ran = true;
    for (std::size_t t = 0; t < tests && t + 1 < words.size(); ++t) {
      const auto parts = base::split(words[t + 1], ':');
      answer.passed[t] = parts[0] == "p";
      answer.timed_out[t] = parts[0] == "t";
      answer.crashed[t] = parts[0] == "c";
      if (parts.size() < 3) continue;
      answer.outputs[t] = number_in<std::uint64_t>(parts[1], 16);
      answer.seconds[t] = static_cast<double>(number_in<std::uint64_t>(parts[2], 10)) * 1e-6;
    }
  }
  return answers;
}

}  // namespace autodev::apply
