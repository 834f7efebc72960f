// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A BERT model's folder on given texts: bert_bench FOLDER TEXTS [OUTPUT] [scalar|avx2|avx512].
//
// TEXTS: one JSON string a line. OUTPUT: for each text one line {"pieces":[...],"vector":[...]}. Printed: texts and pieces a second of
// processor time, one thread. bench/bert_reference.py compares the output with the reference implementation.
#include <fmt/format.h>
#include <time.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/json.h"
#include "base/text.h"
#include "index/bert_encoder.h"

namespace {

using namespace autodev;
using namespace autodev::index;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

CpuPath path_named(const std::string& name) {
  return name == "scalar" ? CpuPath::scalar : name == "avx2" ? CpuPath::avx2 : name == "avx512" ? CpuPath::avx512 : bert::fastest_kernels();
}

Result<void> run(const std::vector<std::string>& arguments) {
  auto& env = base::real_env();
  const double begin = processor_seconds();
  AUTODEV_TRY_ASSIGN(const bert::BertFolder folder, bert::read_bert_folder(env, arguments[0]));
  const double loaded = processor_seconds();
  AUTODEV_TRY_ASSIGN(const std::string file, env.read_file(arguments[1]));
  std::vector<std::string> texts;
  for (const std::string_view line : base::split_lines(file)) {
    AUTODEV_TRY_ASSIGN(const base::Json text, base::parse_json(line, arguments[1]));
    texts.push_back(text.get<std::string>());
  }
  const CpuPath path = path_named(arguments.size() > 3 ? arguments[3] : "");
  const double start = processor_seconds();
  std::vector<bert::Pieces> pieces;
  std::size_t total = 0;
  for (const std::string& text : texts) {
    pieces.push_back(folder.tokenizer->encode(text, folder.model.settings.max_tokens));
    total += pieces.back().size();
  }
  const double split = processor_seconds();
  const std::vector<Vector> vectors = bert::encode(folder.model, pieces, path);
  const double end = processor_seconds();
  fmt::print("load {:.1f} ms; {} texts, {} pieces; split {:.3f} s, encode {:.3f} s: {:.1f} texts/s, {:.0f} pieces/s\n", 1e3 * (loaded - begin),
             texts.size(), total, split - start, end - split, static_cast<double>(texts.size()) / (end - start),
             static_cast<double>(total) / (end - start));
  if (arguments.size() < 3) return {};
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    double square = 0;
    for (const float value : vectors[i]) square += double{value} * double{value};
    Vector unit = vectors[i];
    for (float& value : unit) value = static_cast<float>(double{value} / std::sqrt(square));
    out += base::dump_json({{"pieces", pieces[i]}, {"vector", unit}}) + "\n";
  }
  return env.write_file_atomically(arguments[2], out);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    fmt::print(stderr, "bert_bench FOLDER TEXTS [OUTPUT] [scalar|avx2|avx512]\n");
    return 64;
  }
  const auto done = run({arguments + 1, arguments + count});
  if (!done) fmt::print(stderr, "{}\n", done.error().message);
  return done ? 0 : 1;
}
