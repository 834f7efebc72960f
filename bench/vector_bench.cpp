// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Nearest vectors on real code: vector_bench --functions FILE [--size N] [--queries N] [--folder F] [--json] | --again --folder F.
//
// FILE has one function a line, as bench/functions_of_packages.py writes it. Documents are functions without their
// description, queries are descriptions: text looks for code, which lies elsewhere in the space than code itself.
// Where the file has fewer functions than asked for, further ones are copies that lost about every sixth line.
// Printed: µs of processor time a query and recall@10 against exact f32 for each first pass, every instruction set, and a filter that
// passes 1 %; µs to embed and append; bytes. The vectors and the exact answers are left in the folder for
// bench/retrieval_rivals.py, which asks other libraries the same. With --again the folder of an earlier run is asked once more, as shipped:
// building a graph takes long, and the machine may be another one afterwards.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/kv.h"
#include "base/text.h"
#include "index/document_terms.h"
#include "index/search_index.h"
#include "index/word_memo.h"
#include "index/vectors.h"

namespace {

using namespace autodev;
using index::Vector;

constexpr std::size_t answers = 10;

struct Options {
  std::string functions, folder = "/tmp/autodev-vector-bench";
  std::size_t size = 100'000, queries = 300;
  bool json = false, again = false;
};

/// Processor time of this thread: on a shared machine the wall clock measures the neighbours.
double microseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

struct Corpus {
  std::vector<index::Document> documents;
  std::vector<std::string> queries;
  std::size_t real = 0;
};

std::string without_some_lines(std::string_view code, std::uint64_t seed) {
  std::string kept;
  std::size_t number = 0;
  for (const std::string_view line : base::split(code, '\n'))
    if (base::mix64(seed, number++) % 6 != 0) kept.append(line).push_back('\n');
  return kept;
}

Result<Corpus> read_corpus(const Options& options) {
  AUTODEV_TRY_ASSIGN(const std::string text, base::real_env().read_file(options.functions));
  Corpus corpus;
  std::vector<std::string> described;
  for (const std::string_view line : base::split(text, '\n')) {
    if (line.empty() || corpus.documents.size() == options.size) continue;
    AUTODEV_TRY_ASSIGN(const base::Json function, base::parse_json(line, options.functions));
    index::Document document;
    document.language = Language::python;
    document.name = function.value("name", "");
    document.signature = function.value("signature", "");
    document.code = function.value("code", "");
    document.id = PatternId{base::hash128(document.name + "\n" + document.code)};
    corpus.documents.push_back(std::move(document));
    if (std::string description = function.value("description", ""); description.size() >= 20)
      described.push_back(std::move(description));
  }
  corpus.real = corpus.documents.size();
  if (corpus.real == 0 || described.empty()) return fail(ErrorCode::no_input, "no functions with descriptions");
  for (std::size_t i = 0; corpus.documents.size() < options.size; ++i) {
    index::Document copy = corpus.documents[i];
    copy.code = without_some_lines(copy.code, i);
    copy.id = PatternId{base::hash128(fmt::format("{} {}", i, copy.name))};
    corpus.documents.push_back(std::move(copy));
  }
  for (std::size_t i = 0; i < options.queries; ++i)
    corpus.queries.push_back(described[base::mix64(7, i) % described.size()]);
  return corpus;
}

/// The f32 vectors, one after the other.
struct Exact {
  std::size_t dimensions = 0;
  std::vector<float> values;

