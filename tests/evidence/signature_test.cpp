// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Signatures: the same error twice is one signature, on any machine, with any names; different errors stay apart.
#include <gtest/gtest.h>

#include "evidence/error_signature.h"

namespace autodev::evidence {
namespace {

TEST(Normalise, TakesAwayWhatIsParticular) {
  struct Row {
    const char* message;
    const char* normal;
  };
  for (const Row& row : {
           Row{"‘coutn’ undeclared (first use in this function); did you mean ‘count’?", "<name> undeclared (first use in this function)"},
           Row{"'coutn' undeclared (first use in this function)", "<name> undeclared (first use in this function)"},
           Row{"AttributeError: 'NoneType' object has no attribute 'items'", "AttributeError: 'NoneType' object has no attribute <name>"},
           Row{"AttributeError: 'Cart' object has no attribute 'items'", "AttributeError: <name> object has no attribute <name>"},
           Row{"incompatible types: int cannot be converted to String", "incompatible types: int cannot be converted to String"},
           Row{"initialization of ‘int’ from ‘char *’ makes integer from pointer", "initialization of 'int' from 'char *' makes integer from pointer"},
           Row{"expected ‘;’ before numeric constant", "expected ';' before numeric constant"},
           Row{"FileNotFoundError: [Errno 2] No such file or directory: '/tmp/x/y.json'", "FileNotFoundError: [Errno <n>] No such file or directory: <name>"},
           Row{"assert 4 == 3\n +  where 4 = total([1, 2])", "assert <n> == <n>"},
           Row{"cannot open /home/ada/project/a.txt at 0x7ffd4079c240", "cannot open <path> at <addr>"},
           Row{"timed out after 3.52s (limit 3 s)", "timed out after <n> (limit <n> s)"},
           Row{"commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is unknown", "commit <id> is unknown"},
           Row{"request 550e8400-e29b-41d4-a716-446655440000 failed early", "request <id> failed early"},
           Row{"undefined: missing", "undefined: <name>"},
           Row{"TypeError: cart.items.foo is not a function", "TypeError: <name> is not a function"},
           Row{"undefined reference to `helper(int)'", "undefined reference to <name>"},
           Row{"don't divide by the customer's share", "don't divide by the customer's share"},
       })
    EXPECT_EQ(normalise_message(row.message), row.normal) << row.message;
}

TEST(Normalise, AnyBytesGiveShortValidText) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (const std::string& text : {std::string(), std::string(1, '\0'), all, std::string(100'000, '\''), std::string(5'000, '<'), std::string("‘‘‘"), std::string("\xe2\x80")}) {
    const std::string normal = normalise_message(text);
    EXPECT_LE(normal.size(), 240u);
  }
}

TEST(Signature, PathsLinesAndMachinesDoNotMatter) {
  const auto here = signature_of({"E0425", "src/a.rs", 5, "cannot find value `y` in this scope"});
  const auto there = signature_of({"E0425", "/other/b.rs", 77, "cannot find value `total` in this scope"});
  EXPECT_EQ(here.id, there.id);
  EXPECT_EQ(here.text, "E0425: cannot find value <name> in this scope");
  const auto asan = signature_of({"AddressSanitizer", "a.cpp", 1, "AddressSanitizer: heap-buffer-overflow"});
  EXPECT_EQ(asan.text, "AddressSanitizer: heap-buffer-overflow");
}

TEST(Signature, AnAssertionBelongsToItsTest) {
  const auto one = signature_of({"tests/test_cart.py::test_total", "tests/test_cart.py", 4, "assert 4 == 3"});
  const auto other = signature_of({"tests/test_cart.py::test_tax", "tests/test_cart.py", 9, "assert 4 == 3"});
  const auto from_xml = signature_of({"tests.test_cart::test_total", "test_cart.py", 5, "AssertionError: assert 5 == 3"});
  EXPECT_NE(one.id, other.id);
  EXPECT_EQ(one.text, "test_total: assert <n> == <n>");
  EXPECT_EQ(one.id, from_xml.id) << from_xml.text;
}

TEST(Signature, AssertionsOfCAreToldApartByWhatTheyClaim) {
  const auto of = [](const char* claim) {
    return signature_of({"assert", "t.c", 9, std::string("Assertion `") + claim + "' failed"});
  };
  EXPECT_NE(of("largest(v, 3) == 7").id, of("count(v, 3) == 7").id);
  EXPECT_EQ(of("largest(v, 3) == 7").id, of("largest(v, 4) == 12").id);
  EXPECT_EQ(of("at2(v, 0x1F)").text, "Assertion 'at2(v, <n>)' failed");
}

TEST(Signature, OneListHoldsEachOnceAndNoMoreThanAsked) {
  std::vector<CheckFailure> failures;
  for (int i = 0; i < 50; ++i) failures.push_back({"E0425", "a.rs", 1, "cannot find value `v" + std::to_string(i) + "` in this scope"});
  EXPECT_EQ(signatures_of(failures).size(), 1u);
  for (int i = 0; i < 50; ++i) failures.push_back({"T" + std::string(static_cast<std::size_t>(i) + 1, 'x'), "", 0, "assert x"});
  EXPECT_EQ(signatures_of(failures, 7).size(), 7u);
  EXPECT_TRUE(signatures_of({{"", "", 0, ""}}).empty());
}

TEST(Cause, IsDecidedByARuleThatIsNamed) {
  struct Row {
    CheckFailure failure;
    Cause cause;
    const char* rule;
  };
  const auto message = [](const char* text) { return CheckFailure{"", "", 0, text}; };
  for (const Row& row : {
           Row{message("sh: 1: pytets: not found"), Cause::unknown, "no-rule"},  // without the reader's word for who said it
           Row{{"shell", "", 0, "sh: 1: pytets: not found"}, Cause::environment, "shell-not-found"},
           Row{message("bash: line 1: foo: command not found"), Cause::environment, "tool-not-found"},
           Row{{"python", "", 0, "/usr/bin/python3: No module named pytest"}, Cause::environment, "runner-module-missing"},
           Row{message("ModuleNotFoundError: No module named 'shop'"), Cause::missing_symbol, "undeclared-name"},
           Row{message("OSError: [Errno 28] No space left on device"), Cause::environment, "disk-full"},
           Row{message("curl: (6) Could not resolve host: x"), Cause::environment, "network"},
           Row{{"E0308", "a.rs", 2, "mismatched types"}, Cause::type, "type-mismatch"},
           Row{{"TS2339", "a.ts", 2, "Property 'foo' does not exist on type 'string'."}, Cause::api_misuse, "no-member"},
           Row{{"TS1005", "a.ts", 2, "';' expected."}, Cause::syntax, "expected-token"},
           Row{message("SyntaxError: invalid syntax"), Cause::syntax, "parser"},
           Row{message("expected ‘;’ before ‘}’ token"), Cause::syntax, "parser"},
           Row{message("NameError: name 'x' is not defined"), Cause::missing_symbol, "undeclared-name"},
           Row{message("TypeError: f() missing 1 required positional argument: 'b'"), Cause::api_misuse, "wrong-arguments"},
           Row{message("TypeError: unsupported operand type(s) for +: 'int' and 'str'"), Cause::type, "type-mismatch"},
           Row{message("RecursionError: maximum recursion depth exceeded"), Cause::resource, "stack-overflow"},
           Row{message("std::bad_alloc"), Cause::resource, "out-of-memory"},
           Row{message("TimeoutError: timed out"), Cause::timeout, "timeout"},
           Row{message("AddressSanitizer: heap-buffer-overflow"), Cause::security, "memory-error"},
           Row{message("assert 4 == 3"), Cause::assertion, "assertion"},
           Row{message("panic: runtime error: index out of range [3] with length 0"), Cause::exception, "crash"},
           Row{message("ValueError: no"), Cause::exception, "exception"},
           Row{message("it went wrong"), Cause::unknown, "no-rule"},
       }) {
    const CauseRule found = cause_of(row.failure);
    EXPECT_EQ(to_string(found.cause), to_string(row.cause)) << row.failure.message;
    EXPECT_EQ(found.rule, row.rule) << row.failure.message;
  }
}

TEST(Cause, OnlyTheMachineIsToBlameWhenEveryFailureIsItsFault) {
  const CheckFailure disk{"", "", 0, "No space left on device"};
  const CheckFailure code{"", "", 0, "assert 1 == 2"};
  EXPECT_TRUE(only_environment({disk}));
  EXPECT_FALSE(only_environment({disk, code}));
  EXPECT_FALSE(only_environment({}));
}

}  // namespace
}  // namespace autodev::evidence
