// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/history_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "base/hash.h"
#include "base/kv.h"
#include "index/adapted_query.h"
#include "index/document_table.h"
#include "index/document_terms.h"
#include "index/evaluate.h"
#include "index/fusion_share.h"
#include "index/query_learner.h"
#include "index/vectors.h"

namespace autodev::app {
namespace {

using index::Grades;
using index::RankingScores;

enum class Task { descriptions, subjects };
enum Arm : std::size_t { built_in, learned, elsewhere, by_chance, share, arm_count };
constexpr std::array<const char*, arm_count> arm_names = {"built_in", "learned", "elsewhere", "by_chance", "share"};
enum Side : std::size_t { dense, fused, side_count };
constexpr std::array<const char*, side_count> side_names = {"dense", "fused"};

constexpr std::size_t depth = 10;
/// As in the fold: a commit that touches more functions says nothing about any one of them.
constexpr std::size_t max_functions = 32;
constexpr std::size_t resamples = 1000;

PatternId id_of(const StepFunction& function) { return {base::hash128(function.key)}; }

index::Document document_of(const StepFunction& function, bool described) {
  index::Document document;
  document.id = id_of(function);
  document.language = function.language;
  document.name = function.name;
  document.signature = function.signature;
  document.code = function.code;
  if (described) document.description = function.description;
  return document;
}

index::Vector vector_of(const StepFunction& function) {
  const index::DocumentWords words(document_of(function, true));
  return index::built_in_embedder().embed_stems(index::embedding_stems(words)).value_or(index::Vector());
}

struct Question {
  std::string text;
  std::vector<const StepFunction*> meant;
};

/// What a step asks, texts of earlier steps left out.
std::vector<Question> questions_of(const HistoryStep& step, Task task, std::set<std::string>& asked) {
  std::vector<Question> questions;
  if (task == Task::subjects) {
    if (step.functions.empty() || step.functions.size() > max_functions || !asked.insert(step.subject).second) return {};
    Question& question = questions.emplace_back();
    question.text = step.subject;
    for (const StepFunction& function : step.functions) question.meant.push_back(&function);
    return questions;
  }
  std::map<std::string, std::vector<const StepFunction*>> by_text;
  for (const StepFunction& function : step.functions)
    if (function.added && !function.description.empty()) by_text[function.description].push_back(&function);
  for (auto& [text, meant] : by_text)
    if (asked.insert(text).second) questions.push_back({text, std::move(meant)});
  return questions;
}

/// A store of nothing but what was learned.
class Learned {
 public:
  Learned() : store_(base::open_memory_kv()) {}
  Result<void> learn(const std::vector<Question>& questions, const std::function<index::Vector(const StepFunction&)>& vector) {
    AUTODEV_TRY_ASSIGN(const auto txn, store_->begin_write());
    index::QueryLearner learner(*txn, index::built_in_embedder());
    for (const Question& question : questions)
      for (const StepFunction* function : question.meant)
        AUTODEV_TRY(learner.learn({question.text, 1.0 / static_cast<double>(question.meant.size())}, id_of(*function), vector(*function)));
    AUTODEV_TRY(learner.flush());
    return txn->commit();
  }
  /// As if its asker had said of every function that was meant that it helped.
  Result<void> learn_share(const base::KvRead& documents, const Question& question) {
    AUTODEV_TRY_ASSIGN(const auto txn, store_->begin_write());
    AUTODEV_TRY_ASSIGN(index::FusionShare share, index::read_fusion_share(*txn));
    AUTODEV_TRY_ASSIGN(const auto found, index::search(documents, index::AdaptedEmbedder(index::built_in_embedder(), *txn), question.text, {}, index::answers_ranked));
    for (const StepFunction* function : question.meant) share.learn(found.hits, id_of(*function), true);
    AUTODEV_TRY(index::write_fusion_share(*txn, share));
    return txn->commit();
  }
  Result<std::unique_ptr<base::KvRead>> read() { return store_->begin_read(); }

 private:
  std::unique_ptr<base::Kv> store_;
};

/// Everything a history teaches, without asking.
Result<std::shared_ptr<Learned>> learn_all(const NamedHistory& history, Task task) {
  auto all = std::make_shared<Learned>();
  std::set<std::string> asked;
  for (const HistoryStep& step : history.steps) AUTODEV_TRY(all->learn(questions_of(step, task, asked), vector_of));
  return all;
}

struct Judged {
  std::size_t step = 0;
  std::array<std::array<RankingScores, arm_count>, side_count> scores;
};

class Run {
 public:
  Run(const NamedHistory& history, Task task, std::shared_ptr<Learned> foreign, const HistoryBenchOptions& options)
      : history_(history), task_(task), foreign_(std::move(foreign)), options_(options), documents_(base::open_memory_kv()) {
    for (const HistoryStep& step : history.steps)
      for (const StepFunction& function : step.functions) all_.push_back(&function);
  }

