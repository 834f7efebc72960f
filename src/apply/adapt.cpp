// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The variants of one earlier solution. Three plans for the parameters (bind.h) times three sets of rules (names and
// specification words with what was learned of them, names and specification words, names only).
#include "apply/adapt.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "apply/bind.h"
#include "apply/code_tokens.h"
#include "apply/fragments.h"
#include "apply/header.h"
#include "apply/pieces.h"
#include "apply/rewrite.h"
#include "apply/treatment.h"

namespace autodev::apply {
namespace {

constexpr double spec_share_for_rules = 0.3;  // below, the alignment of two sentences is chance (development streams)
constexpr std::size_t max_parameter_edits = 8;
constexpr std::size_t ranks_of_loans = 2;  // the commonest treatment of a type and the runner-up

/// The parameter whose fragments a new one should copy: same type, else same optionality, nearest in order.
const Parameter* model_for(const Parameter& added, const SignatureShape& from, const std::set<std::string>& dropped) {
  const Parameter* best = nullptr;
  int best_rank = 0;
  for (const auto& p : from.parameters) {
    if (p.variadic || dropped.contains(p.name)) continue;
    const int rank =
        1 + (p.default_value.empty() == added.default_value.empty() ? 1 : 0) + (p.type == added.type ? 2 : 0);
    if (rank >= best_rank) {
      best = &p;
      best_rank = rank;
    }
  }
  return best;
}

Rule whole_name(const std::string& from, const std::string& to) {
  Rule rule;
  rule.whole = true;
  for (const auto& piece : pieces_of(from))
    rule.from.push_back({std::string(piece.text), piece.lower, std::string(piece.before), piece.number});
  for (const auto& piece : pieces_of(to))
    rule.to.push_back({std::string(piece.text), piece.lower, std::string(piece.before), piece.number});
  return rule;
}

/// Names that the context of the new task defines: helpers that exist there keep their names.
std::vector<std::string> defined_names(std::string_view context, Language language) {
  static const std::set<std::string_view> definers{
      "def", "class", "function", "fn", "func", "struct", "enum", "const", "let", "var", "import", "interface", "type"};
  std::vector<std::string> names;
  const auto tokens = tokens_of(context, language);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != CodeTokenKind::identifier) continue;
    const bool defined = i > 0 && definers.contains(text_of(context, tokens[i - 1]));
    const bool called = i + 1 < tokens.size() && text_of(context, tokens[i + 1]) == "(";
    if (defined || called) names.emplace_back(text_of(context, tokens[i]));
  }
  return names;
}

using Counts = std::map<std::string, int>;

Counts count_words(std::string_view code) {
  Counts counts;
  for (const auto& piece : pieces_of(code)) ++counts[piece.number ? piece.lower : base_form(piece.lower)];
  return counts;
}

int count_of(const Counts& counts, const std::string& word) {
  const auto found = counts.find(word);
  return found == counts.end() ? 0 : found->second;
}

/// Changed words whose change the code followed, against all words.
class Residue {
 public:
  /// `learned`: base forms of words whose change a learned rewrite followed.
  Residue(const Counts& before, const Counts& after, const std::set<std::string>& learned, const Experience& experience)
      : before_(before), after_(after), learned_(learned), experience_(experience) {}

  [[nodiscard]] double of(std::string_view earlier, std::string_view now, const TextDifference& difference) const {
    double total = 0;
    for (const auto text : {earlier, now})
      for (const auto& piece : pieces_of(text))
        if (!is_filler_word(piece.lower)) total += weight(piece.lower);
    double unexplained = 0;
    for (const auto& gap : difference.gaps) {
      for (const auto& word : gap.removed)
        if (!followed(word, -1)) unexplained += weight(word);
      for (const auto& word : gap.added)
        if (!followed(word, +1)) unexplained += weight(word);
    }
    return total > 0 ? std::min(1.0, unexplained / total) : 1;  // no words: nothing is known
  }

 private:
  [[nodiscard]] double weight(const std::string& word) const {
    return experience_.rarity ? experience_.rarity(base_form(word)) : 1;
  }

