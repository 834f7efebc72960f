// SPDX-License-Identifier: MIT OR Apache-2.0
#include "app/edit_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apply/repair_search.h"
#include "base/terminal.h"
#include "base/text.h"

namespace autodev::app {
namespace {

constexpr double rivals_share = 0.25;  ///< time spent on rivals after the first repair, as a share of the time before
constexpr std::size_t shown_vouchers = 3;

/// Bytes of lines `first` to `last`; the whole text when `first` is 0.
std::pair<std::size_t, std::size_t> bytes_of(std::string_view text, std::uint32_t first, std::uint32_t last) {
  if (first == 0) return {0, text.size()};
  std::size_t start = text.size(), end = text.size();
  std::uint32_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (line == first && start == text.size()) start = i;
    if (text[i] != '\n') continue;
    if (line++ == last) {
      end = i;
      break;
    }
  }
  return {start, end};
}

class Search {
 public:
  Search(base::Env& env, const RepairLessons& lessons, const EditSearchOptions& options)
      : env_(env), lessons_(lessons), options_(options), start_(env.monotonic()) {}

  Result<EditSearchResult> run() {
    AUTODEV_TRY_ASSIGN(const auto program, apply::RepairProgram::parse(options_.text, options_.language));
    auto candidates = apply::repair_candidates(program, {{}, lessons_.ranking().numbers()});
    const auto [from, to] = bytes_of(options_.text, options_.first_line, options_.last_line);
    std::erase_if(candidates, [from = from, to = to](const apply::RepairCandidate& candidate) {
      return candidate.edits.empty() || candidate.edits.front().start < from || candidate.edits.back().end > to;
    });
    lessons_.ranking().rank(program, {"wrong"}, candidates);
    result_.candidates = candidates.size();
    AUTODEV_TRY(try_all(candidates));
    result_.passing = passing_.size();
    if (!passing_.empty()) describe(candidates);
    result_.seconds = elapsed();
    return std::move(result_);
  }

 private:
  [[nodiscard]] double elapsed() const { return std::chrono::duration<double>(env_.monotonic() - start_).count(); }

  Result<void> try_all(const std::vector<apply::RepairCandidate>& candidates) {
    double stop = options_.seconds;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (elapsed() >= stop) return ended(passing_.empty() ? EditSearchResult::End::out_of_time : EditSearchResult::End::enough);
      if (result_.tried >= options_.candidates) return ended(EditSearchResult::End::out_of_runs);
      if (base::interrupted()) return ended(EditSearchResult::End::interrupted);
      AUTODEV_TRY_ASSIGN(const auto passed, options_.passes(apply::apply_edits(options_.text, candidates[i].edits)));
      if (!passed) return ended(EditSearchResult::End::interrupted);
      ++result_.tried;
      if (*passed) {
        if (passing_.empty()) stop = std::min(stop, elapsed() * (1 + rivals_share));
        passing_.push_back(i);
      }
      if (options_.on_progress) options_.on_progress(result_.tried, candidates.size(), passing_.size());
    }
    return {};
  }

  Result<void> ended(EditSearchResult::End end) {
    result_.end = end;
    return {};
  }

  void describe(const std::vector<apply::RepairCandidate>& candidates) {
    const auto& chosen = candidates[passing_.front()];
    result_.repaired = true;
    // How many tests the command runs and what they print is not known, and nothing is probed.
    result_.probability = apply::repair_belief({{"guess", apply::guesses_content(chosen.kind) ? 1 : 0}});
    result_.kind = chosen.kind;
    result_.detail = chosen.detail;
    result_.after = apply::apply_edits(options_.text, chosen.edits);
    const auto at = options_.text.begin() + static_cast<std::ptrdiff_t>(chosen.edits.front().start);
    result_.line = static_cast<std::uint32_t>(std::count(options_.text.begin(), at, '\n')) + 1;
  }

  base::Env& env_;
  const RepairLessons& lessons_;
  const EditSearchOptions& options_;
  std::chrono::nanoseconds start_;
  std::vector<std::size_t> passing_;
  EditSearchResult result_;
};

}  // namespace

Result<RepairLessons> RepairLessons::of(Parts& parts, Language language) {
  RepairLessons lessons;
  std::vector<apply::RepairExample> examples;
  AUTODEV_TRY(parts.store->for_each_anti_pattern([&](const AntiPattern& failure) {
    if (failure.after && failure.language == language && failure.kind != UnitKind::block) {
      examples.push_back({failure.language, failure.before, *failure.after, {"wrong"}});
      lessons.failures_.push_back({failure.id, failure.name, failure.cause});
    }
    return true;
  }));
  lessons.learned_ = lessons.ranking_.learn(examples);
  return lessons;
}

std::vector<RepairVoucher> RepairLessons::vouchers(const std::string& kind, const std::string& detail) const {
  std::vector<RepairVoucher> found;
  for (const bool exact : {true, false}) {
    for (const auto& [index, seen] : learned_.edits)
      if ((exact ? seen == kind + "|" + detail : seen.starts_with(kind + "|")) && found.size() < shown_vouchers)
        found.push_back(failures_[index]);
    if (!found.empty()) break;
  }
  return found;
}

Result<EditSearchResult> search_edits(base::Env& env, const RepairLessons& lessons, const EditSearchOptions& options) {
  return Search(env, lessons, options).run();
}

std::string describe_edit(const EditSearchResult& result) {
  return base::strip_controls(fmt::format("{}: {} (line {})", result.kind, result.detail, result.line));
}

}  // namespace autodev::app