  Result<void> run() {
    std::set<std::string> asked;
    for (std::size_t i = 0; i < history_.steps.size(); ++i) {
      const HistoryStep& step = history_.steps[i];
      AUTODEV_TRY(store(step));
      const auto questions = questions_of(step, task_, asked);
      if (questions.empty()) continue;
      for (const Question& question : questions) AUTODEV_TRY(judge(question, i));
      AUTODEV_TRY(learned_.learn(questions, vector_of));
      AUTODEV_TRY(chance_.learn(questions, [&](const StepFunction&) {
        drawn_ = base::mix64(drawn_, options_.seed);
        return vector_of(*all_[drawn_ % all_.size()]);
      }));
      if (options_.on_progress) options_.on_progress(history_.name, i + 1, history_.steps.size());
    }
    return {};
  }

  [[nodiscard]] Result<base::Json> report();

 private:
  Result<void> store(const HistoryStep& step) {
    AUTODEV_TRY_ASSIGN(const auto txn, documents_->begin_write());
    index::IndexWriter writer(*txn, index::built_in_embedder());
    for (const std::string& key : step.removed) AUTODEV_TRY(writer.erase({base::hash128(key)}));
    for (const StepFunction& function : step.functions) AUTODEV_TRY(writer.put(document_of(function, task_ == Task::subjects)));
    AUTODEV_TRY(writer.flush());
    return txn->commit();
  }

  Result<void> judge(const Question& question, std::size_t step) {
    Judged judged;
    judged.step = step;
    Grades grades;
    for (const StepFunction* function : question.meant) grades[id_of(*function).hex()] = 1;
    AUTODEV_TRY_ASSIGN(const auto documents, documents_->begin_read());
    AUTODEV_TRY_ASSIGN(const auto own, learned_.read());
    AUTODEV_TRY_ASSIGN(const auto other, foreign_->read());
    AUTODEV_TRY_ASSIGN(const auto chance, chance_.read());
    AUTODEV_TRY_ASSIGN(const auto shares, shares_.read());
    const index::Embedder& plain = index::built_in_embedder();
    const index::AdaptedEmbedder adapted(plain, *own), foreign(plain, *other), shuffled(plain, *chance), shared(plain, *shares);
    const std::array<const index::Embedder*, arm_count> embedders = {&plain, &adapted, &foreign, &shuffled, &shared};
    for (std::size_t arm = 0; arm < arm_count; ++arm) {
      std::vector<std::string> ranked;
      AUTODEV_TRY_ASSIGN(const auto found, index::search(*documents, *embedders[arm], question.text, {}, depth));
      for (const index::Hit& hit : found.hits) ranked.push_back(hit.id.hex());
      judged.scores[fused][arm] = index::score_ranking(ranked, grades);
      AUTODEV_TRY_ASSIGN(ranked, nearest(*documents, *embedders[arm], question.text));
      judged.scores[dense][arm] = index::score_ranking(ranked, grades);
    }
    AUTODEV_TRY(shares_.learn_share(*documents, question));
    judged_.push_back(judged);
    return {};
  }

  static Result<std::vector<std::string>> nearest(const base::KvRead& documents, const index::Embedder& embedder, const std::string& text) {
    std::vector<std::string> ranked;
    AUTODEV_TRY_ASSIGN(const index::Vector vector, embedder.embed(text));
    AUTODEV_TRY_ASSIGN(const auto near, index::open_vector_scan(documents, embedder.dimensions())->nearest(vector, nullptr, depth));
    for (const index::ScoredDocument& found : near) {
      AUTODEV_TRY_ASSIGN(const PatternId id, index::id_of(documents, found.document));
      ranked.push_back(id.hex());
    }
    return ranked;
  }

  [[nodiscard]] base::Json compared(Side side, Arm arm) const;

