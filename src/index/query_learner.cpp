// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/query_learner.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "index/static_table.h"
#include "index/words.h"

namespace autodev::index {
namespace {

// Chosen on the development histories of docs/embedder.md among: steps 0.03 to 0.3, temperatures 0.03 to 0.3, bounds 0.2 to 0.5,
// 16 to 256 recent patterns. Between neighbouring values the gain differs by less than half a point.
constexpr float pair_step = 0.1F;
constexpr double temperature = 0.15;
constexpr float largest_change = 0.3F;
// One answer moves a query of four words by some 25 degrees, so that the accepted answer passes those that were slightly better.
constexpr float answer_step = 0.15F;
/// What a share of a stem's length means in its units.
constexpr auto stem_length = static_cast<float>(default_unknown_gain);
/// Texts of more stems move each of them less, so that the whole text is moved no further.
constexpr double usual_stems = 8;
constexpr std::size_t max_stems_of_text = 64;
/// Patterns that are confused with the right one less often than this do not push.
constexpr double least_confusion = 0.002;
constexpr std::uint32_t dropped_at_once = max_learned_stems / 8;
constexpr float unit_steps = 4096;  // of a query's vector: a similarity's error is below 0.001

std::int32_t rounded(float value) noexcept { return static_cast<std::int32_t>(value + (value < 0 ? -0.5F : 0.5F)); }
std::int8_t clipped(std::int32_t value) noexcept { return static_cast<std::int8_t>(std::clamp(value, -127, 127)); }

SignedBytes pattern_bytes(const Vector& vector) {
  SignedBytes bytes{};
  for (std::size_t i = 0; i < learned_dimensions; ++i) bytes[i] = clipped(rounded(vector[i] * pattern_steps));
  return bytes;
}

/// e^x for x <= 0, by additions and multiplications alone.
double falling_power(double x) noexcept {
  if (x < -20) return 0;
  double power = 1 + x / 1024;
  for (int i = 0; i < 10; ++i) power *= power;
  return power;
}

using Steps = std::array<std::int16_t, learned_dimensions>;

double similarity(const Steps& query, const SignedBytes& pattern) noexcept {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < learned_dimensions; ++i) sum += std::int32_t{query[i]} * pattern[i];
  return static_cast<double>(sum) / (double{unit_steps} * pattern_steps);
}

/// By how much the query takes each of the others for the right one: softmax over the similarities. 0 for the right one itself.
std::vector<double> confusions(const Steps& query, const SignedBytes& right, const PatternId& meant, const std::vector<RecentPattern>& others) {
  const double own = similarity(query, right);
  double best = own;
  std::vector<double> powers(others.size());
  for (std::size_t i = 0; i < others.size(); ++i) best = std::max(best, powers[i] = similarity(query, others[i].values));
  double sum = falling_power((own - best) / temperature);
  for (std::size_t i = 0; i < others.size(); ++i) {
    powers[i] = others[i].id == meant ? 0 : falling_power((powers[i] - best) / temperature);
    sum += powers[i];
  }
  for (double& power : powers) power /= sum;
  return powers;
}

void add_pattern(const SignedBytes& pattern, double factor, std::vector<float>& sum) {
  const auto times = static_cast<float>(factor / pattern_steps);
  for (std::size_t i = 0; i < learned_dimensions; ++i) sum[i] += times * static_cast<float>(pattern[i]);
}

/// Without what lies along the unit vector: that would change the text's length, not its direction.
void make_perpendicular(std::vector<float>& direction, const Vector& unit) {
  float along = 0;
  for (std::size_t i = 0; i < learned_dimensions; ++i) along += direction[i] * unit[i];
  for (std::size_t i = 0; i < learned_dimensions; ++i) direction[i] -= along * unit[i];
}

void add_to(SignedBytes& change, const std::vector<float>& direction, float step) {
  std::array<std::int32_t, learned_dimensions> sum{};
  std::int64_t square = 0;
  for (std::size_t i = 0; i < learned_dimensions; ++i) {
    sum[i] = change[i] + rounded(direction[i] * step * change_steps);
    square += std::int64_t{sum[i]} * sum[i];
  }
  constexpr double most = double{largest_change} * stem_length * change_steps;
  const double length = std::sqrt(static_cast<double>(square));
  const auto shrink = static_cast<float>(length > most ? most / length : 1.0);
  for (std::size_t i = 0; i < learned_dimensions; ++i) change[i] = clipped(rounded(static_cast<float>(sum[i]) * shrink));
}

bool usable(const Vector& vector) {
  return vector.size() == learned_dimensions && std::all_of(vector.begin(), vector.end(), [](float value) { return std::abs(value) <= 1.01F; });
}

}  // namespace

/// A text's distinct stems and its vector as it is asked with now.
struct QueryLearner::Text {
  std::vector<std::uint64_t> stems;
  Vector unit;
  Steps steps{};

  [[nodiscard]] float step_of(float whole) const {
    const double share = usual_stems / static_cast<double>(stems.size());
    return whole * stem_length * static_cast<float>(share < 1 ? std::sqrt(share) : 1.0);
  }
};

QueryLearner::QueryLearner(base::KvWrite& state, const Embedder& embedder) : state_(state), embedder_(embedder) {}

Result<void> QueryLearner::open() {
  if (opened_) return {};
  AUTODEV_TRY_ASSIGN(head_, read_learned_head(state_));
  AUTODEV_TRY_ASSIGN(recent_, read_recent(state_));
  opened_ = true;
  return {};
}

