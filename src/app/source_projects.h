// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Source projects: folders of source, and their files parsed in a fixed order by workers.
//
// The order is the one of projects and paths, whatever the workers' speed: worker k parses every n-th file, and the
// reader takes from the workers in turn. Files are foreign, so each worker is a child with limits (syntax::ParserPool).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/env.h"
#include "syntax/extract.h"

namespace autodev::app {

struct SourceProject {
  std::string name;                ///< the folder's last part, or with its parent's where two are the same
  std::vector<std::string> files;  ///< with a known language, ascending
};

/// Every folder is a project; with `below` every folder directly below them is one, and files beside those are left
/// out. Hidden folders and links are not followed. Errors: `no_input` for a folder that cannot be read or holds no
/// source.
[[nodiscard]] Result<std::vector<SourceProject>> source_projects(base::Env& env,
                                                                 const std::vector<std::string>& folders, bool below);

struct ParsedFile {
  std::size_t project = 0;  ///< index
  const std::string* path = nullptr;
  std::uint64_t bytes = 0;
  syntax::FileUnits found;
};

struct ParseSettings {
  std::vector<std::string> worker;  ///< argument vector of the parse worker
  unsigned workers = 1;             ///< children at once, each with a thread that waits for it
  syntax::ExtractOptions extract;
};

/// Hands every file that could be parsed to `take`, in order, until it says false. Returns the number of files that
/// could not be read or parsed. All workers have ended when it returns.
Result<std::uint64_t> parse_projects(base::Env& env, const std::vector<SourceProject>& projects,
                                     const ParseSettings& settings, const std::function<bool(ParsedFile)>& take);

}  // namespace autodev::app
