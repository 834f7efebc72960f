// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Retrieval quality on any judged corpus: retrieval_bench --corpus C --queries Q --qrels R [--json].
// The formats are described in index/retrieval_task.h. With --json only the last line is printed.
#include "index/retrieval_bench.h"

#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <string>

#include "base/env.h"

namespace {

using namespace autodev;

Result<index::RetrievalReport> measure(const std::map<std::string, std::string>& files) {
  std::map<std::string, std::string> text;
  for (const auto& [option, path] : files) {
    AUTODEV_TRY_ASSIGN(text[option], base::real_env().read_file(path));
  }
  AUTODEV_TRY_ASSIGN(const auto task, index::read_retrieval_task(text["--corpus"], text["--queries"], text["--qrels"]));
  return index::run_retrieval_bench(task, index::built_in_embedder());
}

}  // namespace

int main(int count, char** arguments) {
  std::map<std::string, std::string> files;
  bool json = false;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--json") {
      json = true;
    } else if ((argument == "--corpus" || argument == "--queries" || argument == "--qrels") && i + 1 < count) {
      files[argument] = arguments[++i];
    } else {
      files.clear();
      break;
    }
  }
  if (files.size() != 3) {
    fmt::print(stderr, "usage: retrieval_bench --corpus FILE --queries FILE --qrels FILE [--json]\n");
    return static_cast<int>(ErrorCode::usage);
  }
  const auto report = measure(files);
  if (!report) {
    fmt::print(stderr, "retrieval_bench: {}\n", report.error().message);
    return static_cast<int>(report.error().code);
  }
  if (!json) fmt::print("{}", report->text());
  fmt::print("{}\n", report->json_line());
  return 0;
}