  [[nodiscard]] bool followed(const std::string& word, int direction) const {
    const auto base = base_form(word);
    if (learned_.contains(base)) return true;
    const int change = count_of(after_, base) - count_of(before_, base);
    return direction > 0 ? change > 0 : change < 0;
  }

  const Counts& before_;
  const Counts& after_;
  const std::set<std::string>& learned_;
  const Experience& experience_;
};

class Adapter {
 public:
  Adapter(const Learned& earlier, const VisibleTask& now, const SignatureShape& shape, const Experience& experience)
      : earlier_(earlier),
        now_(now),
        shape_(shape),
        experience_(experience),
        language_(now.language),
        polarity_(compare_polarity(earlier.task, now)),
        names_(compare_names(earlier.shape.entry, shape.entry)),
        spec_(compare_texts(earlier.task.spec, now.spec)),
        header_(find_header(earlier.code, language_, earlier.shape.entry)) {
    for (const auto* parameters : {&earlier.shape.parameters, &shape.parameters})
      for (const auto& p : *parameters)
        if (!p.variadic) all_names_.push_back(p.name);
    for (const auto& name : defined_names(now.context, language_))
      if (std::find(all_names_.begin(), all_names_.end(), name) == all_names_.end() && name != earlier.shape.entry)
        scope_.fixed_names.push_back(name);
  }

  std::vector<Candidate> variants() {
    std::vector<Candidate> out;
    if (experience_.rewrites) rewrites_ = experience_.rewrites(spec_);
    const Role role = [this](const Parameter& old, const Parameter& now) { return role_of(old, now); };
    const auto any = bind_parameters(earlier_.shape, shape_, Binding::any, role);
    const auto by_name = bind_parameters(earlier_.shape, shape_, Binding::same_name, role);
    add_variants(out, any, [this](ParameterPlan& p) { return with_parameters(p); });
    if (!(by_name == any) && !by_name.dropped.empty())
      add_variants(out, by_name, [this](ParameterPlan& p) { return with_parameters(p); });
    const auto by_type = bind_parameters(earlier_.shape, shape_, Binding::same_type, role);
    for (std::size_t rank = 0; rank < ranks_of_loans && !by_type.added.empty(); ++rank)
      add_variants(out, by_type, [this, rank](ParameterPlan& p) { return with_loans(p, rank); });
    return out;
  }

 private:
  using Fitting = std::function<std::optional<std::string>(ParameterPlan&)>;

  /// What a variant rewrites beside names.
  enum class Words { none, without_numbers, spelled, learned };

  void add_variants(std::vector<Candidate>& out, const ParameterPlan& plan, const Fitting& fit) {
    for (const auto words : {Words::learned, Words::spelled, Words::without_numbers, Words::none}) {
      if (words == Words::spelled && !spec_rules_trusted()) continue;
      if (words == Words::without_numbers && (!spec_rules_trusted() || !numbers_differ())) continue;
      if (words == Words::learned && rewrites_.empty()) continue;
      if (auto candidate = variant(plan, words, fit)) out.push_back(std::move(*candidate));
    }
  }

  /// How familiar the earlier code's treatment of `old` would be for `now`.
  [[nodiscard]] double role_of(const Parameter& old, const Parameter& now) {
    if (!experience_.familiarity || !header_) return 0;
    auto known = treatments_.find(old.name);
    if (known == treatments_.end())
      known = treatments_.emplace(old.name, treatment_of(earlier_.code, language_, header_->end, old.name)).first;
    return experience_.familiarity(now, known->second);
  }

