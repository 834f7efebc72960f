// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The voters: each reads a row or two and says what it thinks of every option.
#include <algorithm>
#include <cmath>

#include "vote/change.h"
#include "vote/decider.h"
#include "vote/ridge.h"

namespace autodev::vote {
namespace {

// Strengths of priors, in outcomes. 2 is Laplace's rule; a category needs a little more to leave its type's share.
constexpr double option_prior = 2;
constexpr double place_prior = 3;
constexpr double recent_prior = 1;
/// What an option did in other types is worth at most this.
constexpr double most_from_other_types = 2;
/// Says of callers and users count as two outcomes.
constexpr float stated_evidence = 2;
constexpr float preferred_estimate = 0.8F, other_estimate = 0.4F;
/// Weight of "nothing is known" in the blend: keeps it defined when all are silent.
constexpr double silence = 0.02;

void say(Says& says, Voter voter, double estimate, double evidence, const std::array<Digest, max_evidence>& ids = {}) {
  Say& own = says[static_cast<std::size_t>(voter)];
  own.estimate = static_cast<float>(std::clamp(estimate, 0.0, 1.0));
  own.evidence = static_cast<float>(evidence);
  own.confidence = confidence_of(own.evidence);
  own.ids = ids;
}

double share(const Tally& tally, double prior, double strength) {
  return (tally.successes + strength * prior) / (tally.total() + strength);
}

/// The state of one question while its voters speak.
class Session {
 public:
  Session(const MemoryRead& memory, const Question& question, const Settings& settings)
      : memory_(memory), question_(question), settings_(settings) {}

  Result<Judgement> run() {
    AUTODEV_TRY_ASSIGN(type_, load<TypeRow>(memory_, row_key(question_.type, 'T')));
    AUTODEV_TRY(ask_prior_and_recency());
    AUTODEV_TRY(ask_tree());
    AUTODEV_TRY(ask_nearest());
    ask_trend();
    ask_callers();
    AUTODEV_TRY(weigh());
    blend();
    judgement_.decisions = type_.decisions;
    judgement_.outcomes = type_.clock;
    judgement_.change = type_.change;
    return std::move(judgement_);
  }

 private:
  Result<void> ask_prior_and_recency() {
    const Tally all = as_of(type_.all, type_.clock, type_.epoch, kept_after_change);
    const double type_share = share(all, 0.5, option_prior);
    for (const std::string& option : question_.options) {
      const std::uint64_t hash = option_hash(option);
      hashes_.push_back(hash);
      OptionVote vote;
      vote.option = option;
      AUTODEV_TRY_ASSIGN(const auto bytes, memory_.get(row_key(question_.type, 'O', hash)));
      OptionRow row;
      if (bytes) {
        AUTODEV_TRY_ASSIGN(row, decode_for_reading(*bytes));
      }
      AUTODEV_TRY_ASSIGN(const GlobalRow global, load<GlobalRow>(memory_, row_key({}, 'G', hash)));
      const Tally own = as_of(row.all, type_.clock, type_.epoch, INFINITY);
      const double elsewhere = std::min(most_from_other_types, std::max(0.0, global.all.total() - own.total()));
      const double base = (option_prior * type_share + elsewhere * share(global.all, 0.5, option_prior)) / (option_prior + elsewhere);
      const double estimate = share(own, base, option_prior);
      base_.push_back(base);
      root_.push_back(estimate);
      root_evidence_.push_back(own.total());
      if (own.total() + elsewhere > 0.01) say(vote.says, Voter::prior, estimate, own.total() + elsewhere, row.ids);
      if (own.total() > 0.01) {
        const Tally recent = as_of(row.recent, row.recent.clock, type_.epoch, kept_after_change);
        say(vote.says, Voter::recency, share(recent, estimate, recent_prior), recent.total(), row.ids);
      }
      vote.chosen = row.chosen;
      vote.successes = row.successes;
      vote.failures = row.failures;
      vote.probe_due = type_.decisions >= row.last_chosen + probe_after;
      judgement_.anything_known = judgement_.anything_known || own.total() + elsewhere > 0.01;
      judgement_.options.push_back(std::move(vote));
      rows_.push_back(std::move(row));
    }
    return {};
  }

