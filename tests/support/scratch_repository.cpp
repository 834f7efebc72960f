// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/scratch_repository.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/env.h"
#include "base/hash.h"
#include "base/text.h"

namespace autodev::test {

namespace fs = std::filesystem;

ScratchRepository::ScratchRepository(const std::vector<std::string>& init_options) : path_(folder_.file("shop")) {
  fs::create_directories(path_);
  std::vector<std::string> arguments{"init", "-q", "-b", "main"};
  arguments.insert(arguments.end(), init_options.begin(), init_options.end());
  git(arguments);
}

void ScratchRepository::write(const std::string& name, const std::string& content) const {
  const fs::path file = fs::path(path_) / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

void ScratchRepository::remove(const std::string& name) const { fs::remove(fs::path(path_) / name); }

std::string ScratchRepository::git(const std::vector<std::string>& arguments, const std::string& input) const {
  base::ProcessOptions options;
  options.arguments = {"git", "-c", "user.name=A B", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false",
                       "-c", "protocol.file.allow=always"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.directory = path_;
  options.input = input;
  const std::string date = std::to_string(seconds_) + " +0000";
  options.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"},
                         {"GIT_AUTHOR_DATE", date},          {"GIT_COMMITTER_DATE", date}};
  const base::ProcessResult result = value_of(base::real_env().run(options));
  EXPECT_EQ(result.exit_code, 0) << "git " << base::join(arguments, " ") << ": " << result.error;
  return std::string(base::trim(result.output));
}

std::string ScratchRepository::commit(const std::string& message) {
  seconds_ += 60;
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "--allow-empty-message", "--no-verify", "-F", "-"}, message.empty() ? "\n" : message);
  return git({"rev-parse", "HEAD"});
}

std::string ScratchRepository::fingerprint(const std::string& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    std::ostringstream line;
    line << entry.path().string() << ' ' << static_cast<int>(entry.symlink_status().permissions()) << ' '
         << fs::last_write_time(entry.path()).time_since_epoch().count();
    if (entry.is_regular_file()) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream content;
      content << in.rdbuf();
      line << ' ' << base::hash128(content.str()).hex();
    }
    lines.push_back(line.str());
  }
  std::sort(lines.begin(), lines.end());
  return base::hash128(base::join(lines, "\n")).hex();
}

}  // namespace autodev::test
