// SPDX-License-Identifier: MIT OR Apache-2.0
//
// KnownError: what is known of one error signature: how often it was seen, why it happens, and what repaired it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autodev/event.h"

namespace autodev::knowledge {

/// A change after which the same command, or the tests, passed.
struct ErrorRepair {
  std::string diff;      ///< unified, at most 8 KiB
  std::string command;   ///< what passed
  EventId failed, passed;  ///< the attempt that showed the error last, and the one that proved the repair
  std::string message;   ///< the error as it was reported then
  std::uint32_t times = 1;  ///< how often the same change repaired it
  Timestamp time{};

  bool operator==(const ErrorRepair&) const = default;
};

struct KnownError {
  Digest id;                     ///< of the signature
  std::string signature, cause, rule;
  std::string check, message, file;  ///< as it was reported last
  std::uint32_t seen = 0;        ///< attempts that showed it
  std::uint32_t repaired = 0;    ///< times it was repaired
  std::vector<ErrorRepair> repairs;  ///< newest first, at most 4 different ones
  std::vector<EventId> events;   ///< attempts that showed it, newest first, at most 32
  Timestamp first{}, last{};

  bool operator==(const KnownError&) const = default;
};

}  // namespace autodev::knowledge