  /// type -> single categories, averaged by how much they tell -> all categories together.
  Result<void> ask_tree() {
    if (question_.context.categories.empty()) return {};
    std::vector<double> sums(hashes_.size(), 0), weights(hashes_.size(), 0), evidence(hashes_.size(), 0);
    for (const Category& category : question_.context.categories) {
      AUTODEV_TRY_ASSIGN(const PlaceRow place, load<PlaceRow>(memory_, row_key(question_.type, 'P', category.hash)));
      for (std::size_t i = 0; i < hashes_.size(); ++i) {
        const auto [tally, ids] = at(place, hashes_[i]);
        const double estimate = share(tally, root_[i], place_prior);
        const double surprise = (estimate - root_[i]) * (estimate - root_[i]) * tally.total() / std::max(0.01, root_[i] * (1 - root_[i]));
        const double weight = tally.total() / (tally.total() + place_prior) * (0.1 + surprise);
        sums[i] += weight * estimate;
        weights[i] += weight;
        evidence[i] = std::max(evidence[i], tally.total());
      }
    }
    PlaceRow whole;
    if (question_.context.categories.size() > 1) {
      AUTODEV_TRY_ASSIGN(whole, load<PlaceRow>(memory_, row_key(question_.type, 'P', question_.context.key)));
    } else {
      AUTODEV_TRY_ASSIGN(whole, load<PlaceRow>(memory_, row_key(question_.type, 'P', question_.context.categories[0].hash)));
    }
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      const double middle = weights[i] > 0 ? sums[i] / weights[i] : root_[i];
      const auto [tally, ids] = at(whole, hashes_[i]);
      const double estimate = question_.context.categories.size() > 1 ? share(tally, middle, place_prior) : middle;
      if (evidence[i] > 0.01)
        say(judgement_.options[i].says, Voter::tree, estimate, std::max(tally.total(), std::min(evidence[i], place_prior)), ids);
    }
    place_losses_ = whole.losses;
    return {};
  }

  std::pair<Tally, std::array<Digest, max_evidence>> at(const PlaceRow& place, std::uint64_t hash) const {
    const auto found = std::lower_bound(place.options.begin(), place.options.end(), hash,
                                        [](const PlaceOption& a, std::uint64_t b) { return a.option < b; });
    if (found == place.options.end() || found->option != hash) return {};
    return {as_of(found->all, type_.clock, type_.epoch, kept_after_change / 2), found->ids};
  }

  /// Cases count by how much more alike they are than cases are on average.
  Result<void> ask_nearest() {
    if (type_.cases == 0 || question_.context == Context{}) return {};
    std::vector<Case> cases;
    for (std::size_t chunk = 0; chunk < case_chunks && chunk * cases_per_chunk < type_.cases; ++chunk) {
      AUTODEV_TRY_ASSIGN(CaseRow row, load<CaseRow>(memory_, row_key(question_.type, 'C', chunk)));
      cases.insert(cases.end(), row.cases.begin(), row.cases.end());
    }
    std::vector<double> likeness(cases.size());
    double mean = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) mean += likeness[i] = similarity(question_.context.sketch, cases[i].sketch);
    mean /= static_cast<double>(cases.size());
    struct Sum {
      double weight = 0, reward = 0;
      std::array<std::pair<double, Digest>, max_evidence> top{};
    };
    std::vector<Sum> sums(hashes_.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const auto found = std::find(hashes_.begin(), hashes_.end(), cases[i].option);
      if (found == hashes_.end()) continue;
      const double relative = mean > 1 - 1e-6 ? 1.0 : std::max(0.0, (likeness[i] - mean) / (1 - mean));
      const double weight = relative * relative * (cases[i].epoch == type_.epoch ? 1.0 : 0.1);
      Sum& sum = sums[static_cast<std::size_t>(found - hashes_.begin())];
      sum.weight += weight;
      sum.reward += weight * static_cast<double>(cases[i].reward);
      if (weight <= sum.top.back().first) continue;
      sum.top.back() = {weight, cases[i].decision};
      std::sort(sum.top.begin(), sum.top.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    }
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      if (sums[i].weight <= 0.01) continue;
      std::array<Digest, max_evidence> ids{};
      for (std::size_t k = 0; k < max_evidence; ++k) ids[k] = sums[i].top[k].second;
      say(judgement_.options[i].says, Voter::nearest, (sums[i].reward + option_prior * root_[i]) / (sums[i].weight + option_prior),
          sums[i].weight, ids);
    }
    return {};
  }

