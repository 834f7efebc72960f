// SPDX-License-Identifier: MIT OR Apache-2.0
#include "mine/idiom_extractor.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace autodev::mine {
namespace {

struct Block {
  std::size_t unit = 0;
  syntax::Nast tree;
  std::vector<IdiomFragment> fragments;
  bool explained = false;
};

using Pools = std::map<std::pair<Language, syntax::NodeKind>, std::uint64_t>;

/// Blocks that share a fragment, in order of their first one.
struct Candidate {
  IdiomFragment fragment;
  std::vector<std::size_t> blocks;
};

std::vector<Candidate> candidates(const std::vector<Block>& blocks, IdiomCut cut) {
  std::vector<Candidate> found;
  std::unordered_map<Digest, std::size_t> by_digest;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].explained) continue;
    for (const IdiomFragment& fragment : blocks[i].fragments) {
      if (fragment.cut != cut) continue;
      const auto [place, is_new] = by_digest.emplace(fragment.digest, found.size());
      if (is_new) found.push_back({fragment, {}});
      found[place->second].blocks.push_back(i);
    }
  }
  return found;
}

std::uint32_t places_of(const Candidate& candidate, const std::vector<Block>& blocks,
                        const std::vector<CodeUnit>& units) {
  std::set<std::pair<std::string_view, std::string_view>> places;
  for (const std::size_t block : candidate.blocks)
    places.emplace(units[blocks[block].unit].path, units[blocks[block].unit].scope);
  return static_cast<std::uint32_t>(places.size());
}

Idiom made(const Candidate& candidate, const std::vector<Block>& blocks, const std::vector<CodeUnit>& units,
           std::int64_t gain) {
  const Block& leader = blocks[candidate.blocks.front()];
  Idiom idiom{PatternId{candidate.fragment.digest},
              candidate.fragment.cut,
              idiom_template(leader.tree, units[leader.unit].text, candidate.fragment.cut),
              gain,
              {}};
  for (const std::size_t block : candidate.blocks) {
    idiom.members.push_back(blocks[block].unit);
    if (block != candidate.blocks.front())
      idiom.pattern = anti_unify(idiom.pattern, blocks[block].tree, units[blocks[block].unit].text).result;
  }
  return idiom;
}

}  // namespace

std::vector<Idiom> extract_idioms(const std::vector<CodeUnit>& units) {
  std::vector<Block> blocks;
  Pools pools;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].kind != UnitKind::block) continue;
    auto tree = syntax::decode_nast(units[i].tree);
    if (!tree || tree->nodes.empty()) continue;
    auto fragments = idiom_fragments(*tree);
    if (fragments.empty()) continue;
    ++pools[{units[i].language, tree->nodes[0].kind}];
    blocks.push_back({i, std::move(*tree), std::move(fragments), false});
  }
  std::vector<Idiom> idioms;
  for (std::size_t cut = 0; cut < idiom_cuts; ++cut) {
    for (const Candidate& candidate : candidates(blocks, static_cast<IdiomCut>(cut))) {
      const std::uint32_t places = places_of(candidate, blocks, units);
      if (places < idiom_places) continue;
      const Block& leader = blocks[candidate.blocks.front()];
      const auto pool = pools.at({units[leader.unit].language, leader.tree.nodes[0].kind});
      const std::int64_t gain = merge_gain(places, candidate.fragment.bits, pool);
      if (gain <= 0) continue;
      idioms.push_back(made(candidate, blocks, units, gain));
      for (const std::size_t block : candidate.blocks) blocks[block].explained = true;
    }
  }
  return idioms;
}

}  // namespace autodev::mine
