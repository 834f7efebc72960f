// SPDX-License-Identifier: MIT OR Apache-2.0
//
// See pattern_extractor.h.
#include "mine/pattern_extractor.h"

#include <algorithm>

#include "mine/mining_library.h"

namespace autodev::mine {

std::vector<StructuralPattern> extract_structural(const std::vector<CodeUnit>& units) {
  MiningLibrary library;
  const std::uint32_t project = library.project("");
  std::vector<std::uint32_t> numbers;  // by index in the batch
  for (const CodeUnit& unit : units) {
    library.add(unit, project);
    numbers.push_back(library.last());
  }
  library.settle();
  std::vector<StructuralPattern> patterns(library.clusters());
  for (std::size_t i = 0; i < units.size(); ++i)
    if (numbers[i] != MiningLibrary::no_unit) patterns[library.unit(numbers[i]).cluster].members.push_back(i);
  for (std::uint32_t c = 0; c < library.clusters(); ++c) {
    StructuralPattern& pattern = patterns[c];
    const std::uint32_t leader = library.cluster(c).leader;
    pattern.id = library.cluster(c).id;
    pattern.pattern = library.template_of_cluster(c);
    pattern.leader = *std::find_if(pattern.members.begin(), pattern.members.end(), [&](std::size_t i) {
      return numbers[i] == leader && units[i].text == library.unit(leader).text;
    });
  }
  std::sort(patterns.begin(), patterns.end(), [](const StructuralPattern& a, const StructuralPattern& b) {
    return a.members.front() < b.members.front();
  });
  return patterns;
}

}  // namespace autodev::mine
