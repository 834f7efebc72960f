// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The promises of the journal and their price:
//   1. 8 processes append 1,000 events each at once: latency of a durable append
//   2. 200 times a writer is killed (SIGKILL) at a random moment: every acknowledged event must be there
//   3. the fold: events per second into a state in memory and on disk
// An event counts as acknowledged when its number came through a pipe after append() returned. Ends with 1 if any
// acknowledged event is lost.
//
//   journal_bench [FOLDER] [KILLS]      default: a new folder in /tmp, 200
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/env.h"
#include "knowledge/knowledge_store.h"
#include "learn/learner.h"
#include "syntax/extract.h"

namespace {

using namespace autodev;
using namespace autodev::knowledge;
using Clock = std::chrono::steady_clock;

constexpr int writers = 8;
constexpr int events_each = 1'000;
constexpr int fold_events = 2'000;

/// What a writer sends for each acknowledged event.
struct Acknowledged {
  std::uint64_t number;
  std::uint64_t nanoseconds;
};

[[noreturn]] void give_up(const Error& error) {
  fmt::print(stderr, "journal_bench: {}\n", error.message);
  std::exit(1);
}

template <typename T>
T value_of(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(result).value();
}

LearningEvent event_of(std::uint64_t number) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(number)));
  event.source = "bench";
  event.project = "bench";
  event.revision = std::to_string(number);
  event.specification.text = fmt::format("task {} of the journal bench, with as many words as a short request has", number);
  event.outcome.verdict = Verdict::passed;
  event.outcome.strength = EvidenceStrength::exit_code;
  event.id = event_id(event);
  return event;
}

/// Child: appends `count` events from `first` and acknowledges each one.
[[noreturn]] void write_events(const std::string& folder, std::uint64_t first, std::uint64_t count, int pipe) {
  Journal journal(base::real_env(), folder);
  for (std::uint64_t number = first; number < first + count; ++number) {
    const Payload payload = event_of(number);
    const auto start = Clock::now();
    if (auto done = journal.append({payload}); !done) give_up(done.error());
    const Acknowledged acknowledged{number, static_cast<std::uint64_t>((Clock::now() - start).count())};
    if (::write(pipe, &acknowledged, sizeof acknowledged) != sizeof acknowledged) _exit(2);
  }
  _exit(0);
}

struct Writer {
  pid_t pid = -1;
  int pipe = -1;
};

Writer start_writer(const std::string& folder, std::uint64_t first, std::uint64_t count) {
  int ends[2];
  if (::pipe(ends) != 0) give_up({ErrorCode::io, "no pipe", {}});
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    write_events(folder, first, count, ends[1]);
  }
  ::close(ends[1]);
  return {pid, ends[0]};
}

/// Everything acknowledged until the writer's end of the pipe closes.
std::vector<Acknowledged> drain(const Writer& writer) {
  std::vector<Acknowledged> all;
  Acknowledged one{};
  while (::read(writer.pipe, &one, sizeof one) == sizeof one) all.push_back(one);
  ::close(writer.pipe);
  int status = 0;
  ::waitpid(writer.pid, &status, 0);
  return all;
}

std::uint64_t count_lost(const std::string& folder, const std::set<std::uint64_t>& acknowledged) {
  Journal journal(base::real_env(), folder);
  std::set<std::uint64_t> missing = acknowledged;
  std::vector<DamagedRecord> damaged;
  value_of(journal.read({}, [&](const Record& record) {
    const auto event = std::get<LearningEvent>(value_of(decode_payload(record.kind, record.payload)));
    const std::uint64_t number = std::stoull(event.revision);
    if (event == event_of(number)) missing.erase(number);
    return true;
  }, &damaged));
  for (const DamagedRecord& one : damaged) fmt::print("damaged: {} at {}: {}\n", one.file, one.offset, one.reason);
  return missing.size();
}

