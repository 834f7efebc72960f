// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writing, with control characters of foreign text removed before a terminal could obey them.
#include "app/output.h"

#include <fmt/format.h>

namespace autodev::app {

void Output::line(std::string_view text) {
  if (json) return;
  raw(text);
  raw("\n");
}

void Output::raw(std::string_view bytes) {
  if (!bytes.empty()) std::fwrite(bytes.data(), 1, bytes.size(), out_);
}

void Output::object(base::Json value) {
  if (!json) return;
  value["schema"] = json_schema;
  raw(base::dump_json(value));
  raw("\n");
}

void Output::message(std::string_view text) {
  if (!quiet) fmt::print(err_, "{}\n", text);
}

void Output::note(std::string_view text) { fmt::print(err_, "{}\n", text); }

void Output::warning(std::string_view text) {
  fmt::print(err_, "{} {}\n", base::styled("warning:", base::Style::yellow, error_color), text);
}

void Output::error(const Error& error) {
  if (json) {
    raw(base::dump_json({{"schema", json_schema},
                         {"error", {{"code", to_string(error.code)}, {"message", error.message}, {"hint", error.hint}}}}));
    raw("\n");
    return;
  }
  fmt::print(err_, "{} {}\n", base::styled("error:", base::Style::red, error_color), error.message);
  if (!error.hint.empty()) fmt::print(err_, "  {} {}\n", base::styled("next:", base::Style::cyan, error_color), error.hint);
}

bool Output::flush() {
  const bool out_ok = std::fflush(out_) == 0 && std::ferror(out_) == 0;
  return std::fflush(err_) == 0 && out_ok;
}

}  // namespace autodev::app
