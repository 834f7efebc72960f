// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/defect_bench.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "app/bench_rows.h"
#include "base/text.h"
#include "mine/defect_model.h"

namespace autodev::app {
namespace {

/// Correction of the choice for the labels' frequency, from the same tuning as the model's own constants.
constexpr double prior_power = 0.6;
constexpr std::size_t shown_lines = 5;

struct Item {
  std::string problem, label, source;
  mine::FailedProgram program;
};

std::string squeezed(std::string_view line) {
  std::string text;
  for (const char c : line)
    if (c != ' ' && c != '\t' && c != '\r') text += c;
  return text;
}

/// Lines of the failed program that the fix changed; where it only added, the lines around the place.
std::vector<std::size_t> faulty_lines(std::string_view failed, std::string_view fixed) {
  std::vector<std::string> a, b;
  for (const auto line : base::split_lines(failed)) a.push_back(squeezed(line));
  for (const auto line : base::split_lines(fixed)) b.push_back(squeezed(line));
  std::vector<std::vector<std::uint16_t>> common(a.size() + 1, std::vector<std::uint16_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? static_cast<std::uint16_t>(common[i + 1][j + 1] + 1) : std::max(common[i + 1][j], common[i][j + 1]);
  std::set<std::size_t> lines;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
      continue;
    }
    const std::size_t start = i;
    bool added = false;
    while ((i < a.size() || j < b.size()) && !(i < a.size() && j < b.size() && a[i] == b[j])) {
      if (j >= b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) ++i;
      else ++j, added = true;
    }
    for (std::size_t k = start; k < i; ++k)
      if (!a[k].empty()) lines.insert(k);
    if (added && i == start)
      for (const std::size_t k : {start == 0 ? start : start - 1, start})
        if (k < a.size() && !a[k].empty()) lines.insert(k);
  }
  return {lines.begin(), lines.end()};
}

/// What is seen of the failure without running anything.
std::vector<std::string> facts_of(const base::Json& json) {
  std::vector<std::string> facts = {"verdict=" + json.value("verdict", std::string())};
  if (!json.contains("tests") || !json["tests"].is_array()) return facts;
  std::set<std::string> seen;
  for (const base::Json& test : json["tests"]) {
    if (!test.is_object() || !test.value("k", std::string()).starts_with("neg")) continue;
    const std::string in = test.value("i", std::string());
    const std::string out = test.value("o", std::string());
    if (out.find('.') != std::string::npos) seen.insert("expected decimal");
    if (std::count(out.begin(), out.end(), '\n') > 1) seen.insert("expected lines");
    if (out.find_first_not_of("0123456789.- \n") != std::string::npos) seen.insert("expected words");
    std::size_t longest = 0, run = 0;
    for (const char c : out + in) longest = std::max(longest, run = c >= '0' && c <= '9' ? run + 1 : 0);
    seen.insert("digits " + std::to_string(std::min<std::size_t>(longest, 12) / 3));
    seen.insert(in.size() < 12 ? "small input" : in.size() < 100 ? "input" : "large input");
    if (out.starts_with("0")) seen.insert("expected zero");
    if (out.starts_with("-")) seen.insert("expected negative");
  }
  facts.insert(facts.end(), seen.begin(), seen.end());
  return facts;
}

Result<std::vector<Item>> items_in(std::string_view text, std::string_view what) {
  std::vector<Item> items;
  AUTODEV_TRY(for_each_row(text, what, {"problem", "defect_class", "buggy", "fixed"}, [&](const base::Json& row, const std::string&) -> Result<void> {
    Item item{row["problem"], row["defect_class"], row["buggy"], {}};
    item.program = mine::describe_program(item.source, facts_of(row));
    item.program.faulty = faulty_lines(item.source, row["fixed"].get<std::string>());
    items.push_back(std::move(item));
    return {};
  }));
  return items;
}

/// Mean F1 over the labels that occur among the right ones.
double macro_f1(const std::vector<std::size_t>& right, const std::vector<std::size_t>& given) {
  std::map<std::size_t, std::array<double, 3>> counts;  // both, right, given
  for (std::size_t i = 0; i < right.size(); ++i) {
    counts[right[i]][0] += right[i] == given[i];
    ++counts[right[i]][1];
    ++counts[given[i]][2];
  }
  double sum = 0, labels = 0;
  for (const auto& [label, count] : counts) {
    if (count[1] == 0) continue;
    ++labels;
    sum += 2 * count[0] / (count[1] + count[2]);
  }
  return labels > 0 ? sum / labels : 0;
}

double accuracy(const std::vector<std::size_t>& right, const std::vector<std::size_t>& given) {
  double same = 0;
  for (std::size_t i = 0; i < right.size(); ++i) same += right[i] == given[i];
  return right.empty() ? 0 : same / static_cast<double>(right.size());
}

/// Label of the nearest training program: BM25 with the usual constants, every token a word.
std::vector<std::size_t> neighbour_labels(const std::vector<Item>& train, const std::vector<Item>& test) {
  constexpr double k1 = 1.2, b = 0.75;
  std::vector<std::map<std::string, double>> bags;
  std::map<std::string, double> documents;
  std::vector<double> lengths;
  double total = 0;
  for (const Item& item : train) {
    bags.push_back(bag_of_words(item.source));
    double length = 0;
    for (const auto& [word, count] : bags.back()) {
      ++documents[word];
      length += count;
    }
    lengths.push_back(length);
    total += length;
  }
  const double n = static_cast<double>(train.size());
  std::vector<std::size_t> labels;
  for (const Item& item : test) {
    const auto query = bag_of_words(item.source);
    double top = -1;
    std::size_t best = 0;
    for (std::size_t d = 0; d < train.size(); ++d) {
      double score = 0;
      for (const auto& [word, count] : query) {
        const auto found = bags[d].find(word);
        if (found == bags[d].end()) continue;
        const double df = documents[word];
        score += std::log(1 + (n - df + 0.5) / (df + 0.5)) * found->second * (k1 + 1) / (found->second + k1 * (1 - b + b * lengths[d] * n / total));
      }
      if (score > top) {
        top = score;
        best = train[d].program.label;
      }
    }
    labels.push_back(best);
  }
  return labels;
}

std::vector<mine::FailedProgram> programs_of(const std::vector<Item>& items) {
  std::vector<mine::FailedProgram> programs;
  for (const Item& item : items) programs.push_back(item.program);
  return programs;
}

}  // namespace

