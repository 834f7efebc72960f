// SPDX-License-Identifier: MIT OR Apache-2.0
#include "apply/bind.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "apply/assignment.h"
#include "apply/pieces.h"

namespace autodev::apply {
namespace {

constexpr std::size_t max_parameters = 64;
/// Weights of what may differ between two parameters of different names, in order of what a wrong guess breaks. They
/// sum to 1 and were not tuned.
constexpr double type_weight = 0.40, optional_weight = 0.20, name_weight = 0.20, role_weight = 0.12,
                 place_weight = 0.08;
constexpr double forbidden = 1e6;

std::set<std::string> words_of(const std::string& name) {
  std::set<std::string> words;
  for (const auto& piece : pieces_of(name)) words.insert(base_form(piece.lower));
  return words;
}

/// 1 - Jaccard over the words of two names.
double name_distance(const std::string& a, const std::string& b) {
  const auto x = words_of(a);
  const auto y = words_of(b);
  const auto common =
      static_cast<double>(std::count_if(x.begin(), x.end(), [&](const auto& w) { return y.contains(w); }));
  const double all = static_cast<double>(x.size() + y.size()) - common;
  return all > 0 ? 1 - common / all : 1;
}

std::vector<Parameter> bindable(const SignatureShape& shape) {
  std::vector<Parameter> all;
  for (const auto& p : shape.parameters)
    if (!p.variadic && all.size() < max_parameters) all.push_back(p);
  return all;
}

double place(std::size_t i, std::size_t size) {
  return size < 2 ? 0.0 : static_cast<double>(i) / static_cast<double>(size - 1);
}

bool allowed(const Parameter& a, const Parameter& b, Binding binding) {
  const bool same_name = a.name == b.name;
  switch (binding) {
    case Binding::any:
      return true;
    case Binding::same_type:
      return a.type == b.type && (same_name || !a.type.empty());
    case Binding::same_name:
      return same_name;
  }
  return false;
}

}  // namespace

double binding_cost(const Parameter& earlier, const Parameter& now, double a, double b, double role) {
  if (earlier.name == now.name) return earlier.type == now.type ? 0 : 0.01;  // a name that stayed is meant to stay
  return (earlier.type == now.type ? 0 : type_weight) +
         (earlier.default_value.empty() == now.default_value.empty() ? 0 : optional_weight) +
         name_weight * name_distance(earlier.name, now.name) + role_weight * (1 - role) +
         place_weight * std::abs(a - b);
}

ParameterPlan bind_parameters(const SignatureShape& from, const SignatureShape& to, Binding binding, const Role& role) {
  const auto old_ones = bindable(from);
  const auto new_ones = bindable(to);
  const bool equal_count = old_ones.size() == new_ones.size();
  // Across types only when nothing would be left over: else the odd one is rather new than a stretched old one. Within
  // a type and optionality everything pairs.
  const double alone = binding == Binding::any && !equal_count ? 1.05 * (name_weight + role_weight + place_weight) : 2;
  std::vector<std::vector<double>> cost(old_ones.size(), std::vector<double>(new_ones.size(), forbidden));
  for (std::size_t i = 0; i < old_ones.size(); ++i)
    for (std::size_t j = 0; j < new_ones.size(); ++j)
      if (allowed(old_ones[i], new_ones[j], binding)) {
        const double alike = old_ones[i].name == new_ones[j].name || !role ? 0 : role(old_ones[i], new_ones[j]);
        cost[i][j] =
            binding_cost(old_ones[i], new_ones[j], place(i, old_ones.size()), place(j, new_ones.size()), alike);
      }
  ParameterPlan plan;
  std::vector<bool> taken(new_ones.size(), false);
  const auto chosen = cheapest_assignment(cost, new_ones.size(), alone);
  for (std::size_t i = 0; i < old_ones.size(); ++i) {
    if (!chosen[i]) {
      plan.dropped.push_back(old_ones[i].name);
      continue;
    }
    const auto& now = new_ones[*chosen[i]];
    taken[*chosen[i]] = true;
    plan.stretched = plan.stretched || old_ones[i].type != now.type;
    if (old_ones[i].name != now.name) plan.renamed.emplace_back(old_ones[i].name, now.name);
  }
  for (std::size_t j = 0; j < new_ones.size(); ++j)
    if (!taken[j]) plan.added.push_back(new_ones[j]);
  return plan;
}

}  // namespace autodev::apply