  [[nodiscard]] std::vector<std::uint32_t> nearest(const Vector& query, std::size_t count) const {
    std::vector<std::pair<float, std::uint32_t>> best;  // the worst on top
    const std::size_t documents = values.size() / dimensions;
    for (std::size_t i = 0; i < documents; ++i) {
      const float* const row = values.data() + i * dimensions;
      float lanes[16] = {};
      for (std::size_t d = 0; d + 16 <= dimensions; d += 16)
        for (std::size_t lane = 0; lane < 16; ++lane) lanes[lane] += row[d + lane] * query[d + lane];
      const float cosine = std::accumulate(lanes, lanes + 16, 0.0F);
      if (best.size() == count && -cosine >= best.front().first) continue;
      if (best.size() == count) {
        std::pop_heap(best.begin(), best.end());
        best.pop_back();
      }
      best.emplace_back(-cosine, static_cast<std::uint32_t>(i));
      std::push_heap(best.begin(), best.end());
    }
    std::sort_heap(best.begin(), best.end());
    std::vector<std::uint32_t> numbers;
    for (const auto& [distance, number] : best) numbers.push_back(number);
    return numbers;
  }
};

struct Row {
  std::string name;
  double recall = 0, p50 = 0, p99 = 0, most = 0;
};

using Truth = std::vector<std::vector<std::uint32_t>>;

Result<Row> ask(std::string name, const index::VectorIndex& index, const std::vector<Vector>& queries,
                const Truth& truth, const index::Bitmap* allowed) {
  std::vector<double> times;
  std::size_t right = 0, wanted = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const double start = microseconds();
    AUTODEV_TRY_ASSIGN(const auto found, index.nearest(queries[i], allowed, answers));
    times.push_back(microseconds() - start);
    if (allowed != nullptr) continue;
    wanted += truth[i].size();
    for (const auto& hit : found)
      right += std::find(truth[i].begin(), truth[i].end(), hit.document) != truth[i].end() ? 1 : 0;
  }
  std::sort(times.begin(), times.end());
  return Row{std::move(name), wanted == 0 ? 0.0 : static_cast<double>(right) / static_cast<double>(wanted),
             times[times.size() / 2], times[times.size() * 99 / 100], times.back()};
}

Result<void> write_floats(const std::string& path, const std::vector<float>& values) {
  return base::real_env().write_file_atomically(path, {reinterpret_cast<const char*>(values.data()), values.size() * 4});
}

