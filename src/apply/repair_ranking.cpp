// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/repair_ranking.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include "apply/repair_runner.h"
#include "base/hash.h"
#include "base/text.h"

namespace autodev::apply {
namespace {

constexpr std::size_t negatives = 400;  ///< wrong candidates per fix that the model is trained against
constexpr int epochs = 6;
constexpr double rate = 0.15;
constexpr double decay = 1e-4;
constexpr std::size_t kept_numbers = 14;
constexpr std::size_t max_changed = 260;  ///< bytes between first and last difference; a longer stretch is hardly ever one edit

bool blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Compares the edited program with `fixed`, blanks aside, without building it.
bool gives(std::string_view source, const std::vector<RepairEdit>& edits, std::string_view fixed) {
  std::size_t at = 0;
  const auto take = [&](std::string_view part) {
    for (const char c : part) {
      if (blank(c)) continue;
      while (at < fixed.size() && blank(fixed[at])) ++at;
      if (at >= fixed.size() || fixed[at] != c) return false;
      ++at;
    }
    return true;
  };
  std::size_t from = 0;
  for (const auto& edit : edits) {
    if (!take(source.substr(from, edit.start - from)) || !take(edit.text)) return false;
    from = edit.end;
  }
  if (!take(source.substr(from))) return false;
  while (at < fixed.size() && blank(fixed[at])) ++at;
  return at == fixed.size();
}

/// Bytes at the beginning that two texts share, blanks aside, as a position of the first.
std::size_t shared_start(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (true) {
    while (i < a.size() && blank(a[i])) ++i;
    while (j < b.size() && blank(b[j])) ++j;
    if (i >= a.size() || j >= b.size() || a[i] != b[j]) return i;
    ++i, ++j;
  }
}

/// Source without comments, so that a changed comment does not hide a fix.
std::string plain(std::string_view source, Language language) {
  if (language == Language::python) return std::string(source);
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    if (quote != 0) {
      if (c == '\\' && i + 1 < source.size()) out += source[i++];
      else if (c == quote || c == '\n') quote = 0;
      out += source[i];
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    if (c == '/' && i + 1 < source.size() && source[i + 1] == '/') {
      while (i < source.size() && source[i] != '\n') ++i;
      out += '\n';
      continue;
    }
    if (c == '/' && i + 1 < source.size() && source[i + 1] == '*') {
      const auto end = source.find("*/", i + 2);
      i = end == std::string_view::npos ? source.size() : end + 1;
      out += ' ';
      continue;
    }
    out += c;
  }
  return out;
}

/// Bytes from which on two texts share everything, blanks aside, as a position of the first.
std::size_t shared_end(std::string_view a, std::string_view b) {
  std::size_t i = a.size(), j = b.size();
  while (true) {
    while (i > 0 && blank(a[i - 1])) --i;
    while (j > 0 && blank(b[j - 1])) --j;
    if (i == 0 || j == 0 || a[i - 1] != b[j - 1]) return i;
    --i, --j;
  }
}

}  // namespace

std::vector<std::string> facts_of_tests(const std::vector<RepairTest>& tests) {
  std::set<std::string> facts;
  for (const auto& test : tests) {
    const auto& out = test.expected;
    if (!test.code.empty() || out.empty()) continue;
    if (out.find('.') != std::string::npos) facts.insert("decimal");
    if (std::count(out.begin(), out.end(), '\n') > 1) facts.insert("lines");
    if (out.find_first_not_of("0123456789.- \n") != std::string::npos) facts.insert("words");
    if (out.starts_with("-")) facts.insert("negative");
    std::size_t longest = 0, run = 0;
    for (const char c : out + " " + test.input) longest = std::max(longest, run = c >= '0' && c <= '9' ? run + 1 : 0);
    facts.insert(longest >= 9 ? "large numbers" : "small numbers");
  }
  if (facts.contains("large numbers")) facts.erase("small numbers");
  return {facts.begin(), facts.end()};
}

std::vector<std::string> words_of_tests(const std::vector<RepairTest>& tests) {
  std::set<std::string> words;
  for (const auto& test : tests)
    for (const auto line : base::split(test.expected, '\n')) {
      const auto word = base::trim(line);
      if (!word.empty() && word.size() <= 24 && word.find_first_of("0123456789\"\\%") == std::string_view::npos) words.emplace(word);
    }
  std::vector<std::string> list(words.begin(), words.end());
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (list.size() > 8) list.resize(8);
  return list;
}

RepairRanking::RepairRanking() : weights_(repair_feature_space, 0.0f), squares_(repair_feature_space, 0.3f) {}

double RepairRanking::score(const Features& features) const {
  double sum = 0;
  for (const auto feature : features) sum += static_cast<double>(weights_[feature]);
  return sum;
}

std::vector<std::size_t> RepairRanking::right_candidates(const RepairProgram& program, const std::vector<RepairCandidate>& candidates, std::string_view fixed) {
  const std::string_view source = program.source();
  const std::size_t first = shared_start(source, fixed), last = shared_end(source, fixed);
  std::vector<std::size_t> right;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].edits.empty() || candidates[i].edits.front().start > first || candidates[i].edits.back().end < last) continue;
    if (gives(source, candidates[i].edits, fixed)) right.push_back(i);
  }
  return right;
}

