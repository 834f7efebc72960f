// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The table. A rule fits when the diagnostic's code is in its list of codes (a trailing * stands for any ending), or when the
// message, in lower case, holds one of its phrases. Order decides: what the machine lacks comes before what the code does.
#include "evidence/error_cause.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autodev::evidence {
namespace {

struct Row {
  Cause cause;
  std::string_view name;
  std::string_view codes;    ///< separated by spaces
  std::string_view phrases;  ///< separated by |
};

constexpr std::array rows{
    Row{Cause::environment, "tool-not-found", "", ": command not found|unable to find executable|could not find executable|executable file not found|cannot run program"},
    Row{Cause::environment, "shell-not-found", "shell", ""},
    Row{Cause::environment, "runner-module-missing", "python", ": no module named pytest|: no module named unittest|: no module named tox|: no module named nox|: no module named coverage|: no module named pip"},
    Row{Cause::environment, "disk-full", "", "no space left on device|disk quota exceeded|enospc"},
    Row{Cause::environment, "network", "network", "could not resolve host|name resolution|network is unreachable|getaddrinfo enotfound|econnrefused|connection refused|etimedout|failed to establish a new connection|max retries exceeded with url|failed to download|spurious network error"},
    Row{Cause::environment, "library-missing", "", "error while loading shared libraries|cannot find -l"},
    Row{Cause::environment, "permission", "", "permission denied|operation not permitted|eacces"},
    Row{Cause::environment, "install-broken", "npm", "npm err! code e|npm error code e"},
    Row{Cause::security, "memory-error", "AddressSanitizer MemorySanitizer", "heap-buffer-overflow|stack-buffer-overflow|use-after-free|double-free|global-buffer-overflow"},
    Row{Cause::security, "security-rule", "security/*", "cwe-|sql injection|command injection|path traversal|hardcoded password"},
    Row{Cause::resource, "out-of-memory", "MemoryError", "out of memory|cannot allocate memory|bad_alloc|memoryerror|heap limit|outofmemoryerror"},
    Row{Cause::resource, "stack-overflow", "RecursionError", "maximum recursion depth|stack overflow|maximum call stack|stack-overflow|stackoverflowerror"},
    Row{Cause::resource, "descriptors", "", "too many open files|emfile|resource temporarily unavailable"},
    Row{Cause::resource, "leak", "LeakSanitizer", "detected memory leaks"},
    Row{Cause::timeout, "timeout", "timeout TimeoutError", "timed out|timeout of|exceeded timeout|***timeout|deadline exceeded|timeouterror|test timed out"},
    Row{Cause::performance, "too-slow", "", "slower than|performance regression|exceeded the time budget|benchmark regress"},
    Row{Cause::missing_symbol, "linker", "", "undefined reference to|undefined symbol"},
    Row{Cause::missing_symbol, "undeclared-name",
        "E0425 E0412 E0433 E0432 E0405 TS2304 TS2552 TS2307 TS2305 no-undef name-defined F821 NameError ModuleNotFoundError ReferenceError UnboundLocalError",
        "undeclared|was not declared|has not been declared|use of undeclared identifier|cannot find symbol|cannot find value|cannot find name|cannot find module|"
        "undefined: |is not defined|no module named|cannot import name|unknown type name|does not name a type|unresolved import|could not find|no such file or directory"},
    Row{Cause::syntax, "parser", "SyntaxError IndentationError TabError",
        "syntaxerror|indentationerror|taberror|syntax error|parse error|parsing error|expected ';'|expected ‘;’|expected ‘)’|expected ‘}’|expected declaration|expected expression|"
        "unexpected token|unexpected end|unterminated|missing terminating|expected primary-expression|expected unqualified-id|expected identifier|unexpected indent|"
        "reached end of file while parsing|invalid syntax|was never closed|unmatched|not a statement|unexpected newline"},
    Row{Cause::syntax, "expected-token", "TS1*", "' expected|’ before |expected one of |found end of|expected ‘"},
    Row{Cause::api_misuse, "no-member", "E0599 E0609 TS2339 TS2551 attr-defined AttributeError NoSuchMethodError",
        "has no member|no member named|has no attribute|no method named|no field |does not exist on type|is not a function|is not a constructor|has no field or method|undefined method"},
    Row{Cause::api_misuse, "wrong-arguments", "E0061 TS2554 TS2555 call-arg call-overload",
        "too few arguments|too many arguments|missing 1 required|missing 2 required|required positional argument|positional arguments but|unexpected keyword argument|"
        "no matching function|takes no arguments|arguments in call|expected 1 argument|expected 2 arguments|not enough arguments|no overload matches"},
    Row{Cause::type, "type-mismatch", "E0308 E0277 E0282 E0271 E0382 E0502 E0499 E0505 E0507 TS23* TS24* arg-type assignment return-value operator TypeError ClassCastException -Wint-conversion -Wincompatible-pointer-types",
        "incompatible type|cannot convert|mismatched types|invalid conversion|is not assignable|incompatible pointer|no viable conversion|cannot use |typeerror|unsupported operand|"
        "invalid operands|no match for ‘operator|borrow of moved|cannot borrow|classcastexception|makes integer from pointer|makes pointer from integer|incompatible integer|type mismatch"},
    Row{Cause::assertion, "assertion", "assert AssertionError ERR_ASSERTION",
        "assertionerror|assertion failed|assertion `|assert |expected equality|expected: |values to be|value of: |to equal|tobe(|toequal(|expected values|, want |got |should be|assertion error|which is: |expected "},
    Row{Cause::exception, "crash", "crash undefined-behaviour ThreadSanitizer", "segmentation fault|runtime error:|core dumped|floating point exception|illegal instruction|bus error|sigsegv|data race"},
    Row{Cause::exception, "panic", "panic", "panic: |panicked at|index out of range|index out of bounds|called `option::unwrap()`|called `result::unwrap()`"},
    Row{Cause::exception, "exception", "", "error: |exception|terminate called|throw"},
};

bool has_code(std::string_view codes, std::string_view code) {
  if (code.empty()) return false;
  for (const std::string_view candidate : base::split(codes, ' ')) {
    if (candidate.empty()) continue;
    if (candidate.back() == '*' ? code.starts_with(candidate.substr(0, candidate.size() - 1)) : code == candidate) return true;
  }
  return false;
}

bool has_phrase(std::string_view phrases, std::string_view message) {
  if (phrases.empty()) return false;
  for (const std::string_view phrase : base::split(phrases, '|'))
    if (message.find(phrase) != std::string_view::npos) return true;
  return false;
}

/// "ValueError: no" -> "ValueError": a message that names its exception has that code, whatever the failure is called.
std::string_view leading_name(std::string_view message) {
  const std::string_view name = message.substr(0, message.find_first_of(": ["));
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

std::string_view to_string(Cause cause) noexcept {
  constexpr std::array<std::string_view, 12> names{"unknown", "syntax", "type", "missing_symbol", "api_misuse", "assertion",
                                                   "exception", "timeout", "resource", "environment", "performance", "security"};
  const auto at = static_cast<std::size_t>(cause);
  return at < names.size() ? names[at] : names[0];
}

CauseRule cause_of(const CheckFailure& failure) {
  const std::string message = base::to_lower_ascii(failure.message);
  const std::string_view named = leading_name(failure.message);
  for (const Row& row : rows)
    if (has_code(row.codes, failure.id) || has_code(row.codes, named) || has_phrase(row.phrases, message)) return {row.cause, row.name};
  // A compiler's error has a code and a line; what no rule knows is still no exception.
  return {};
}

}  // namespace autodev::evidence