  /// Drops fragments, then repeats those of a parameter of the same type or borrows statements. Absent when neither is
  /// there.
  [[nodiscard]] std::optional<std::string> with_loans(ParameterPlan& plan, std::size_t rank) const {
    if (!header_ || plan.dropped.size() + plan.added.size() > max_parameter_edits) return std::nullopt;
    std::optional<std::string> code = earlier_.code;
    for (const auto& name : plan.dropped) {
      code = drop_parameter(*code, language_, header_->end, name, all_names_);
      if (!code) return std::nullopt;
    }
    bool borrowed = false;
    const std::set<std::string> dropped(plan.dropped.begin(), plan.dropped.end());
    for (const auto& added : plan.added) {
      const auto loans = experience_.lender ? experience_.lender(added) : std::vector<Loan>();
      const Parameter* model = model_for(added, earlier_.shape, dropped);
      if (rank < loans.size() || (!loans.empty() && borrowed)) {
        const auto& loan = loans[std::min(rank, loans.size() - 1)];
        code = insert_statements(*code, language_, header_->end, loan.statements, loan.parameter, added.name);
        borrowed = true;
      } else if (model != nullptr) {
        plan.stretched = plan.stretched || model->type != added.type;
        code = repeat_parameter(*code, language_, header_->end, model->name, added.name, all_names_);
      } else {
        return std::nullopt;
      }
      if (!code) return std::nullopt;
    }
    if (!borrowed) return std::nullopt;
    return code;
  }

  [[nodiscard]] bool spec_rules_trusted() const {
    std::size_t words = 0;
    for (const auto& piece : pieces_of(now_.spec)) words += is_filler_word(piece.lower) ? 0u : 1u;
    return words > 0 && static_cast<double>(spec_.common_words) >= spec_share_for_rules * static_cast<double>(words) &&
           !spec_.rules.empty();
  }

  /// Drops and repeats fragments; absent when one cannot be separated.
  [[nodiscard]] std::optional<std::string> with_parameters(ParameterPlan& plan) const {
    std::string code = earlier_.code;
    if (plan.dropped.size() + plan.added.size() > max_parameter_edits) return std::nullopt;
    if (plan.dropped.empty() && plan.added.empty()) return code;
    if (!header_) return std::nullopt;
    const std::set<std::string> dropped(plan.dropped.begin(), plan.dropped.end());
    for (auto added = plan.added.rbegin(); added != plan.added.rend(); ++added) {
      const Parameter* model = model_for(*added, earlier_.shape, dropped);
      if (model == nullptr) model = model_for(*added, earlier_.shape, {});
      if (model == nullptr) return std::nullopt;
      plan.stretched = plan.stretched || model->type != added->type;
      auto repeated = repeat_parameter(code, language_, header_->end, model->name, added->name, all_names_);
      if (!repeated) return std::nullopt;
      code = std::move(*repeated);
    }
    for (const auto& name : plan.dropped) {
      auto rest = drop_parameter(code, language_, header_->end, name, all_names_);
      if (!rest) return std::nullopt;
      code = std::move(*rest);
    }
    return code;
  }

  /// Some rule replaces a number: a number that stands in several places may mean several things, so these are also
  /// left to the filling of holes.
  [[nodiscard]] bool numbers_differ() const {
    return std::any_of(spec_.rules.begin(), spec_.rules.end(), is_number_rule);
  }
  static bool is_number_rule(const Rule& rule) { return rule.from.size() == 1 && rule.from[0].number; }

  [[nodiscard]] std::vector<Rule> rules_for(const ParameterPlan& plan, Words words) const {
    std::vector<Rule> rules;
    for (const auto& [from, to] : plan.renamed) rules.push_back(whole_name(from, to));
    for (const auto& p : shape_.parameters)  // shared and new names are settled: no rule may touch them
      rules.push_back(whole_name(p.name, p.name));
    rules.insert(rules.end(), names_.rules.begin(), names_.rules.end());
    for (const auto& rule : spec_.rules)
      if (words != Words::none && (words != Words::without_numbers || !is_number_rule(rule))) rules.push_back(rule);
    return rules;
  }

