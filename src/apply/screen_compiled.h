// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Screen, compiled languages: many programs as one executable that is told by a number which of them to be.
//
// A compiler reads the same headers for each program and starts anew each time; together they cost little more than
// one. How they are kept apart is the language's own way: namespaces (C++), modules (Rust), packages (Go), and in C
// objects whose symbols are made local after compiling. Programs that do not compile are named by the compiler's
// messages, left out, and the rest is compiled again. As in repair_runner.h, but there the variants share their text;
// here they are whole programs that may have nothing in common.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autodev/code.h"

namespace autodev::apply {

/// Files of one sandboxed run, and the shell script that compiles and runs them.
struct CompiledBatch {
  std::map<std::string, std::string> files;
  std::string script;  ///< prints "answers:" and for each program that it tried 1 (exit code 0) or 0
};

/// Languages for which `compiled_batch` knows a way: C, C++, Go, Rust.
[[nodiscard]] bool can_batch(Language language) noexcept;

/// A header that is compiled already (Sandbox::prepared_header), or nothing.
using PreparedHeader = std::function<std::string(const std::vector<std::string>& headers)>;

/// `programs`: whole sources with a main. `each_s`, `total_s`: wall time of one program and of all, compiling aside. Where compiling
/// dominates, the later ones are compiled only if none of the first passes; they print nothing then.
[[nodiscard]] CompiledBatch compiled_batch(Language language, const std::vector<std::string>& programs, double each_s,
                                           double total_s, const PreparedHeader& prepared = {});

/// A C or C++ source whose `main` ends with `return 0;`, which only the real `main` may leave out. Unchanged without
/// `main`.
[[nodiscard]] std::string with_explicit_return(std::string_view source, Language language);

}  // namespace autodev::apply
