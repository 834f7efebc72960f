// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Speed of the search index: index_bench [--folder F] [--sizes 1000,10000,100000] [--json].
//
// For each size: documents written a second into memory and into LMDB, one document replaced in a transaction of its
// own, query times in one process, and the wall time of a whole process that opens the store, answers once and ends
// ("cold"; the page cache is warm). Documents are made of Zipf-distributed invented words, 70 words in the mean, about
// what a small function has. Times on a shared machine are upper bounds: the minimum is printed beside the median.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/kv.h"
#include "base/text.h"
#include "index/search_index.h"

namespace {

using namespace autodev;

/// Words and documents from a seed: the same on every run.
class DocumentMaker {
 public:
  index::Document make(std::uint32_t number) {
    index::Document document;
    document.id = PatternId{base::hash128(fmt::format("document {}", number))};
    document.language = number % 3 == 0 ? Language::python : number % 3 == 1 ? Language::cpp : Language::go;
    document.name = fmt::format("{}_{}_{}", word(), word(), word());
    document.description = words(8);
    document.signature = fmt::format("def {}({})", document.name, words(3));
    document.code = document.signature;
    for (int line = 0; line < 8; ++line)
      document.code += fmt::format("\n    {} = {}.{}({})", word(), word(), word(), words(3));
    return document;
  }
  std::string words(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      if (i > 0) text.push_back(' ');
      text += word();
    }
    return text;
  }

 private:
  double uniform() {
    state_ = base::mix64(state_, 1);
    return static_cast<double>(state_ >> 11) * 0x1.0p-53;
  }
  /// Rank by an inverse power law (exponent 1, as natural text has), spelled in consonant-vowel pairs.
  std::string word() {
    constexpr double vocabulary = 50'000;
    auto rank = static_cast<std::uint32_t>(std::pow(vocabulary, uniform()));
    std::string text;
    do {
      text += "bcdfghklmnprstvz"[rank % 16];
      text += "aeiou"[(rank / 16) % 5];
      rank /= 80;
    } while (rank > 0);
    text.push_back('k');
    return text;
  }
  std::uint64_t state_ = 20240101;
};

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

struct Times {
  double least = 0, median = 0, p99 = 0, most = 0;
};

Times times_of(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  const auto at = [&](double share) {
    return seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
  };
  return {at(0), at(0.5), at(0.99), at(1)};
}

/// Writes all documents in one transaction; returns documents a second.
Result<double> fill(base::Kv& store, std::uint32_t size) {
  std::vector<index::Document> documents;
  DocumentMaker maker;
  for (std::uint32_t i = 0; i < size; ++i) documents.push_back(maker.make(i));
  base::Env& env = base::real_env();
  const auto start = env.monotonic();
  AUTODEV_TRY_ASSIGN(const auto txn, store.begin_write());
  const index::Embedder* const embedder = &index::built_in_embedder();
  index::IndexWriter writer(*txn, *embedder);
  for (const auto& document : documents) AUTODEV_TRY(writer.put(document));
  AUTODEV_TRY(writer.flush());
  AUTODEV_TRY(txn->commit());
  return size / seconds_of(env.monotonic() - start);
}

Result<Times> replace_one(base::Kv& store, std::uint32_t size) {
  std::vector<double> seconds;
  base::Env& env = base::real_env();
  DocumentMaker maker;
  for (std::uint32_t i = 0; i < 50; ++i) {
    index::Document document = maker.make((i * 7919) % size);
    document.description += fmt::format(" {}", maker.words(2));
    const auto start = env.monotonic();
    AUTODEV_TRY_ASSIGN(const auto txn, store.begin_write());
    const index::Embedder* const embedder = &index::built_in_embedder();
    index::IndexWriter writer(*txn, *embedder);
    AUTODEV_TRY(writer.put(document));
    AUTODEV_TRY(writer.flush());
    AUTODEV_TRY(txn->commit());
    seconds.push_back(seconds_of(env.monotonic() - start));
  }
  return times_of(seconds);
}

Result<Times> ask(base::Kv& store) {
  std::vector<double> seconds;
  base::Env& env = base::real_env();
  DocumentMaker maker;
  AUTODEV_TRY_ASSIGN(const auto view, store.begin_read());
  for (int i = 0; i < 300; ++i) {
    const std::string query = maker.words(3 + i % 6);
    const auto start = env.monotonic();
    AUTODEV_TRY_ASSIGN(const auto found, index::search(*view, query, {}, 10));
    seconds.push_back(seconds_of(env.monotonic() - start));
  }
  return times_of(seconds);
}

