// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Speed of the search index: index_bench [--functions FILE] [--folder F] [--sizes 1000,10000,100000] [--json].
//
// For each size: documents written a second into memory and into LMDB, one document replaced in a transaction of its
// own, query times in one process, and processor time of a whole process that opens the store, answers once and ends
// ("cold"; the page cache is warm; process start and end included), and bytes a document. With --functions the documents
// are real ones (bench/functions_of_packages.py; copies without some lines where there are too few) and the queries their
// descriptions; else they are made of Zipf-distributed invented words, 70 in the mean. All times are processor time, since
// the wall clock of a shared machine measures the neighbours.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
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

/// Documents and queries: the same on every run.
class Source {
 public:
  virtual ~Source() = default;
  virtual index::Document make(std::uint32_t number) = 0;
  virtual std::string query(std::uint32_t number) = 0;
};

/// Words and documents from a seed.
class DocumentMaker final : public Source {
 public:
  std::string query(std::uint32_t number) override { return words(3 + static_cast<int>(number % 6)); }
  index::Document make(std::uint32_t number) override {
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

/// Real functions; a query is a description of one of them, in words of its own.
class Functions final : public Source {
 public:
  static Result<std::unique_ptr<Source>> read(const std::string& path) {
    auto functions = std::make_unique<Functions>();
    AUTODEV_TRY_ASSIGN(const std::string text, base::real_env().read_file(path));
    for (const std::string_view line : base::split(text, '\n')) {
      if (line.empty()) continue;
      AUTODEV_TRY_ASSIGN(const base::Json function, base::parse_json(line, path));
      index::Document document;
      document.language = Language::python;
      document.name = function.value("name", "");
      document.description = function.value("description", "");
      document.signature = function.value("signature", "");
      document.code = function.value("code", "");
      for (const base::Json& framework : function.value("frameworks", base::Json::array()))
        document.frameworks.push_back(framework.get<std::string>());
      if (document.description.size() >= 20) functions->described_.push_back(document.description);
      functions->all_.push_back(std::move(document));
    }
    if (functions->described_.empty()) return fail(ErrorCode::no_input, path + " has no functions with descriptions");
    return functions;
  }
  index::Document make(std::uint32_t number) override {
    index::Document document = all_[number % all_.size()];
    document.id = PatternId{base::hash128(fmt::format("document {}", number))};
    if (number < all_.size()) return document;
    std::string kept;
    std::uint64_t line_number = 0;
    for (const std::string_view line : base::split(document.code, '\n'))
      if (base::mix64(number, line_number++) % 6 != 0) kept.append(line).push_back('\n');
    document.code = std::move(kept);
    return document;
  }
  std::string query(std::uint32_t number) override { return described_[base::mix64(7, number) % described_.size()]; }

 private:
  std::vector<index::Document> all_;
  std::vector<std::string> described_;
};

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Of all processes this one has waited for, the kernel's part included.
double children_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); };
  return of(usage.ru_utime) + of(usage.ru_stime);
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

base::LmdbOptions index_options() {
  base::LmdbOptions options;
  options.sync = false;
  return options;
}

/// Writes all documents in one transaction, without waiting for the disk; returns seconds a document.
Result<double> fill(base::Kv& store, Source& source, std::uint32_t size) {
  double seconds = 0;
  AUTODEV_TRY_ASSIGN(const auto txn, store.begin_write());
  const index::Embedder* const embedder = &index::built_in_embedder();
  index::IndexWriter writer(*txn, *embedder);
  for (std::uint32_t i = 0; i < size; ++i) {
    const index::Document document = source.make(i);
    const double start = processor_seconds();
    AUTODEV_TRY(writer.put(document));
    seconds += processor_seconds() - start;
  }
  const double start = processor_seconds();
  AUTODEV_TRY(writer.flush());
  AUTODEV_TRY(txn->commit());
  return (seconds + processor_seconds() - start) / size;
}

Result<Times> replace_one(base::Kv& store, Source& source, std::uint32_t size) {
  std::vector<double> seconds;
  for (std::uint32_t i = 0; i < 50; ++i) {
    index::Document document = source.make((i * 7919) % size);
    document.description += " " + source.query(i);
    const double start = processor_seconds();
    AUTODEV_TRY_ASSIGN(const auto txn, store.begin_write());
    const index::Embedder* const embedder = &index::built_in_embedder();
    index::IndexWriter writer(*txn, *embedder);
    AUTODEV_TRY(writer.put(document));
    AUTODEV_TRY(writer.flush());
    AUTODEV_TRY(txn->commit());
    seconds.push_back(processor_seconds() - start);
  }
  return times_of(seconds);
}

Result<Times> ask(base::Kv& store, Source& source) {
  std::vector<double> seconds;
  AUTODEV_TRY_ASSIGN(const auto view, store.begin_read());
  for (std::uint32_t i = 0; i < 300; ++i) {
    const std::string query = source.query(i);
    const double start = processor_seconds();
    AUTODEV_TRY_ASSIGN(const auto found, index::search(*view, query, {}, 10));
    seconds.push_back(processor_seconds() - start);
  }
  return times_of(seconds);
}

/// A process of its own: start, open, search, end.
Result<Times> ask_cold(const std::string& program, const std::string& folder, Source& source) {
  std::vector<double> seconds;
  for (std::uint32_t i = 0; i < 60; ++i) {
    base::ProcessOptions options;
    options.arguments = {program, "--ask", folder, source.query(i)};
    const double start = children_seconds();
    AUTODEV_TRY_ASSIGN(const auto result, base::real_env().run(options));
    seconds.push_back(children_seconds() - start);
    if (result.exit_code != 0)
      return fail(ErrorCode::internal, fmt::format("the asking process failed: {}", result.error));
  }
  return times_of(seconds);
}