/// Everything measured of one size.
class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {}

  Result<void> run() {
    if (options_.again) return ask_again();
    AUTODEV_TRY(base::real_env().remove_tree(options_.folder));
    AUTODEV_TRY(base::real_env().create_directories(options_.folder));
    AUTODEV_TRY_ASSIGN(const Corpus corpus, read_corpus(options_));
    AUTODEV_TRY_ASSIGN(store_, base::open_lmdb(options_.folder + "/index", {}));
    AUTODEV_TRY(fill(corpus));
    AUTODEV_TRY(prepare_queries(corpus));
    AUTODEV_TRY(measure());
    print(corpus);
    return {};
  }

 private:
  Result<void> ask_again() {
    AUTODEV_TRY_ASSIGN(store_, base::open_lmdb(options_.folder + "/index", {}));
    AUTODEV_TRY_ASSIGN(const std::string flat, base::real_env().read_file(options_.folder + "/queries.f32"));
    AUTODEV_TRY_ASSIGN(const std::string answers_text, base::real_env().read_file(options_.folder + "/truth.txt"));
    AUTODEV_TRY_ASSIGN(const auto documents, base::real_env().status(options_.folder + "/documents.f32"));
    const std::size_t bytes = embedder_->dimensions() * sizeof(float);
    for (std::size_t at = 0; at + bytes <= flat.size(); at += bytes)
      std::memcpy(queries_.emplace_back(embedder_->dimensions()).data(), flat.data() + at, bytes);
    for (const std::string_view line : base::split(answers_text, '\n')) {
      if (line.empty()) continue;
      auto& numbers = truth_.emplace_back();
      for (const std::string_view number : base::split(line, ' '))
        if (!number.empty()) numbers.push_back(static_cast<std::uint32_t>(std::strtoul(std::string(number).c_str(), nullptr, 10)));
    }
    if (!documents || queries_.empty() || truth_.size() != queries_.size()) return fail(ErrorCode::no_input, "no earlier run in " + options_.folder);
    AUTODEV_TRY_ASSIGN(const auto view, store_->begin_read());
    const auto count = static_cast<std::uint32_t>(documents->size / bytes);
    const auto index = index::open_vector_scan(*view, embedder_->dimensions(), {{}, count});
    const index::Bitmap some = every_hundredth(count);
    AUTODEV_TRY(ask("", *index, queries_, truth_, nullptr));
    AUTODEV_TRY_ASSIGN(const Row row, ask("as shipped", *index, queries_, truth_, nullptr));
    AUTODEV_TRY(ask("", *index, queries_, truth_, &some));
    AUTODEV_TRY_ASSIGN(const Row filtered, ask("", *index, queries_, truth_, &some));
    fmt::print("{}\n", base::dump_json({{"name", row.name},
                                        {"recall10", row.recall},
                                        {"p50_us", row.p50},
                                        {"p99_us", row.p99},
                                        {"max_us", row.most},
                                        {"filter_p50_us", filtered.p50}}));
    return {};
  }

  /// Of this many documents, one percent by chance.
  static index::Bitmap every_hundredth(std::uint32_t documents) {
    index::Bitmap some(documents);
    for (std::uint32_t i = 0; i < documents; ++i)
      if (base::mix64(3, i) % 100 == 0) some.set(i);
    return some;
  }

  Result<void> fill(const Corpus& corpus) {
    exact_.dimensions = embedder_->dimensions();
    AUTODEV_TRY_ASSIGN(const auto txn, store_->begin_write());
    index::VectorChanges changes(*txn, embedder_->dimensions());
    double splitting = 0, embedding = 0, appending = 0, bytes = 0;
    index::WordMemo memo;
    std::uint32_t number = 0;
    for (const index::Document& document : corpus.documents) {
      const double start = microseconds();
      const index::DocumentWords words(document, memo);
      const double split = microseconds();
      auto vector = embedder_->embed_stems(index::embedding_stems(words));
      if (!vector) {
        AUTODEV_TRY_ASSIGN(vector, embedder_->embed(index::embedding_text(document)));
      }
      const double embedded = microseconds();
      AUTODEV_TRY(changes.set(number, *vector));
      if (++number % 2048 == 0) AUTODEV_TRY(changes.apply());
      appending += microseconds() - embedded;
      splitting += split - start;
      embedding += embedded - split;
      bytes += static_cast<double>(document.name.size() + document.signature.size() + document.code.size());
      exact_.values.insert(exact_.values.end(), vector->begin(), vector->end());
    }
    AUTODEV_TRY(changes.apply());
    AUTODEV_TRY(txn->commit());
    split_us_ = splitting / number;
    embed_us_ = embedding / number;
    megabytes_a_second_ = bytes / (splitting + embedding);
    append_us_ = appending / number;
    return {};
  }

  Result<void> prepare_queries(const Corpus& corpus) {
    std::vector<float> flat;
    std::string answers_text;
    for (const std::string& text : corpus.queries) {
      AUTODEV_TRY_ASSIGN(queries_.emplace_back(), embedder_->embed(text));
      flat.insert(flat.end(), queries_.back().begin(), queries_.back().end());
      truth_.push_back(exact_.nearest(queries_.back(), answers));
      for (const std::uint32_t number : truth_.back()) answers_text += fmt::format("{} ", number);
      answers_text += '\n';
    }
    AUTODEV_TRY(write_floats(options_.folder + "/queries.f32", flat));
    AUTODEV_TRY(write_floats(options_.folder + "/documents.f32", exact_.values));
    return base::real_env().write_file_atomically(options_.folder + "/truth.txt", answers_text);
  }

  Result<void> measure() {
    AUTODEV_TRY_ASSIGN(const auto view, store_->begin_read());
    const auto documents = static_cast<std::uint32_t>(exact_.values.size() / exact_.dimensions);
    const auto add = [&](const std::string& name, const index::ScanOptions& options,
                         const index::Bitmap* allowed = nullptr) -> Result<void> {
      const auto index = open_vector_scan(*view, embedder_->dimensions(), options);
      AUTODEV_TRY(ask(name, *index, queries_, truth_, allowed));  // once to open and to warm up
      AUTODEV_TRY_ASSIGN(Row row, ask(name, *index, queries_, truth_, allowed));
      rows_.push_back(std::move(row));
      return {};
    };
    for (const std::uint32_t refined : {100u, 200u, 400u, 800u, 1600u})
      AUTODEV_TRY(add(fmt::format("signs, {} refined", refined), {{}, documents, refined, 0}));
    AUTODEV_TRY(add("as shipped", {{}, documents}));
    constexpr const char* names[] = {"scalar", "AVX2", "AVX-512"};
    for (const index::CpuPath path : index::cpu_paths())
      AUTODEV_TRY(add(fmt::format("as shipped, {}", names[static_cast<int>(path)]), {path, documents}));
    AUTODEV_TRY(add("bytes of all", {{}, documents, 0, documents}));
    const index::Bitmap some = every_hundredth(documents);
    return add("as shipped, 1 % filter", {{}, documents}, &some);
  }

  void print(const Corpus& corpus) const {
    base::Json line = {{"bench", "vectors"}, {"embedder", embedder_->name()}, {"documents", corpus.documents.size()},
                       {"real", corpus.real},  {"queries", queries_.size()},    {"split_us", split_us_}, {"embed_us", embed_us_}, {"embed_mb_s", megabytes_a_second_},
                       {"append_us", append_us_}};
    for (const Row& row : rows_)
      line["rows"].push_back(
          {{"name", row.name}, {"recall10", row.recall}, {"p50_us", row.p50}, {"p99_us", row.p99}, {"max_us", row.most}});
    if (!options_.json) {
      fmt::print("{} documents ({} of them real functions, the rest copies without some lines), {} queries, {}\n",
                 corpus.documents.size(), corpus.real, queries_.size(), embedder_->name());
      fmt::print("split {:.1f} µs, embed {:.1f} µs (together {:.0f} MB/s), append {:.1f} µs a document\n", split_us_, embed_us_, megabytes_a_second_, append_us_);
      fmt::print("{:<28}{:>10}{:>10}{:>10}{:>10}\n", "", "recall@10", "p50 µs", "p99 µs", "max µs");
      for (const Row& row : rows_)
        fmt::print("{:<28}{:>10.4f}{:>10.0f}{:>10.0f}{:>10.0f}\n", row.name, row.recall, row.p50, row.p99, row.most);
    }
    fmt::print("{}\n", base::dump_json(line));
  }

  Options options_;
  const index::Embedder* embedder_ = &index::built_in_embedder();
  std::unique_ptr<base::Kv> store_;
  Exact exact_;
  std::vector<Vector> queries_;
  Truth truth_;
  std::vector<Row> rows_;
  double split_us_ = 0, embed_us_ = 0, megabytes_a_second_ = 0, append_us_ = 0;
};

Result<Options> read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    const std::string value = i + 1 < count ? arguments[i + 1] : "";
    if (name == "--json")
      options.json = true;
    else if (name == "--again")
      options.again = true;
    else if (name == "--functions" && ++i < count)
      options.functions = value;
    else if (name == "--folder" && ++i < count)
      options.folder = value;
    else if (name == "--size" && ++i < count)
      options.size = std::strtoul(value.c_str(), nullptr, 10);
    else if (name == "--queries" && ++i < count)
      options.queries = std::strtoul(value.c_str(), nullptr, 10);
    else
      options.functions.clear(), i = count;
  }
  if ((options.functions.empty() && !options.again) || options.size == 0 || options.queries == 0)
    return fail(ErrorCode::usage,
                "usage: vector_bench --functions FILE [--size N] [--queries N] [--folder FOLDER] [--json] | --again --folder FOLDER");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto done = read_options(count, arguments).and_then([](const Options& options) { return Bench(options).run(); });
  if (done) return 0;
  fmt::print(stderr, "vector_bench: {}\n", done.error().message);
  return static_cast<int>(done.error().code);
}
