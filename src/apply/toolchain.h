// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Toolchain: how a program of one language is run here, and which folders the sandbox must show for it.
//
// Interpreters often live outside /usr (pyenv, rustup, /usr/local/go, nvm), and what PATH names may be a shim. So
// the toolchain itself is asked where it really lives; only that folder is shown, read-only, never a whole home.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "autodev/code.h"
#include "autodev/error.h"
#include "base/env.h"

namespace autodev::apply {

/// How to run one self-contained source file.
struct Toolchain {
  std::string file;                     ///< name the source gets, "main.py"
  std::vector<std::string> compile;     ///< empty for interpreters
  std::vector<std::string> run;
  std::vector<std::string> folders;     ///< absolute folders outside the system folders, to be shown read-only
  std::vector<std::pair<std::string, std::string>> environment;
  /// The runtime reserves far more address space than it uses (V8, JVM, Go): limit its data segment instead.
  bool reserves_address_space = false;
  std::string headers;  ///< C++: folder for precompiled headers (precompiled.h), one of `folders`; may be empty
};

/// Asks the machine. Errors: `unavailable` naming the missing program, or when it lives where showing its folder
/// would show a home folder. Cost: up to a few hundred ms, because the toolchain is started once.
[[nodiscard]] Result<Toolchain> find_toolchain(base::Env& env, Language language);

/// First match of `program` in PATH; empty when there is none.
[[nodiscard]] std::string find_program(base::Env& env, const std::string& program);

/// True when showing `folder` to foreign code shows only a toolchain: absolute, not a system or home folder, not
/// above the home folder, not `~/.local`, `~/.config` or `~/.cache` as a whole.
[[nodiscard]] bool may_show_folder(const std::string& folder, const std::string& home);

}  // namespace autodev::apply
