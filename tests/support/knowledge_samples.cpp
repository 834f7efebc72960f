// SPDX-License-Identifier: MIT OR Apache-2.0
#include "support/knowledge_samples.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hash.h"

namespace autodev::test {
namespace {

class WatchedFile : public base::AppendFile {
 public:
  WatchedFile(std::unique_ptr<base::AppendFile> file, SteppedEnv& env) : file_(std::move(file)), env_(env) {}
  Result<void> append(std::string_view bytes) override {
    if (env_.allow && !env_.allow("append")) {
      AUTODEV_TRY(file_->append(bytes.substr(0, env_.short_bytes)));
      return fail(ErrorCode::cannot_create, "the disk is full");
    }
    return file_->append(bytes);
  }
  Result<void> sync() override {
    if (env_.allow && !env_.allow("sync")) return fail(ErrorCode::io, "the disk does not answer");
    return file_->sync();
  }
  Result<void> truncate(std::uint64_t size) override {
    if (env_.allow && !env_.allow("truncate")) return fail(ErrorCode::io, "the disk does not answer");
    return file_->truncate(size);
  }
  [[nodiscard]] Result<std::uint64_t> size() const override { return file_->size(); }

 private:
  std::unique_ptr<base::AppendFile> file_;
  SteppedEnv& env_;
};

CodeUnit sample_unit(const std::string& name) {
  CodeUnit unit;
  unit.language = Language::python;
  unit.kind = UnitKind::method;
  unit.path = "src/" + name + ".py";
  unit.name = name;
  unit.scope = "Client";
  unit.signature = "def " + name + "(self, x)";
  unit.doc = "Does \"" + name + "\".";
  unit.imports = {"http", "json"};
  unit.text = "def " + name + "(self, x):\n    return '\xff\xfe'\n";  // not UTF-8
  unit.first_line = 3;
  unit.last_line = 4;
  unit.nodes = 17;
  unit.exact = base::hash128(name);
  unit.alpha = base::hash128("alpha" + name);
  unit.tree = std::string("NAST/1\0\1\2\xff", 10);
  return unit;
}

}  // namespace

Result<std::unique_ptr<base::AppendFile>> SteppedEnv::open_append(const std::string& path) {
  AUTODEV_TRY_ASSIGN(auto file, real().open_append(path));
  return std::make_unique<WatchedFile>(std::move(file), *this);
}

LearningEvent full_event() {
  LearningEvent event;
  event.id = {base::hash128("id")};
  event.timestamp = Timestamp(Milliseconds(1'700'000'123'456));
  event.event_type = LearningEventType::performance_improved;
  event.source = "run";
  event.project = "shop";
  event.cycle = {base::hash128("cycle")};
  event.revision = "4b96247";
  event.specification = {"add a retry\nto the client", "python", "def retry(x)", {"retries", "gives up"}};
  event.implementation.units = {{sample_unit("a"), sample_unit("b")}, {std::nullopt, sample_unit("c")}, {sample_unit("d"), std::nullopt}};
  event.implementation.files_changed = 3;
  event.implementation.test_files_changed = 1;
  event.outcome.verdict = Verdict::failed;
  event.outcome.strength = EvidenceStrength::report;
  event.outcome.tool = "pytest";
  event.outcome.command = "pytest -q";
  event.outcome.exit_code = -9;
  event.outcome.tests_passed = 10;
  event.outcome.tests_failed = 1;
  event.outcome.tests_skipped = 0;
  event.outcome.failures = {{"test_retry", "tests/test_client.py", 12, "assert 1 == 2"}, {"E501", "", 0, ""}};
  event.outcome.flaky = true;
  event.success = {true, false, true, false, 0.1, Milliseconds(90'000), 4};
  event.metrics = {12.5, 1.0 / 3.0, 0.0};
  event.patterns_used = {{base::hash128("p")}, {base::hash128("q")}};
  event.previous_attempt = Verdict::failed;
  return event;
}

LearningEvent small_event(int number, const std::string& project) {
  LearningEvent event;
  event.timestamp = Timestamp(Milliseconds(1'600'000'000'000 + number));
  event.source = "record";
  event.project = project;
  event.specification.text = "task number " + std::to_string(number);
  event.outcome.verdict = Verdict::passed;
  event.outcome.strength = EvidenceStrength::exit_code;
  event.id = knowledge::event_id(event);
  return event;
}

std::string file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void set_file_bytes(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace autodev::test
