// SPDX-License-Identifier: MIT OR Apache-2.0
//
// RequestBench: are requests that read alike but want something else told apart, paraphrases still found, foreign requests
// refused?
//
// Everything runs on what `find-similar` does: search, leaving out what disagrees, judging the rest. A false hit is the stored
// request of a pair among the hits shown for the asked one; the same count without the comparison stands beside it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autodev/error.h"
#include "index/request_pairs.h"

namespace autodev::index {

struct RequestTexts {
  std::vector<RequestPair> pairs;        ///< that want something else
  std::vector<RequestPair> paraphrases;  ///< that want the same
  std::vector<std::string> subjects;     ///< commit subjects: no two are one request
  std::vector<std::string> foreign;      ///< from other fields than code
};

struct PairCounts {
  std::uint64_t pairs = 0;
  std::uint64_t shown = 0;          ///< false hits
  std::uint64_t shown_ungated = 0;  ///< without the comparison
};

struct RequestReport {
  std::map<std::string, PairCounts> by_kind;  ///< "verb", "verb, unlisted", ...
  std::uint64_t paraphrases = 0, found = 0, found_ungated = 0;
  std::uint64_t subject_pairs = 0, subjects_same = 0, subjects_near = 0;  ///< near: cosine at or above 0.9
  std::uint64_t foreign = 0, refused = 0;
  std::vector<std::string> examples;  ///< of what went wrong, at most 40

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string json_line() const;
};

[[nodiscard]] Result<RequestReport> run_request_bench(const RequestTexts& texts);

}  // namespace autodev::index
