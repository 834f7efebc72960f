// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Merkle digests of trees, with local names numbered anew in every subtree.
//
// Renumbering each subtree by itself would cost O(nodes x depth). Instead the names of a subtree are described by
// events: the j-th occurrence of a local name repeats the occurrence d places before it. Which occurrences repeat
// which is exactly the information of first-occurrence numbering. An event belongs to every subtree that holds both
// occurrences, that is to their lowest common ancestor and everything above, so a subtree's events are those of its
// children plus those attached to its root. Their hash is the sum of g(d) * B^j modulo the prime 2^61 - 1, divided by
// B^(first occurrence of the subtree) so that equal subtrees agree wherever they stand (a Karp-Rabin fingerprint).
#include "syntax/nast.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace autodev::syntax {
namespace {

constexpr std::uint64_t prime = (std::uint64_t{1} << 61) - 1;
__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t multiply(std::uint64_t a, std::uint64_t b) noexcept {
  const Wide product = static_cast<Wide>(a) * b;
  const auto low = static_cast<std::uint64_t>(product) & prime;
  const auto high = static_cast<std::uint64_t>(product >> 61);
  const auto sum = low + high;
  return sum >= prime ? sum - prime : sum;
}

constexpr std::uint64_t add(std::uint64_t a, std::uint64_t b) noexcept {
  const auto sum = a + b;
  return sum >= prime ? sum - prime : sum;
}

constexpr std::uint64_t power(std::uint64_t base, std::uint64_t exponent) noexcept {
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1, base = multiply(base, base))
    if ((exponent & 1) != 0) result = multiply(result, base);
  return result;
}

/// Any large residue serves; this one is the golden ratio's fraction, reduced.
constexpr std::uint64_t radix = 0x9e3779b97f4a7c15ULL % prime;
constexpr std::uint64_t inverse_radix = power(radix, prime - 2);
static_assert(multiply(radix, inverse_radix) == 1);

/// What a node contributes to `alpha` besides its kind.
enum class Token : std::uint8_t { none, kept, local, literal, unit_name, hole };

Token token_of(const NastNode& node) noexcept {
  if (is_hole(node.kind)) return Token::hole;
  if ((node.flags & flag_unit_name) != 0) return Token::unit_name;
  if ((node.flags & flag_literal) != 0) return Token::literal;
  if (node.symbol == 0) return Token::none;
  return is_local_name(node) ? Token::local : Token::kept;
}

std::vector<std::uint64_t> symbol_hashes(const Nast& tree) {
  std::vector<std::uint64_t> hashes(tree.symbols.size() + 1);
  for (std::size_t i = 0; i < tree.symbols.size(); ++i) hashes[i + 1] = base::hash64(tree.symbols[i]);
  return hashes;
}

std::uint64_t symbol_value(const NastNode& node, const std::vector<std::uint64_t>& hashes) noexcept {
  return is_hole(node.kind) ? node.symbol : hashes[node.symbol];
}

/// Events of repeated local names, summed by the node they are attached to.
struct NameEvents {
  std::vector<std::uint64_t> sums;    ///< by node
  std::vector<std::uint32_t> before;  ///< local occurrences that precede the node in preorder
  std::uint32_t total = 0;
};

NameEvents collect_events(const Nast& tree) {
  struct Seen {
    std::uint32_t node = 0, position = 0;
    bool any = false;
  };
  const auto count = tree.nodes.size();
  NameEvents events{std::vector<std::uint64_t>(count), std::vector<std::uint32_t>(count), 0};
  std::vector<Seen> last(tree.symbols.size() + 1);
  std::vector<std::uint32_t> ancestors;
  std::uint64_t weight = 1;
  for (std::uint32_t index = 0; index < count; ++index) {
    while (!ancestors.empty() && index >= ancestors.back() + tree.nodes[ancestors.back()].size) ancestors.pop_back();
    ancestors.push_back(index);
    events.before[index] = events.total;
    if (token_of(tree.nodes[index]) != Token::local) continue;
    auto& seen = last[tree.nodes[index].symbol];
    if (seen.any) {
      // The deepest ancestor that starts at or before the earlier occurrence holds both.
      const auto above = std::upper_bound(ancestors.begin(), ancestors.end(), seen.node);
      const auto common = *(above - 1);
      const auto distance = base::mix64(0x6c6f63616cULL, events.total - seen.position) % prime;
      events.sums[common] = add(events.sums[common], multiply(distance, weight));
    }
    seen = {index, events.total, true};
    ++events.total;
    weight = multiply(weight, radix);
  }
  return events;
}