void RepairRanking::step(const std::vector<Features>& rows, const std::vector<double>& offsets, const std::vector<bool>& right) {
  std::vector<double> believed(rows.size());
  double top = -1e300;
  for (std::size_t i = 0; i < rows.size(); ++i) top = std::max(top, believed[i] = offsets[i] + score(rows[i]));
  double total = 0, on_right = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    total += believed[i] = std::exp(believed[i] - top);
    if (right[i]) on_right += believed[i];
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double wanted = right[i] && on_right > 0 ? believed[i] / on_right : 0.0;
    const double gradient = wanted - believed[i] / total;
    if (std::abs(gradient) < 1e-5) continue;
    for (const auto feature : rows[i]) {
      const double g = gradient - decay * static_cast<double>(weights_[feature]);
      squares_[feature] += static_cast<float>(g * g);
      weights_[feature] += static_cast<float>(rate * g / std::sqrt(static_cast<double>(squares_[feature])));
    }
  }
}

std::optional<RepairRanking::Prepared> RepairRanking::prepare(const RepairExample& example, std::size_t number) {
  const std::string failed = plain(example.failed, example.language), fixed = plain(example.fixed, example.language);
  const std::size_t first = shared_start(failed, fixed), last = shared_end(failed, fixed);
  if (last > first + max_changed || fixed.size() > failed.size() + max_changed) return std::nullopt;
  auto program = RepairProgram::parse(failed, example.language);
  if (!program) return std::nullopt;
  const auto candidates = repair_candidates(*program, {});
  const auto right = right_candidates(*program, candidates, fixed);
  if (right.empty()) return std::nullopt;
  Prepared prepared;
  prepared.edit = candidates[right.front()].kind + "|" + candidates[right.front()].detail;
  std::set<std::size_t> chosen(right.begin(), right.end());
  for (std::size_t k = 0; k < negatives && !candidates.empty(); ++k)
    chosen.insert(base::hash64(std::to_string(k) + "/" + std::to_string(number)) % candidates.size());
  for (const auto i : chosen) {
    prepared.offsets.push_back(kind_prior(candidates[i].kind));
    prepared.rows.push_back(repair_features(*program, candidates[i], example.facts));
    prepared.right.push_back(std::binary_search(right.begin(), right.end(), i));
  }
  return prepared;
}

void RepairRanking::count_numbers(const std::vector<RepairExample>& examples) {
  std::map<std::string, std::size_t> numbers;
  for (const auto& example : examples) {
    const auto before = RepairProgram::parse(example.failed, example.language), after = RepairProgram::parse(example.fixed, example.language);
    if (!before || !after) continue;
    for (const auto& number : after->numbers())
      if (std::find(before->numbers().begin(), before->numbers().end(), number) == before->numbers().end()) ++numbers[number];
  }
  std::vector<std::pair<std::size_t, std::string>> ordered;
  for (const auto& [number, count] : numbers)
    if (count >= 2) ordered.emplace_back(count, number);
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  for (const auto& [count, number] : ordered)
    if (numbers_.size() < kept_numbers) numbers_.push_back(number);
}

RepairRanking::Learned RepairRanking::learn(const std::vector<RepairExample>& examples, std::size_t threads) {
  std::vector<std::optional<Prepared>> all(examples.size());
  std::atomic<std::size_t> next = 0;
  const auto worker = [&] {
    for (std::size_t i = next++; i < examples.size(); i = next++) all[i] = prepare(examples[i], i);
  };
  std::vector<std::thread> others;
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back(worker);
  worker();
  for (auto& thread : others) thread.join();
  Learned learned;
  learned.examples = examples.size();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i]) learned.edits.emplace_back(i, all[i]->edit);
  learned.reachable = learned.edits.size();
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (const auto& prepared : all)
      if (prepared) step(prepared->rows, prepared->offsets, prepared->right);
  count_numbers(examples);
  return learned;
}

void RepairRanking::rank(const RepairProgram& program, const std::vector<std::string>& facts, std::vector<RepairCandidate>& candidates) const {
  for (auto& candidate : candidates) candidate.score = kind_prior(candidate.kind) + score(repair_features(program, candidate, facts));
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
}

std::optional<std::size_t> RepairRanking::rank_of_fix(const RepairExample& example, const std::vector<std::string>& words) const {
  const auto program = RepairProgram::parse(plain(example.failed, example.language), example.language);
  if (!program) return std::nullopt;
  auto candidates = repair_candidates(*program, {words, numbers_});
  rank(*program, example.facts, candidates);
  const auto right = right_candidates(*program, candidates, plain(example.fixed, example.language));
  if (right.empty()) return std::nullopt;
  return right.front();
}

}  // namespace autodev::apply