  /// `code` with the header replaced; rewritten everywhere else. The header range is valid before rewriting.
  [[nodiscard]] std::optional<std::string> finish(const std::string& code, const std::vector<Rule>& rules) {
    if (!header_) return rewrite(code, language_, rules, scope_).code;
    const auto header = shape_.complete ? header_from(now_.signature, language_, header_->arrow) : std::nullopt;
    if (!header) return rewrite(code, language_, rules, scope_).code;
    RewriteScope before = scope_;
    const auto head = rewrite(std::string_view(code).substr(0, header_->start), language_, rules, before).code;
    const auto body = rewrite(std::string_view(code).substr(header_->end), language_, rules, before).code;
    return head + *header + body;
  }

  [[nodiscard]] Counts body_counts(const std::string& code, std::string_view entry) const {
    const auto header = find_header(code, language_, entry);
    return count_words(header ? std::string_view(code).substr(header->end) : std::string_view(code));
  }

  /// `code` with what was learned of the changed words; `words` gets the words it is about.
  [[nodiscard]] std::string with_learned(const std::string& code, Candidate& candidate,
                                         std::set<std::string>& words) const {
    auto applied = apply_learned(code, language_, header_ ? header_->end : 0, rewrites_);
    for (const auto which : applied.used) {
      candidate.learned.push_back(rewrites_[which].explain());
      words.insert(rewrites_[which].removed);
      words.insert(rewrites_[which].added);
    }
    return std::move(applied.code);
  }

  [[nodiscard]] std::optional<Candidate> variant(ParameterPlan plan, Words words, const Fitting& fit) {
    auto code = fit(plan);
    if (!code) return std::nullopt;
    Candidate candidate;
    std::set<std::string> learned;
    if (words == Words::learned) {
      code = with_learned(*code, candidate, learned);
      if (candidate.learned.empty()) return std::nullopt;
    }
    auto finished = finish(*code, rules_for(plan, spec_rules_trusted() ? words : Words::none));
    if (!finished) return std::nullopt;
    candidate.code = std::move(*finished);
    candidate.stretched = plan.stretched;
    const Counts before = body_counts(earlier_.code, earlier_.shape.entry);
    const Counts after = body_counts(candidate.code, shape_.entry);
    if (!passes_gate(before, after, learned, candidate)) return std::nullopt;
    const Residue residue(before, after, learned, experience_);
    candidate.spec_residue = residue.of(earlier_.task.spec, now_.spec, spec_);
    candidate.name_residue = residue.of(earlier_.shape.entry, shape_.entry, names_);
    return candidate;
  }

  [[nodiscard]] bool passes_gate(const Counts& before, const Counts& after, const std::set<std::string>& learned,
                                 Candidate& candidate) {
    if (may_copy(polarity_)) return true;
    std::vector<std::string> rewritten(learned.begin(), learned.end());
    for (const auto& [word, count] : before)
      if (count_of(after, word) < count) rewritten.push_back(word);
    for (const auto& [word, count] : after)
      if (count_of(before, word) < count) rewritten.push_back(word);
    if (!may_adapt(polarity_, rewritten)) return false;
    candidate.polarity = true;
    std::vector<Rule> only_header;
    if (auto copy = finish(earlier_.code, only_header)) candidate.unchanged = std::move(*copy);
    return true;
  }

  const Learned& earlier_;
  const VisibleTask& now_;
  const SignatureShape& shape_;
  const Experience& experience_;
  Language language_;
  PolarityDifference polarity_;
  TextDifference names_, spec_;
  std::optional<HeaderRange> header_;
  std::vector<std::string> all_names_;
  RewriteScope scope_;
  std::vector<LearnedRewrite> rewrites_;
  std::map<std::string, std::string> treatments_;  ///< of the earlier parameters, by name
};

}  // namespace

std::vector<Candidate> adapt(const Learned& earlier, const VisibleTask& now, const SignatureShape& shape,
                             std::size_t source, double text, const Experience& experience) {
  auto candidates = Adapter(earlier, now, shape, experience).variants();
  for (auto& candidate : candidates) {
    candidate.sources = {source};
    candidate.shape = shape_similarity(earlier.shape, shape);
    candidate.text = text;
    candidate.same_stream = earlier.task.stream == now.stream;
  }
  return candidates;
}

}  // namespace autodev::apply