  const NamedHistory& history_;
  Task task_;
  std::shared_ptr<Learned> foreign_;
  const HistoryBenchOptions& options_;
  std::unique_ptr<base::Kv> documents_;
  Learned learned_, chance_, shares_;
  std::vector<const StepFunction*> all_;
  std::uint64_t drawn_ = 0;
  std::vector<Judged> judged_;
};

/// Mean gain of an arm with its interval: whole commits are drawn, because the questions of one are alike.
base::Json Run::compared(Side side, Arm arm) const {
  std::vector<std::pair<double, double>> commits;  // sum of differences, questions
  std::size_t last = SIZE_MAX;
  double sum = 0;
  RankingScores mean;
  for (const Judged& judged : judged_) {
    const double difference = judged.scores[side][arm].ndcg10 - judged.scores[side][built_in].ndcg10;
    if (judged.step != last) commits.emplace_back();
    last = judged.step;
    commits.back().first += difference;
    commits.back().second += 1;
    sum += difference;
    mean += judged.scores[side][arm];
  }
  std::vector<double> drawn;
  std::uint64_t random = options_.seed;
  for (std::size_t i = 0; i < resamples; ++i) {
    double total = 0, questions = 0;
    for (std::size_t j = 0; j < commits.size(); ++j) {
      random = base::mix64(random, j);
      const auto& commit = commits[random % commits.size()];
      total += commit.first, questions += commit.second;
    }
    drawn.push_back(total / questions);
  }
  std::sort(drawn.begin(), drawn.end());
  const auto questions = static_cast<double>(judged_.size());
  mean = mean.divided_by(questions);
  return {{"ndcg10", mean.ndcg10}, {"mrr10", mean.mrr10}, {"difference", sum / questions}, {"low", drawn[resamples / 40]}, {"high", drawn[resamples - 1 - resamples / 40]}};
}

Result<base::Json> Run::report() {
  base::Json json = {{"questions", judged_.size()}};
  AUTODEV_TRY_ASSIGN(const auto own, learned_.read());
  AUTODEV_TRY_ASSIGN(const auto head, index::read_learned_head(*own));
  json["stems"] = head.stems;
  if (judged_.empty()) return json;
  for (const Side side : {dense, fused})
    for (const Arm arm : {built_in, learned, elsewhere, by_chance, share}) json[side_names[side]][arm_names[arm]] = compared(side, arm);
  return json;
}

}  // namespace

Result<base::Json> bench_histories(const std::vector<NamedHistory>& histories, const HistoryBenchOptions& options) {
  base::Json result = {{"bench", "histories"}, {"histories", base::Json::array()}};
  for (const NamedHistory& history : histories) {
    std::size_t functions = 0;
    for (const HistoryStep& step : history.steps) functions += step.functions.size();
    result["histories"].push_back({{"name", history.name}, {"commits", history.steps.size()}, {"functions", functions}});
  }
  for (const auto& [task, name] : {std::pair(Task::descriptions, "descriptions"), {Task::subjects, "subjects"}}) {
    for (std::size_t i = 0; i < histories.size(); ++i) {
      AUTODEV_TRY_ASSIGN(auto foreign, learn_all(histories[(i + histories.size() - 1) % histories.size()], task));
      Run run(histories[i], task, histories.size() > 1 ? std::move(foreign) : std::make_shared<Learned>(), options);
      AUTODEV_TRY(run.run());
      AUTODEV_TRY_ASSIGN(result["histories"][i][name], run.report());
    }
  }
  return result;
}

std::string history_table(const base::Json& result) {
  std::string text = fmt::format("{:<20}{:<14}{:>6}  {:<7}{:>9}{:>26}{:>26}{:>26}{:>26}\n", "", "asked by", "asked", "", "built-in", "learned", "elsewhere", "by chance", "share");
  for (const base::Json& history : result["histories"])
    for (const char* const task : {"descriptions", "subjects"})
      for (const char* const side : side_names) {
        if (!history[task].contains(side)) continue;
        const base::Json& arms = history[task][side];
        text += fmt::format("{:<20}{:<14}{:>6}  {:<7}{:>9.1f}", history["name"].get<std::string>(), task, history[task]["questions"].get<std::size_t>(), side,
                            100 * arms["built_in"]["ndcg10"].get<double>());
        for (const char* const arm : {"learned", "elsewhere", "by_chance", "share"})
          text += fmt::format("{:>26}", fmt::format("{:+.1f} ({:+.1f} to {:+.1f})", 100 * arms[arm]["difference"].get<double>(), 100 * arms[arm]["low"].get<double>(),
                                                   100 * arms[arm]["high"].get<double>()));
        text += "\n";
      }
  return text;
}

}  // namespace autodev::app