  void ask_trend() {
    if (type_.slots.empty()) return;
    const std::vector<double> x = vector_of(type_.slots, question_.context);
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      if (rows_[i].ridge.slope.empty() || root_evidence_[i] < 0.01) continue;
      const Forecast said = forecast(rows_[i].ridge, x);
      say(judgement_.options[i].says, Voter::trend, std::clamp(root_[i] + said.offset, 0.01, 0.99), 1 / (1 / root_evidence_[i] + 1 / said.evidence), rows_[i].ids);
    }
  }

  void ask_callers() {
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      OptionVote& vote = judgement_.options[i];
      if (i < question_.facts.size()) {
        const OptionFacts& facts = question_.facts[i];
        vote.veto = facts.veto;
        vote.cost = facts.cost.value_or(0);
        if (facts.quality) {
          say(vote.says, Voter::quality, *facts.quality, static_cast<double>(stated_evidence));
          judgement_.anything_known = true;
        }
      }
      if (question_.prefer.empty()) continue;
      judgement_.anything_known = true;
      say(vote.says, Voter::preference, static_cast<double>(vote.option == question_.prefer ? preferred_estimate : other_estimate),
          static_cast<double>(stated_evidence));
    }
  }

  Result<void> weigh() {
    if (settings_.only) {
      judgement_.weights[static_cast<std::size_t>(*settings_.only)] = 1;
      return {};
    }
    if (settings_.equal_weights) {
      judgement_.weights.fill(1.0 / static_cast<double>(voter_count));
      return {};
    }
    AUTODEV_TRY_ASSIGN(const GlobalRow all, load<GlobalRow>(memory_, row_key({}, 'G')));
    judgement_.weights = weights_of(&all.losses, &type_.losses, &place_losses_);
    return {};
  }

  void blend() {
    double dearest = 0;
    for (const OptionVote& vote : judgement_.options) dearest = std::max(dearest, vote.cost);
    for (std::size_t i = 0; i < judgement_.options.size(); ++i) {
      OptionVote& vote = judgement_.options[i];
      double weight = silence;
      double estimate = silence * base_[i];
      double evidence = 0;
      for (std::size_t v = 0; v < voter_count; ++v) {
        const double own = judgement_.weights[v] * static_cast<double>(vote.says[v].confidence);
        weight += own;
        estimate += own * static_cast<double>(vote.says[v].estimate);
        evidence += own * static_cast<double>(vote.says[v].evidence);
      }
      vote.estimate = estimate / weight;
      vote.evidence = evidence / weight;
      vote.cost = dearest > 0 ? vote.cost / dearest : 0;
      vote.value = vote.estimate - settings_.cost_weight * vote.cost;
      vote.deprecated = vote.estimate < deprecation_estimate && vote.evidence >= option_prior;
      vote.probe_due = vote.probe_due && vote.deprecated;
    }
  }

  const MemoryRead& memory_;
  const Question& question_;
  const Settings& settings_;
  TypeRow type_;
  Losses place_losses_;
  std::vector<std::uint64_t> hashes_;
  std::vector<OptionRow> rows_;
  std::vector<double> base_;           ///< what is expected of an option that was never tried
  std::vector<double> root_;           ///< share of successes over all contexts
  std::vector<double> root_evidence_;
  Judgement judgement_;
};

}  // namespace

Result<Judgement> judge(const MemoryRead& memory, const Question& question, const Settings& settings) {
  return Session(memory, question, settings).run();
}

Spoken spoken_of(const Judgement& judgement) {
  Spoken spoken;
  for (const OptionVote& vote : judgement.options) {
    auto& estimate = spoken.estimate.emplace_back();
    auto& confidence = spoken.confidence.emplace_back();
    for (std::size_t v = 0; v < voter_count; ++v) {
      estimate[v] = vote.says[v].estimate;
      confidence[v] = vote.says[v].confidence;
    }
    spoken.blend.push_back(static_cast<float>(vote.estimate));
  }
  return spoken;
}

}  // namespace autodev::vote
