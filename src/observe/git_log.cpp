// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Line by line, with the waiting cut into slices so that an interrupt of the user is noticed while git still
// sorts a long history.
#include "observe/git_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/terminal.h"
#include "base/text.h"

namespace autodev::observe {
namespace {

constexpr char commit_mark = '\x01';
constexpr std::size_t max_line_bytes = std::size_t{16} << 20;  // a file name or message line of that size is an attack
constexpr std::size_t max_message_bytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds interrupt_check(250);

int octal_digit(char c) { return c >= '0' && c <= '7' ? c - '0' : -1; }

char unescaped(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;
  }
}

/// "\x01<hash> <seconds>".
bool parse_header(std::string_view line, RawCommit& commit) {
  const std::size_t blank = line.find(' ');
  if (line.empty() || line.front() != commit_mark || blank == std::string_view::npos) return false;
  commit.hash = line.substr(1, blank - 1);
  const std::string_view seconds = line.substr(blank + 1);
  const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), commit.time);
  return error == std::errc() && end == seconds.data() + seconds.size() && !commit.hash.empty();
}

}  // namespace

bool is_regular_mode(std::string_view mode) noexcept { return mode.substr(0, 3) == "100"; }

std::string unquote_path(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      path.push_back(text[i]);
      continue;
    }
    ++i;
    int value = octal_digit(text[i]);
    if (value < 0) {
      path.push_back(unescaped(text[i]));
      continue;
    }
    for (int digits = 1; digits < 3 && i + 1 < text.size() && octal_digit(text[i + 1]) >= 0; ++digits)
      value = value * 8 + octal_digit(text[++i]);
    path.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  }
  return path;
}

std::optional<RawChange> parse_raw_line(std::string_view line) {
  const std::size_t tab = line.find('\t');
  if (line.empty() || line.front() != ':' || tab == std::string_view::npos) return std::nullopt;
  const auto fields = base::split(line.substr(1, tab - 1), ' ');
  if (fields.size() != 5) return std::nullopt;
  RawChange change;
  change.old_mode = fields[0];
  change.new_mode = fields[1];
  change.old_id = fields[2];
  change.new_id = fields[3];
  change.path = unquote_path(line.substr(tab + 1));
  return change;
}

Result<GitLog> GitLog::start(const Git& git, const std::vector<std::string>& range, std::size_t max_changes) {
  // %x01 marks the commit; %w(0,1,1) indents every line of the message.
  std::vector<std::string> arguments{"log",         "--reverse",     "--date-order", "--no-merges",
                                     "--raw",       "--no-abbrev",   "--no-renames", "--no-ext-diff",
                                     "--no-textconv", "--no-show-signature", "--no-color", "--no-notes",
                                     "--no-decorate", "--no-mailmap", "--encoding=UTF-8",
                                     "--format=tformat:%x01%H %ct%n%w(0,1,1)%B"};
  arguments.insert(arguments.end(), range.begin(), range.end());
  arguments.emplace_back("--");
  AUTODEV_TRY_ASSIGN(auto child, git.start(arguments));
  child->close_input();
  return GitLog(git, std::move(child), max_changes);
}

Result<std::optional<std::string>> GitLog::read_line() {
  while (true) {
    auto line = child_->read_line(max_line_bytes, interrupt_check);
    if (line) {
      if (!line->empty() && line->back() == '\n') line->pop_back();
      return std::optional(std::move(*line));
    }
    if (line.error().code == ErrorCode::busy) {
      if (base::interrupted()) return tl::make_unexpected(std::move(line).error());
      continue;
    }
    if (line.error().code != ErrorCode::unavailable) return tl::make_unexpected(std::move(line).error());
    const int code = child_->wait();
    if (code == 0) return std::optional<std::string>();
    return fail(ErrorCode::bad_data, fmt::format("git log stopped with exit code {} in {}", code, git_->folder()),
                "check the repository with: git fsck");
  }
}

Result<void> GitLog::add_line(RawCommit& commit, const std::string& line) const {
  if (line.empty() || line.front() == ' ') {
    if (commit.message.size() + line.size() < max_message_bytes)
      commit.message += (line.empty() ? std::string() : line.substr(1)) + "\n";
    return {};
  }
  auto change = parse_raw_line(line);
  if (!change)
    return fail(ErrorCode::bad_data, fmt::format("git log printed an unexpected line for commit {}", commit.hash));
  ++commit.change_count;
  if (commit.changes.size() < max_changes_) commit.changes.push_back(std::move(*change));
  return {};
}

Result<std::optional<RawCommit>> GitLog::next() {
  if (!begun_) {
    begun_ = true;
    AUTODEV_TRY_ASSIGN(auto first, read_line());
    header_ = first.value_or("");
  }
  if (header_.empty()) return std::optional<RawCommit>();
  RawCommit commit;
  if (!parse_header(header_, commit)) return fail(ErrorCode::bad_data, "git log printed an unexpected first line");
  header_.clear();
  while (true) {
    AUTODEV_TRY_ASSIGN(auto line, read_line());
    if (!line) break;
    if (!line->empty() && line->front() == commit_mark) {
      header_ = std::move(*line);
      break;
    }
    AUTODEV_TRY(add_line(commit, *line));
  }
  return std::optional(std::move(commit));
}

}  // namespace autodev::observe