Result<LearnedRow*> QueryLearner::row(std::uint64_t stem) {
  auto found = rows_.find(stem);
  if (found == rows_.end()) {
    AUTODEV_TRY_ASSIGN(const auto stored, read_learned(state_, stem));
    found = rows_.emplace(stem, stored.value_or(LearnedRow{})).first;
  }
  return &found->second;
}

Result<std::optional<QueryLearner::Text>> QueryLearner::read(std::string_view text) {
  if (embedder_.dimensions() != learned_dimensions) return std::nullopt;
  AUTODEV_TRY(open());
  const std::vector<Term> terms = terms_of(text);
  std::vector<CountedStem> stems;
  Text known;
  for (const Term& term : terms) {
    if (term.whole || stems.size() >= max_stems_of_text) continue;
    stems.push_back({term.text, 1, term.key});
    known.stems.push_back(term.key);
  }
  std::sort(known.stems.begin(), known.stems.end());
  known.stems.erase(std::unique(known.stems.begin(), known.stems.end()), known.stems.end());
  if (known.stems.empty()) return std::nullopt;
  struct Changes final : StemChanges {
    void add(std::uint64_t key, float times, std::span<float> sum) const override {
      if (const auto found = rows->find(key); found != rows->end() && found->second.change) add_change(*found->second.change, times, sum);
    }
    const std::map<std::uint64_t, LearnedRow>* rows = nullptr;
  } changes;
  changes.rows = &rows_;
  for (const std::uint64_t stem : known.stems) AUTODEV_TRY(row(stem));
  auto unit = embedder_.embed_changed(stems, changes);
  if (!unit || !usable(*unit)) return std::nullopt;
  known.unit = std::move(*unit);
  for (std::size_t i = 0; i < learned_dimensions; ++i) known.steps[i] = static_cast<std::int16_t>(rounded(known.unit[i] * unit_steps));
  return std::optional<Text>(std::move(known));
}

Result<void> QueryLearner::change(const Text& text, const std::vector<float>& direction, float step, bool at_once) {
  ++head_.pairs;
  for (const std::uint64_t stem : text.stems) {
    AUTODEV_TRY_ASSIGN(LearnedRow* const known, row(stem));
    head_.stems += known->pairs == 0 ? 1 : 0;
    known->pairs += known->pairs == UINT32_MAX ? 0 : 1;
    known->stamp = static_cast<std::uint32_t>(head_.pairs);
    if (known->pairs < 2 && !at_once) continue;
    if (!known->change) known->change.emplace();
    add_to(*known->change, direction, step);
  }
  return head_.stems > max_learned_stems ? drop_rare() : Result<void>{};
}

Result<void> QueryLearner::learn(const Said& said, const PatternId& meant, const Vector& vector) {
  if (!usable(vector) || !(said.share > 0)) return {};
  AUTODEV_TRY_ASSIGN(const auto text, read(said.text));
  if (!text) return {};
  const SignedBytes right = pattern_bytes(vector);
  const std::vector<double> confusion = confusions(text->steps, right, meant, recent_.list);
  std::vector<float> direction(learned_dimensions, 0.F);
  double pulled = 0;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    if (confusion[i] < least_confusion) continue;
    add_pattern(recent_.list[i].values, -confusion[i], direction);
    pulled += confusion[i];
  }
  add_pattern(right, pulled, direction);
  make_perpendicular(direction, text->unit);
  AUTODEV_TRY(change(*text, direction, text->step_of(pair_step) * static_cast<float>(std::min(1.0, said.share)), false));
  remember(meant, right);
  return {};
}

Result<void> QueryLearner::judge(std::string_view query, const Vector& vector, bool accepted) {
  if (!usable(vector)) return {};
  AUTODEV_TRY_ASSIGN(const auto text, read(query));
  if (!text) return {};
  const SignedBytes answer = pattern_bytes(vector);
  std::vector<float> direction(learned_dimensions, 0.F);
  // What the query is not near to need not be pushed away.
  if (accepted || similarity(text->steps, answer) > 0) add_pattern(answer, accepted ? 1 : -1, direction);
  make_perpendicular(direction, text->unit);
  return change(*text, direction, text->step_of(answer_step), true);
}

void QueryLearner::remember(const PatternId& id, const SignedBytes& values) {
  if (recent_.list.size() < recent_patterns)
    recent_.list.push_back({id, values});
  else
    recent_.list[recent_.next] = {id, values};
  recent_.next = (recent_.next + 1) % recent_patterns;
  recent_changed_ = true;
}

Result<void> QueryLearner::drop_rare() {
  AUTODEV_TRY(flush());
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::string>> order;
  AUTODEV_TRY(state_.scan(adapted_table, {}, {}, [&order](std::string_view key, std::string_view value) {
    if (const auto counters = learned_counters(key, value)) order.emplace_back(counters->first, counters->second, std::string(key));
    return true;
  }));
  std::sort(order.begin(), order.end());
  order.resize(std::min<std::size_t>(order.size(), dropped_at_once));
  for (const auto& [pairs, stamp, key] : order) AUTODEV_TRY(state_.erase(adapted_table, key));
  head_.stems -= std::min(head_.stems, static_cast<std::uint32_t>(order.size()));
  return write_learned_head(state_, head_);
}

Result<void> QueryLearner::flush() {
  if (!opened_ || (rows_.empty() && !recent_changed_)) return {};
  for (const auto& [stem, known] : rows_)
    if (known.pairs > 0) AUTODEV_TRY(write_learned(state_, stem, known));
  rows_.clear();
  if (recent_changed_) AUTODEV_TRY(write_recent(state_, recent_));
  recent_changed_ = false;
  return write_learned_head(state_, head_);
}

}  // namespace autodev::index
