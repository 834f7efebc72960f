// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Recurrence of patterns that are no templates of functions: how objects are used, and idioms inside of functions.
//
// Both are mined from the projects of one side and looked for in those of the other, as recurrence_bench.h does with templates:
// behaviour by the sequences of steps of a type, idioms by the digests of fragments. A project counts once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mine/background.h"
#include "mine/idiom.h"
#include "mine/mining_library.h"

namespace autodev::app {

/// Which half a project belongs to: 0 or 1, by a hash of its name.
[[nodiscard]] std::size_t side_of(const mine::MiningLibrary& library, std::uint32_t project);
/// The projects of the unit on that side, ascending.
[[nodiscard]] std::vector<std::uint32_t> projects_on(const mine::MiningLibrary& library, const mine::LibraryUnit& unit, std::size_t side);

/// Projects of the other side in which a pattern came again; `fresh`: in code that is no exact copy of code it was learned from.
struct UnseenProjects {
  std::set<std::uint32_t> all, fresh;

  void note(const mine::MiningLibrary& library, const mine::LibraryUnit& unit, std::size_t side);
};

/// A pattern that several projects of the learning side share: as many as make a template general.
struct SharedPattern {
  Digest id;  ///< of its content
  std::string name, sentence, code;
  mine::Template shape;  ///< of idioms
  Language language = Language::unknown;
  std::uint32_t projects = 0;  ///< that it was learned from
  bool trivial = false;        ///< by the rubric of docs/mining.md, with what is usual on the other side
  UnseenProjects unseen;
};

using Backgrounds = std::map<Language, mine::Background>;

/// How objects are used; what the rubric calls trivial on this side is left out. Cost: an event graph per unit, and the miner's.
[[nodiscard]] std::vector<SharedPattern> shared_behaviour(const mine::MiningLibrary& library, std::size_t side);

/// The compound statements of all units with their fragments; made once for both sides.
class IdiomCorpus {
 public:
  /// Cost: O(nodes) per statement and cut.
  explicit IdiomCorpus(const mine::MiningLibrary& library);

  /// Idioms of one side with positive gain against its background and by merge_gain(), trivial ones left out; the most specific cut
  /// that several projects share explains its statements first.
  [[nodiscard]] std::vector<SharedPattern> shared(std::size_t side, const Backgrounds& own, const Backgrounds& others) const;

 private:
  struct Statement {
    std::uint32_t unit = 0, node = 0;
    syntax::NodeKind kind = syntax::NodeKind::other;
    std::vector<mine::IdiomFragment> fragments;
  };
  /// A fragment and the statements of the learning side that have it.
  struct Found {
    std::uint32_t bits = 0;
    std::vector<std::size_t> statements;
    std::set<std::uint32_t> projects;
  };
  /// What one side has to teach.
  struct Side {
    std::vector<std::vector<std::uint32_t>> projects;  ///< by statement
    std::map<std::pair<Language, syntax::NodeKind>, std::uint64_t> pools;
    std::vector<bool> explained;
  };

  [[nodiscard]] syntax::Nast tree_of(const Statement& statement) const;
  [[nodiscard]] Side side(std::size_t number) const;
  [[nodiscard]] std::map<Digest, Found> fragments_of(const Side& side, mine::IdiomCut cut) const;
  /// Absent when the fragment is no idiom.
  [[nodiscard]] std::optional<SharedPattern> judged(const Digest& digest, const Found& found, mine::IdiomCut cut, const Side& side,
                                                    const Backgrounds& own, std::size_t fragments) const;
  /// What the statements have in common; of at most 16.
  [[nodiscard]] mine::Template shape_of(const std::vector<std::size_t>& statements, mine::IdiomCut cut) const;

  const mine::MiningLibrary& library_;
  std::vector<Statement> statements_;
};

}  // namespace autodev::app
