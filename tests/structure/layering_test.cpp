// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The shape of the source tree: arrows between folders go down only, libraries stay behind their wrappers,
// files stay small. The table is the one in ARCHITECTURE.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = AUTODEV_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> allowed = {
    {"base", {}},
    {"vote", {"base"}},
    {"syntax", {"base"}},
    {"mine", {"base", "syntax"}},
    {"index", {"base"}},
    {"evidence", {"base"}},
    {"observe", {"base", "evidence", "syntax"}},
    {"knowledge", {"base", "index", "mine", "syntax", "vote"}},
    {"learn", {"base", "evidence", "syntax", "mine", "knowledge", "vote"}},
    {"apply", {"base", "syntax", "mine", "index", "knowledge", "vote"}},
    {"report", {"base", "knowledge", "vote"}},
    {"model", {"base"}},
    {"app",
     {"base", "vote", "syntax", "mine", "index", "evidence", "observe", "knowledge", "learn", "apply", "report"}},
};

struct Source {
  fs::path path;  // relative to the root
  std::vector<std::string> includes;
  std::size_t lines = 0;
  std::string first_line;
};

std::vector<Source> sources() {
  static const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<Source> all;
  for (const char* folder : {"src", "include"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".h") continue;
      Source source{fs::relative(entry.path(), root), {}, 0, {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line); ++source.lines) {
        if (source.lines == 0) source.first_line = line;
        std::smatch match;
        if (std::regex_search(line, match, include)) source.includes.push_back(match[1]);
      }
      all.push_back(std::move(source));
    }
  }
  std::sort(all.begin(), all.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
  return all;
}

/// "mine" for src/mine/template.h; "" for public headers.
std::string folder_of(const fs::path& path) {
  auto part = path.begin();
  if (part->string() != "src") return "";
  return (++part)->string();
}

TEST(Structure, TheTreeHasSourcesInEveryFolder) {
  std::set<std::string> seen;
  for (const Source& source : sources()) seen.insert(folder_of(source.path));
  for (const auto& [folder, uses] : allowed) EXPECT_TRUE(seen.contains(folder)) << folder;
}

TEST(Structure, ArrowsBetweenFoldersGoDownOnly) {
  for (const Source& source : sources()) {
    const std::string from = folder_of(source.path);
    if (from.empty()) continue;
    ASSERT_TRUE(allowed.contains(from)) << source.path << " lies in a folder the table does not know";
    for (const std::string& include : source.includes) {
      const std::string to = include.substr(0, include.find('/'));
      if (!allowed.contains(to) || to == from) continue;
      EXPECT_TRUE(allowed.at(from).contains(to)) << source.path << " includes " << include;
    }
  }
}

TEST(Structure, TheTableItselfHasNoCycle) {
  std::set<std::string> done;
  for (bool progress = true; progress;) {
    progress = false;
    for (const auto& [folder, uses] : allowed) {
      if (done.contains(folder) || !std::includes(done.begin(), done.end(), uses.begin(), uses.end())) continue;
      done.insert(folder);
      progress = true;
    }
  }
  EXPECT_EQ(done.size(), allowed.size());
}

TEST(Structure, PublicHeadersIncludeOnlyTheStandardLibraryAndEachOther) {
  for (const Source& source : sources()) {
    if (!folder_of(source.path).empty()) continue;
    for (const std::string& include : source.includes) {
      const bool standard = include.find('/') == std::string::npos && include.find(".h") == std::string::npos;
      EXPECT_TRUE(standard || include.starts_with("autodev/") || include == "tl/expected.hpp")
          << source.path << " includes " << include;
    }
  }
}

TEST(Structure, EachLibraryStaysBehindItsWrapper) {
  const std::vector<std::pair<std::string, std::string>> homes = {
      {"tree_sitter/", "src/syntax/"}, {"nlohmann/", "src/base/json"}, {"CLI/", "src/app/cli.cpp"},
      {"toml++/", "src/app/config.cpp"}, {"lmdb.h", "src/base/"}, {"zstd.h", "src/base/compress.cpp"},
      {"xxhash.h", "src/base/"},
  };
  for (const Source& source : sources())
    for (const std::string& include : source.includes)
      for (const auto& [library, home] : homes)
        if (include.starts_with(library)) {
          EXPECT_TRUE(source.path.generic_string().starts_with(home)) << source.path << " includes " << include;
        }
}

TEST(Structure, NothingOpensASocketButTheHelperForModelEndpoints) {
  for (const Source& source : sources())
    for (const std::string& include : source.includes)
      EXPECT_FALSE(folder_of(source.path) != "model" && (include == "sys/socket.h" || include == "netdb.h" || include.starts_with("curl/") ||
                   include.starts_with("httplib")))
          << source.path << " includes " << include;
}

TEST(Structure, TheHelperForModelEndpointsIsOneFileOutsideOfTheLibrary) {
  std::vector<std::string> files;
  for (const Source& source : sources()) {
    if (folder_of(source.path) == "model") files.push_back(source.path.generic_string());
    for (const std::string& include : source.includes) EXPECT_FALSE(include.starts_with("model/")) << source.path;
  }
  EXPECT_EQ(files, std::vector<std::string>{"src/model/main.cpp"});
}

TEST(Structure, IncludesHaveNoCycleAndAreAtMostEightDeep) {
  std::map<std::string, std::vector<std::string>> graph;
  for (const Source& source : sources()) {
    const std::string name = source.path.generic_string();
    const std::string key = name.substr(name.find('/') + 1);
    for (const std::string& include : source.includes) graph[key].push_back(include);
  }
  std::map<std::string, int> depth;  // -1 while on the path
  const auto visit = [&](const auto& self, const std::string& file) -> int {
    if (const auto found = depth.find(file); found != depth.end()) {
      EXPECT_NE(found->second, -1) << "include cycle through " << file;
      return std::max(found->second, 0);
    }
    depth[file] = -1;
    int deepest = 0;
    if (const auto node = graph.find(file); node != graph.end())
      for (const std::string& include : node->second)
        if (graph.contains(include)) deepest = std::max(deepest, 1 + self(self, include));
    return depth[file] = deepest;
  };
  for (const auto& [file, includes] : graph)
    if (file.ends_with(".h")) {
      EXPECT_LE(visit(visit, file), 8) << file;
    }
}

TEST(Structure, FilesAreSmallAndCarryTheLicence) {
  for (const Source& source : sources()) {
    EXPECT_LE(source.lines, 600u) << source.path;
    EXPECT_EQ(source.first_line, "// SPDX-License-Identifier: MIT OR Apache-2.0") << source.path;
  }
}

TEST(Structure, TheRootFolderIsShort) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name != ".git" && name != "build" && name != ".auto-dev" && name != ".cache") names.push_back(name);
  }
  EXPECT_LE(names.size(), 20u);
}

}  // namespace