/// A process of its own: open, search, end. Returns the wall time of the whole and prints nothing.
Result<Times> ask_cold(const std::string& program, const std::string& folder) {
  std::vector<double> seconds;
  base::Env& env = base::real_env();
  DocumentMaker maker;
  for (int i = 0; i < 40; ++i) {
    base::ProcessOptions options;
    options.arguments = {program, "--ask", folder, maker.words(5)};
    const auto start = env.monotonic();
    AUTODEV_TRY_ASSIGN(const auto result, env.run(options));
    seconds.push_back(seconds_of(env.monotonic() - start));
    if (result.exit_code != 0)
      return fail(ErrorCode::internal, fmt::format("the asking process failed: {}", result.error));
  }
  return times_of(seconds);
}

Result<void> answer_once(const std::string& folder, const std::string& query) {
  base::Env& env = base::real_env();
  const auto start = env.monotonic();
  base::LmdbOptions options;
  options.read_only = true;
  AUTODEV_TRY_ASSIGN(const auto store, base::open_lmdb(folder, options));
  AUTODEV_TRY_ASSIGN(const auto view, store->begin_read());
  AUTODEV_TRY_ASSIGN(const auto found, index::search(*view, query, {}, 10));
  fmt::print("{} hits of {} documents, {:.3f} ms from opening\n", found.hits.size(), found.documents,
             1e3 * seconds_of(env.monotonic() - start));
  return {};
}

base::Json milliseconds(const Times& times) {
  return {{"min", 1e3 * times.least}, {"p50", 1e3 * times.median}, {"p99", 1e3 * times.p99}, {"max", 1e3 * times.most}};
}

Result<base::Json> measure(const std::string& program, const std::string& folder, std::uint32_t size) {
  base::Env& env = base::real_env();
  base::Json line = {{"documents", size}};
  {
    const auto memory = base::open_memory_kv();
    AUTODEV_TRY_ASSIGN(line["memory_docs_per_s"], fill(*memory, size));
  }
  const std::string path = fmt::format("{}/{}", folder, size);
  AUTODEV_TRY(env.remove_tree(path));
  AUTODEV_TRY_ASSIGN(const auto store, base::open_lmdb(path, {}));
  AUTODEV_TRY_ASSIGN(line["lmdb_docs_per_s"], fill(*store, size));
  AUTODEV_TRY_ASSIGN(const Times replaced, replace_one(*store, size));
  AUTODEV_TRY_ASSIGN(const Times asked, ask(*store));
  AUTODEV_TRY_ASSIGN(const Times cold, ask_cold(program, path));
  line["replace_ms"] = milliseconds(replaced);
  line["query_ms"] = milliseconds(asked);
  line["process_ms"] = milliseconds(cold);
  return line;
}

void print(const base::Json& line) {
  fmt::print("{:>8} documents: {:.0f} docs/s in memory, {:.0f} docs/s on LMDB\n", line["documents"].get<int>(),
             line["memory_docs_per_s"].get<double>(), line["lmdb_docs_per_s"].get<double>());
  for (const char* what : {"replace_ms", "query_ms", "process_ms"})
    fmt::print("  {:<11} min {:8.3f}  p50 {:8.3f}  p99 {:8.3f}  max {:8.3f}\n", what, line[what]["min"].get<double>(),
               line[what]["p50"].get<double>(), line[what]["p99"].get<double>(), line[what]["max"].get<double>());
}

Result<void> run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 4 && arguments[1] == "--ask") return answer_once(arguments[2], arguments[3]);
  std::string folder = "/tmp/autodev-index-bench", sizes = "1000,10000,100000";
  bool json = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "--folder" && i + 1 < arguments.size())
      folder = arguments[++i];
    else if (arguments[i] == "--sizes" && i + 1 < arguments.size())
      sizes = arguments[++i];
    else if (arguments[i] == "--json")
      json = true;
    else
      return fail(ErrorCode::usage, "usage: index_bench [--folder FOLDER] [--sizes N,N,...] [--json]");
  }
  base::Json all = {{"bench", "index"}, {"sizes", base::Json::array()}};
  for (const std::string_view size : base::split(sizes, ',')) {
    AUTODEV_TRY_ASSIGN(base::Json line,
                       measure(arguments[0], folder,
                               static_cast<std::uint32_t>(std::strtoul(std::string(size).c_str(), nullptr, 10))));
    if (!json) print(line);
    all["sizes"].push_back(std::move(line));
  }
  fmt::print("{}\n", base::dump_json(all));
  return base::real_env().remove_tree(folder);
}

}  // namespace

int main(int count, char** arguments) {
  const auto result = run(std::vector<std::string>(arguments, arguments + count));
  if (result) return 0;
  fmt::print(stderr, "index_bench: {}\n", result.error().message);
  return static_cast<int>(result.error().code);
}