std::uint64_t run_writers(const std::string& folder) {
  const auto start = Clock::now();
  std::vector<Writer> running;
  for (int i = 0; i < writers; ++i)
    running.push_back(start_writer(folder, static_cast<std::uint64_t>(i) * events_each, events_each));
  std::set<std::uint64_t> acknowledged;
  std::vector<double> milliseconds;
  for (const Writer& writer : running) {
    for (const Acknowledged& one : drain(writer)) {
      acknowledged.insert(one.number);
      milliseconds.push_back(static_cast<double>(one.nanoseconds) / 1e6);
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto quantile = [&](double share) { return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))]; };
  const std::uint64_t lost = count_lost(folder, acknowledged);
  fmt::print("{} writers x {} events: {:.0f} appends/s, latency p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", writers,
             events_each, static_cast<double>(milliseconds.size()) / seconds, quantile(0.5), quantile(0.99), milliseconds.back());
  fmt::print("acknowledged {}, lost {}\n", acknowledged.size(), lost);
  return lost;
}

std::uint64_t run_kills(const std::string& folder, int kills) {
  std::mt19937_64 chance(20'260'101);
  std::set<std::uint64_t> acknowledged;
  for (int round = 0; round < kills; ++round) {
    const Writer writer = start_writer(folder, static_cast<std::uint64_t>(round) * 1'000'000, 1'000'000);
    ::usleep(static_cast<useconds_t>(chance() % 40'000));
    ::kill(writer.pid, SIGKILL);
    for (const Acknowledged& one : drain(writer)) acknowledged.insert(one.number);
  }
  const std::uint64_t lost = count_lost(folder, acknowledged);
  fmt::print("{} x kill -9: acknowledged {}, lost {}\n", kills, acknowledged.size(), lost);
  return lost;
}

/// Events with units, as a history gives them: variants of a few functions, each event with two.
std::vector<Payload> events_with_units() {
  std::vector<Payload> payloads;
  for (int i = 0; i < fold_events; ++i) {
    const std::string source = fmt::format(
        "def load_{0}(client, key):\n    response = client.get_{1}(key, timeout={2})\n    if response.status != 200:\n"
        "        raise KeyError(key)\n    return response.json()\n\n"
        "def total_{1}(rows):\n    total = 0\n    for row in rows:\n        if row.kind_{0} > {2}:\n            total += row.amount\n"
        "    return round(total, {2})\n",
        i % 37, i % 211, i % 11);
    LearningEvent event = event_of(static_cast<std::uint64_t>(i));
    for (CodeUnit& unit : value_of(syntax::extract_units(source, Language::python, "module.py")).units)
      event.implementation.units.push_back({std::nullopt, std::move(unit)});
    event.id = {};
    event.id = event_id(event);
    payloads.emplace_back(std::move(event));
  }
  return payloads;
}

void run_fold(const std::string& folder) {
  Journal journal(base::real_env(), folder + "/journal");
  value_of(journal.append(events_with_units()));
  for (const bool in_memory : {true, false}) {
    StoreOptions options;
    options.in_memory_state = in_memory;
    const auto store = value_of(KnowledgeStore::open(base::real_env(), folder, learn::study, options));
    const auto start = Clock::now();
    const RefreshReport report = value_of(store->refresh());
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    fmt::print("fold {}: {} events, {:.0f} events/s\n", in_memory ? "in memory" : "on disk", report.records,
               static_cast<double>(report.records) / seconds);
    const auto again = Clock::now();
    value_of(store->refresh());
    fmt::print("refresh with nothing new: {:.2f} ms\n", std::chrono::duration<double, std::milli>(Clock::now() - again).count());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : std::string("/tmp/journal-bench-XXXXXX");
  if (argc <= 1 && ::mkdtemp(folder.data()) == nullptr) return 1;
  const int kills = argc > 2 ? std::atoi(argv[2]) : 200;
  const std::uint64_t lost = run_writers(folder + "/writers/journal") + run_kills(folder + "/kills/journal", kills);
  run_fold(folder + "/fold");
  if (argc <= 1) std::filesystem::remove_all(folder);
  return lost == 0 ? 0 : 1;
}
