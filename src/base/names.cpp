// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Names of the public enumerations, both ways. The text forms are persisted and part of the JSON
// interfaces: change them only together with a format version.
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "autodev/error.h"
#include "autodev/event.h"
#include "autodev/pattern.h"

namespace autodev {
namespace {

template <typename Enum, std::size_t N>
using NameTable = std::array<std::pair<Enum, std::string_view>, N>;

template <typename Enum, std::size_t N>
std::string_view name_of(const NameTable<Enum, N>& table, Enum value) noexcept {
  for (const auto& [entry, name] : table)
    if (entry == value) return name;
  return "unknown";
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(const NameTable<Enum, N>& table, std::string_view text) noexcept {
  for (const auto& [entry, name] : table)
    if (name == text) return entry;
  return std::nullopt;
}

constexpr NameTable<LearningEventType, 6> event_types{{
    {LearningEventType::implementation_success, "ImplementationSuccess"},
    {LearningEventType::implementation_failure, "ImplementationFailure"},
    {LearningEventType::test_passed, "TestPassed"},
    {LearningEventType::test_failed, "TestFailed"},
    {LearningEventType::performance_improved, "PerformanceImproved"},
    {LearningEventType::pattern_identified, "PatternIdentified"},
}};
constexpr NameTable<EvidenceStrength, 4> strengths{{
    {EvidenceStrength::none, "none"},
    {EvidenceStrength::history, "history"},
    {EvidenceStrength::exit_code, "exit_code"},
    {EvidenceStrength::report, "report"},
}};
constexpr NameTable<Verdict, 3> verdicts{{
    {Verdict::unknown, "unknown"},
    {Verdict::passed, "passed"},
    {Verdict::failed, "failed"},
}};
constexpr NameTable<CallClass, 5> call_classes{{
    {CallClass::avoided, "avoided"},
    {CallClass::avoided_visible, "avoided_visible"},
    {CallClass::first_try, "first_try"},
    {CallClass::repair, "repair"},
    {CallClass::wrong_reuse, "wrong_reuse"},
}};
constexpr NameTable<UnitKind, 4> unit_kinds{{
    {UnitKind::function, "function"},
    {UnitKind::method, "method"},
    {UnitKind::type, "type"},
    {UnitKind::block, "block"},
}};
constexpr NameTable<PatternKind, 5> pattern_kinds{{
    {PatternKind::structural, "structural"},
    {PatternKind::behavioural, "behavioural"},
    {PatternKind::idiom, "idiom"},
    {PatternKind::window, "window"},
    {PatternKind::edit, "edit"},
}};
constexpr NameTable<PatternReach, 3> reaches{{
    {PatternReach::none, "none"},
    {PatternReach::local, "local"},
    {PatternReach::general, "general"},
}};
constexpr NameTable<PatternStatus, 3> statuses{{
    {PatternStatus::probation, "probation"},
    {PatternStatus::active, "active"},
    {PatternStatus::deprecated, "deprecated"},
}};

}  // namespace

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::usage: return "usage";
    case ErrorCode::bad_data: return "bad_data";
    case ErrorCode::no_input: return "no_input";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::internal: return "internal";
    case ErrorCode::cannot_create: return "cannot_create";
    case ErrorCode::io: return "io";
    case ErrorCode::busy: return "busy";
    case ErrorCode::permission: return "permission";
    case ErrorCode::config: return "config";
  }
  return "internal";
}

std::string_view to_string(LearningEventType type) noexcept { return name_of(event_types, type); }
std::optional<LearningEventType> event_type_from_name(std::string_view name) noexcept {
  return value_of(event_types, name);
}
std::string_view to_string(EvidenceStrength strength) noexcept { return name_of(strengths, strength); }
std::optional<EvidenceStrength> strength_from_name(std::string_view name) noexcept { return value_of(strengths, name); }
std::string_view to_string(Verdict verdict) noexcept { return name_of(verdicts, verdict); }
std::optional<Verdict> verdict_from_name(std::string_view name) noexcept { return value_of(verdicts, name); }

std::string_view to_string(CallClass kind) noexcept { return name_of(call_classes, kind); }
std::optional<CallClass> call_class_from_name(std::string_view name) noexcept { return value_of(call_classes, name); }
std::string_view to_string(UnitKind kind) noexcept { return name_of(unit_kinds, kind); }
std::optional<UnitKind> unit_kind_from_name(std::string_view name) noexcept { return value_of(unit_kinds, name); }
std::string_view to_string(PatternKind kind) noexcept { return name_of(pattern_kinds, kind); }
std::optional<PatternKind> pattern_kind_from_name(std::string_view name) noexcept { return value_of(pattern_kinds, name); }
std::string_view to_string(PatternReach reach) noexcept { return name_of(reaches, reach); }
std::string_view to_string(PatternStatus status) noexcept { return name_of(statuses, status); }

}  // namespace autodev