Result<base::Json> bench_defects(std::string_view train_text, std::string_view test_text) {
  AUTODEV_TRY_ASSIGN(auto train, items_in(train_text, "--train"));
  AUTODEV_TRY_ASSIGN(auto test, items_in(test_text, "--test"));
  std::set<std::string> problems;
  std::map<std::string, std::size_t> labels;
  for (const Item& item : train) problems.insert(item.problem);
  const std::size_t all = test.size();
  std::erase_if(test, [&](const Item& item) { return problems.contains(item.problem); });
  for (Item& item : train) item.program.label = labels.emplace(item.label, labels.size()).first->second;
  const std::size_t known = labels.size();
  for (Item& item : test) item.program.label = labels.emplace(item.label, labels.size()).first->second;
  if (train.empty() || test.empty()) return fail(ErrorCode::bad_data, "nothing to learn from or nothing to try");
  mine::DefectModel model;
  model.learn(programs_of(train), known);
  std::vector<std::size_t> right, ours;
  double found = 0, by_chance = 0, first = 0;
  for (const Item& item : test) {
    const mine::DefectGuess guess = model.guess(item.program);
    right.push_back(item.program.label);
    ours.push_back(model.choose(guess, prior_power));
    bool hit = false;
    for (std::size_t k = 0; k < std::min(shown_lines, guess.lines.size()); ++k) {
      const bool is = std::find(item.program.faulty.begin(), item.program.faulty.end(), guess.lines[k]) != item.program.faulty.end();
      hit = hit || is;
      first += k == 0 && is;
    }
    found += hit;
    double miss = 1;
    const double lines = static_cast<double>(guess.lines.size()), faulty = static_cast<double>(item.program.faulty.size());
    for (std::size_t k = 0; k < shown_lines; ++k) miss *= std::max(0.0, (lines - faulty - static_cast<double>(k)) / std::max(1.0, lines - static_cast<double>(k)));
    by_chance += 1 - miss;
  }
  std::map<std::size_t, std::size_t> frequency;
  for (const Item& item : train) ++frequency[item.program.label];
  const auto most = std::max_element(frequency.begin(), frequency.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const std::vector<std::size_t> majority(test.size(), most->first);
  const auto neighbour = neighbour_labels(train, test);
  const double n = static_cast<double>(test.size());
  const double best_baseline = std::max(macro_f1(right, majority), macro_f1(right, neighbour));
  return base::Json{{"bench", "defects"},
                    {"train", train.size()},
                    {"programs", test.size()},
                    {"left_out", all - test.size()},
                    {"labels", known},
                    {"prior_power", prior_power},
                    {"macro_f1", {{"ours", macro_f1(right, ours)}, {"majority", macro_f1(right, majority)}, {"bm25", macro_f1(right, neighbour)}}},
                    {"accuracy", {{"ours", accuracy(right, ours)}, {"majority", accuracy(right, majority)}, {"bm25", accuracy(right, neighbour)}}},
                    {"macro_f1_over_best_baseline", best_baseline > 0 ? macro_f1(right, ours) / best_baseline : 0},
                    {"line_top1", first / n},
                    {"line_top5", found / n},
                    {"line_top5_by_chance", by_chance / n}};
}

}  // namespace autodev::app