Result<void> answer_once(const std::string& folder, const std::string& query) {
  const double start = processor_seconds();
  base::LmdbOptions options;
  options.read_only = true;
  AUTODEV_TRY_ASSIGN(const auto store, base::open_lmdb(folder, options));
  AUTODEV_TRY_ASSIGN(const auto view, store->begin_read());
  AUTODEV_TRY_ASSIGN(const auto found, index::search(*view, query, {}, 10));
  fmt::print("{} hits of {} documents, {:.3f} ms from opening\n", found.hits.size(), found.documents,
             1e3 * (processor_seconds() - start));
  return {};
}

/// Keys and values of each table, a document. What the pages of the tree add is in the file's size.
Result<base::Json> bytes_of(base::Kv& store, const std::string& folder, std::uint32_t size) {
  AUTODEV_TRY_ASSIGN(const auto view, store.begin_read());
  base::Json bytes;
  for (const base::Table table : index::index_tables) {
    std::uint64_t sum = 0;
    AUTODEV_TRY(view->scan(table, {}, {}, [&](std::string_view key, std::string_view value) {
      sum += key.size() + value.size();
      return true;
    }));
    bytes[std::string(table)] = static_cast<double>(sum) / size;
  }
  AUTODEV_TRY_ASSIGN(const auto file, base::real_env().status(folder + "/data.mdb"));
  bytes["file"] = file ? static_cast<double>(file->size) / size : 0.0;
  return bytes;
}

base::Json milliseconds(const Times& times) {
  return {{"min", 1e3 * times.least}, {"p50", 1e3 * times.median}, {"p99", 1e3 * times.p99}, {"max", 1e3 * times.most}};
}

Result<base::Json> measure(const std::string& program, const std::string& folder, Source& source, std::uint32_t size) {
  base::Json line = {{"documents", size}};
  const std::string path = fmt::format("{}/{}", folder, size);
  AUTODEV_TRY(base::real_env().remove_tree(path));
  AUTODEV_TRY_ASSIGN(const auto store, base::open_lmdb(path, index_options()));
  AUTODEV_TRY_ASSIGN(const double put, fill(*store, source, size));
  line["put_us"] = 1e6 * put;
  AUTODEV_TRY_ASSIGN(line["bytes"], bytes_of(*store, path, size));
  AUTODEV_TRY_ASSIGN(const Times asked, ask(*store, source));
  AUTODEV_TRY_ASSIGN(const Times cold, ask_cold(program, path, source));
  AUTODEV_TRY_ASSIGN(const Times replaced, replace_one(*store, source, size));
  line["replace_ms"] = milliseconds(replaced);
  line["query_ms"] = milliseconds(asked);
  line["process_ms"] = milliseconds(cold);
  return line;
}

void print(const base::Json& line) {
  fmt::print("{:>8} documents: {:.1f} µs to put one; bytes each:", line["documents"].get<int>(),
             line["put_us"].get<double>());
  for (const auto& [table, bytes] : line["bytes"].items()) fmt::print(" {} {:.0f}", table, bytes.get<double>());
  fmt::print("\n");
  for (const char* what : {"replace_ms", "query_ms", "process_ms"})
    fmt::print("  {:<11} min {:8.3f}  p50 {:8.3f}  p99 {:8.3f}  max {:8.3f}\n", what, line[what]["min"].get<double>(),
               line[what]["p50"].get<double>(), line[what]["p99"].get<double>(), line[what]["max"].get<double>());
  std::fflush(stdout);
}

Result<void> run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 4 && arguments[1] == "--ask") return answer_once(arguments[2], arguments[3]);
  std::string folder = "/tmp/autodev-index-bench", sizes = "1000,10000,100000", functions;
  bool json = false, keep = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "--folder" && i + 1 < arguments.size())
      folder = arguments[++i];
    else if (arguments[i] == "--sizes" && i + 1 < arguments.size())
      sizes = arguments[++i];
    else if (arguments[i] == "--functions" && i + 1 < arguments.size())
      functions = arguments[++i];
    else if (arguments[i] == "--json")
      json = true;
    else if (arguments[i] == "--keep")
      keep = true;
    else
      return fail(ErrorCode::usage,
                  "usage: index_bench [--functions FILE] [--folder FOLDER] [--sizes N,N,...] [--keep] [--json]");
  }
  std::unique_ptr<Source> source = std::make_unique<DocumentMaker>();
  if (!functions.empty()) {
    AUTODEV_TRY_ASSIGN(source, Functions::read(functions));
  }
  base::Json all = {{"bench", "index"}, {"sizes", base::Json::array()}};
  for (const std::string_view size : base::split(sizes, ',')) {
    AUTODEV_TRY_ASSIGN(base::Json line,
                       measure(arguments[0], folder, *source,
                               static_cast<std::uint32_t>(std::strtoul(std::string(size).c_str(), nullptr, 10))));
    if (!json) print(line);
    all["sizes"].push_back(std::move(line));
  }
  fmt::print("{}\n", base::dump_json(all));
  return keep ? Result<void>{} : base::real_env().remove_tree(folder);
}

}  // namespace

int main(int count, char** arguments) {
  const auto result = run(std::vector<std::string>(arguments, arguments + count));
  if (result) return 0;
  fmt::print(stderr, "index_bench: {}\n", result.error().message);
  return static_cast<int>(result.error().code);
}
