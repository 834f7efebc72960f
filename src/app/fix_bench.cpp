// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/fix_bench.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "mine/token_edits.h"

namespace autodev::app {
namespace {

constexpr std::size_t proposals = 5;

class Tokens {
 public:
  mine::TokenRow row(std::string_view text) {
    mine::TokenRow row;
    while (!text.empty()) {
      const auto start = text.find_first_not_of(" \t\r\n");
      if (start == std::string_view::npos) break;
      text.remove_prefix(start);
      const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
      row.push_back(token(word));
      text.remove_prefix(word.size());
    }
    return row;
  }

 private:
  /// CLASS_number, or a text.
  mine::EditToken token(std::string_view word) {
    const auto line = word.rfind('_');
    if (line != std::string_view::npos && line > 0 && line + 1 < word.size() && line + 7 > word.size() &&
        word.substr(line + 1).find_first_not_of("0123456789") == std::string_view::npos &&
        word.substr(0, line).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos) {
      std::uint32_t number = 0;
      std::from_chars(word.data() + line + 1, word.data() + word.size(), number);
      if (number > 0) return {id(word.substr(0, line + 1)), number};
    }
    return {id(word), 0};
  }
  std::uint32_t id(std::string_view text) {
    return ids_.emplace(text, static_cast<std::uint32_t>(ids_.size() + 1)).first->second;
  }
  std::map<std::string, std::uint32_t, std::less<>> ids_;
};

Result<std::vector<mine::TokenPair>> pairs_in(std::string_view text, std::string_view what, Tokens& tokens) {
  std::vector<mine::TokenPair> pairs;
  std::size_t number = 0;
  for (const std::string_view line : base::split_lines(text)) {
    ++number;
    if (base::trim(line).empty()) continue;
    const std::string where = std::string(what) + ":" + std::to_string(number);
    AUTODEV_TRY_ASSIGN(const base::Json json, base::parse_json(line, where));
    for (const char* name : {"buggy", "fixed"})
      if (!json.is_object() || !json.contains(name) || !json[name].is_string())
        return fail(ErrorCode::bad_data, where + ": member \"" + name + "\" is missing or no text");
    pairs.push_back({tokens.row(json["buggy"].get<std::string>()), tokens.row(json["fixed"].get<std::string>())});
  }
  return pairs;
}

struct Count {
  std::size_t tried = 0, left_out = 0, first = 0, among = 0;
};

void judge(const std::vector<mine::TokenPair>& train, const std::vector<mine::TokenPair>& test, Count& count) {
  std::set<mine::TokenRow> seen;
  for (const mine::TokenPair& pair : train) seen.insert(pair.failed);
  mine::TokenEdits edits;
  edits.learn(train);
  for (const mine::TokenPair& pair : test) {
    if (seen.contains(pair.failed)) {
      ++count.left_out;
      continue;
    }
    ++count.tried;
    const auto proposed = edits.propose(pair.failed, proposals);
    const auto hit = std::find_if(proposed.begin(), proposed.end(), [&](const mine::TokenProposal& one) { return one.row == pair.fixed; });
    count.first += hit != proposed.end() && hit == proposed.begin();
    count.among += hit != proposed.end();
  }
}

}  // namespace

Result<base::Json> bench_fixes(std::string_view pairs_text, const std::optional<std::string>& test_text, std::size_t folds,
                               const std::function<void(std::size_t, std::size_t)>& on_progress) {
  Tokens tokens;
  AUTODEV_TRY_ASSIGN(const auto pairs, pairs_in(pairs_text, "--pairs", tokens));
  Count count;
  if (test_text) {
    AUTODEV_TRY_ASSIGN(const auto test, pairs_in(*test_text, "--test", tokens));
    judge(pairs, test, count);
  } else {
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<mine::TokenPair> train, test;
      for (std::size_t i = 0; i < pairs.size(); ++i) (i % folds == fold ? test : train).push_back(pairs[i]);
      judge(train, test, count);
      if (on_progress) on_progress(fold + 1, folds);
    }
  }
  const double n = std::max<double>(1, static_cast<double>(count.tried));
  return base::Json{{"bench", "fixes"},
                    {"pairs", count.tried},
                    {"left_out", count.left_out},
                    {"folds", test_text ? 0 : folds},
                    {"exact_top1", static_cast<double>(count.first) / n},
                    {"exact_top5", static_cast<double>(count.among) / n}};
}

}  // namespace autodev::app