std::vector<std::uint64_t> inverse_powers(std::uint32_t count) {
  std::vector<std::uint64_t> powers(std::size_t{count} + 1);
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = multiply(powers[i - 1], inverse_radix);
  return powers;
}

/// Two words per node, little-endian on every machine; preorder plus sizes determine the shape.
class RecordBuffer {
 public:
  explicit RecordBuffer(std::size_t nodes) { words_.reserve(nodes * 2); }
  void add(const NastNode& node, Token token, std::uint64_t value) {
    words_.push_back(portable(static_cast<std::uint64_t>(node.kind) | (static_cast<std::uint64_t>(token) << 8) |
                              (static_cast<std::uint64_t>(node.size) << 32)));
    words_.push_back(portable(value));
  }
  [[nodiscard]] Digest digest(Language language) const {
    return base::hash128({reinterpret_cast<const char*>(words_.data()), words_.size() * sizeof(std::uint64_t)},
                         static_cast<std::uint64_t>(language));
  }

 private:
  static std::uint64_t portable(std::uint64_t word) noexcept {
    return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
  }
  std::vector<std::uint64_t> words_;
};

}  // namespace

std::vector<SubtreeHash> hash_subtrees(const Nast& tree) {
  const auto count = static_cast<std::uint32_t>(tree.nodes.size());
  std::vector<SubtreeHash> result(count);
  std::vector<std::uint64_t> shape(count);
  const auto texts = symbol_hashes(tree);
  auto events = collect_events(tree);
  const auto inverse = inverse_powers(events.total);
  for (std::uint32_t index = count; index-- > 0;) {
    const auto& node = tree.nodes[index];
    const auto token = token_of(node);
    const auto value = symbol_value(node, texts);
    const auto seed = base::mix64(0x4e415354ULL, static_cast<std::uint64_t>(node.kind));
    std::uint64_t exact = base::mix64(seed, value);
    std::uint64_t form = base::mix64(seed, static_cast<std::uint64_t>(token));
    if (token == Token::kept || token == Token::hole) form = base::mix64(form, value);
    std::uint64_t sum = events.sums[index];
    for (std::uint32_t child = index + 1; child < index + node.size; child += tree.nodes[child].size) {
      exact = base::mix64(exact, result[child].exact);
      form = base::mix64(form, shape[child]);
      sum = add(sum, events.sums[child]);
    }
    events.sums[index] = sum;
    shape[index] = base::mix64(form, node.size);
    result[index].exact = base::mix64(exact, node.size);
    result[index].alpha = base::mix64(shape[index], multiply(sum, inverse[events.before[index]]));
  }
  return result;
}

TreeDigests digest_tree(const Nast& tree) {
  const auto texts = symbol_hashes(tree);
  std::vector<std::uint64_t> number(tree.symbols.size() + 1);  // of local names, by first occurrence
  std::uint64_t locals = 0;
  RecordBuffer exact(tree.nodes.size()), alpha(tree.nodes.size()), fingerprint(tree.nodes.size());
  for (const auto& node : tree.nodes) {
    const auto token = token_of(node);
    const auto value = symbol_value(node, texts);
    exact.add(node, is_hole(node.kind) ? Token::hole : Token::none, value);
    std::uint64_t abstracted = token == Token::kept || token == Token::hole ? value : 0;
    if (token == Token::local) {
      auto& assigned = number[node.symbol];
      if (assigned == 0) assigned = ++locals;
      abstracted = assigned;
    }
    alpha.add(node, token, abstracted);
    fingerprint.add(node, token, token == Token::literal ? value : abstracted);
  }
  return {exact.digest(tree.language), alpha.digest(tree.language), fingerprint.digest(tree.language)};
}

}  // namespace autodev::syntax
