// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Embedders outside of the program: foreign answers, and the tables of their vectors.
#include <gtest/gtest.h>

#include "base/env.h"
#include "index/external_embedder.h"
#include "index/external_vectors.h"
#include "index/search_index.h"
#include "index/small_library.h"
#include "support/support.h"

namespace autodev::index {
namespace {

using test::TemporaryFolder;
using test::value_of;

/// A helper program that keeps its request and prints what it was made with.
std::string fake_helper(const TemporaryFolder& folder, const std::string& answer, int exit_code = 0) {
  auto& env = base::real_env();
  value_of(env.write_file_atomically(folder.file("answer"), answer));
  const std::string path = folder.file("helper");
  value_of(env.write_file_atomically(path, "#!/bin/sh\ncat > " + folder.file("request") + "\ncat " + folder.file("answer") +
                                               "\nexit " + std::to_string(exit_code) + "\n"));
  base::ProcessOptions options;
  options.arguments = {"chmod", "+x", path};
  value_of(env.run(options));
  return path;
}

constexpr const char* ok_head = "{\"status\":200,\"content_type\":\"application/json\",\"retry_after\":\"\"}\n";

std::unique_ptr<ExternalEmbedder> embedder_with(const std::string& helper) {
  EndpointEmbedderSettings settings;
  settings.url = "http://127.0.0.1:9/v1";
  settings.model = "tiny";
  settings.transport = helper;
  return value_of(make_endpoint_embedder(base::real_env(), settings));
}

TEST(EndpointEmbedder, VectorsComeBackInOrderAndAtUnitLength) {
  const TemporaryFolder folder;
  const auto embedder = embedder_with(fake_helper(
      folder, std::string(ok_head) + R"({"data":[{"index":1,"embedding":[0,5]},{"index":0,"embedding":[3,4]}]})"));
  EXPECT_EQ(embedder->dimensions(), 0u);
  const auto vectors = value_of(embedder->embed_all({"first", "second"}));
  ASSERT_EQ(vectors.size(), 2u);
  EXPECT_FLOAT_EQ(vectors[0][0], 0.6F);
  EXPECT_FLOAT_EQ(vectors[0][1], 0.8F);
  EXPECT_FLOAT_EQ(vectors[1][1], 1.0F);
  EXPECT_EQ(embedder->dimensions(), 2u);
  const std::string request = value_of(base::real_env().read_file(folder.file("request")));
  EXPECT_NE(request.find("/v1/embeddings"), std::string::npos);
  EXPECT_NE(request.find("tiny"), std::string::npos);
}

TEST(EndpointEmbedder, SaysWhatIsWrongWithoutCrashing) {
  const TemporaryFolder folder;
  EXPECT_EQ(embedder_with(fake_helper(folder, "connection refused", 1))->embed("x").error().code, ErrorCode::unavailable);
  EXPECT_EQ(embedder_with(fake_helper(folder, "{\"status\":500}\nno"))->embed("x").error().code, ErrorCode::unavailable);
  EXPECT_EQ(embedder_with(fake_helper(folder, std::string(ok_head) + "{\"data\":[]}"))->embed("x").error().code, ErrorCode::bad_data);
}

TEST(EndpointEmbedder, ForeignAnswersOfAnyShapeAreRefused) {
  for (const char* body :
       {"", "7", "[]", "{}", R"({"data":7})", R"({"data":[7]})", R"({"data":[{}]})", R"({"data":[{"embedding":[]}]})",
        R"({"data":[{"embedding":["1"]}]})", R"({"data":[{"embedding":[0,0,0]}]})", R"({"data":[{"embedding":[1e999]}]})",
        R"({"data":[{"embedding":[1e300,1e300]}]})", R"({"data":[{"index":3,"embedding":[1]}]})",
        R"({"data":[{"embedding":[1]},{"embedding":[1]}]})", R"({"data":[{"embedding":[null]}]})"})
    EXPECT_FALSE(parse_embeddings(body, 1, 0)) << body;
  EXPECT_FALSE(parse_embeddings(R"({"data":[{"embedding":[1,2]}]})", 1, 3));
  EXPECT_FALSE(parse_embeddings(R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", 2, 0));
  EXPECT_TRUE(parse_embeddings(R"({"data":[{"embedding":[1,2,3]}]})", 1, 3));
}

TEST(EndpointEmbedder, GoesToOtherMachinesOnlyWhenAllowedAndOverTls) {
  EndpointEmbedderSettings settings;
  settings.transport = "/bin/true";
  const auto code = [&](const char* url, bool allowed) {
    settings.url = url;
    settings.allow_remote = allowed;
    const auto made = make_endpoint_embedder(base::real_env(), settings);
    return made ? std::string("ok") : std::string(to_string(made.error().code));
  };
  EXPECT_EQ(code("http://127.0.0.1:11434/v1", false), "ok");
  EXPECT_EQ(code("https://example.org/v1", false), "permission");
  EXPECT_EQ(code("http://example.org/v1", true), "permission");
  EXPECT_EQ(code("https://example.org/v1", true), "ok");
  EXPECT_EQ(code("file:///etc/passwd", true), "config");
}

/// Another space: one number for each of three words.
class WordCounter final : public ExternalEmbedder {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "counter/1"; }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return 4; }
  [[nodiscard]] Result<Vector> embed(std::string_view text) const override {
    Vector vector{0.1F, 0, 0, 0};
    constexpr std::string_view words[] = {"file", "sort", "graph"};
    for (std::size_t i = 0; i < 3; ++i)
      if (text.find(words[i]) != std::string_view::npos) vector[i + 1] = 1;
    return vector;
  }
  [[nodiscard]] Result<std::vector<Vector>> embed_all(const std::vector<std::string>& texts) const override {
    std::vector<Vector> vectors;
    for (const std::string& text : texts) vectors.push_back(*embed(text));
    return vectors;
  }
};

class ExternalVectorsTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = base::open_memory_kv();
    txn_ = value_of(store_->begin_write());
    write([&](IndexWriter& writer) {
      for (const Document& document : small_library()) ASSERT_TRUE(writer.put(document));
    });
  }
  template <typename Change>
  void write(Change change) {
    const Embedder& built_in = built_in_embedder();
    IndexWriter writer(*txn_, built_in);
    change(writer);
    ASSERT_TRUE(writer.flush());
  }
  void embed_all_waiting() {
    const ExternalHead head = *value_of(read_external_head(*txn_));
    std::vector<std::pair<WaitingDocument, Vector>> done;
    for (const WaitingDocument& document : value_of(waiting_documents(*txn_, 1000)))
      done.emplace_back(document, Vector{1, 0.01F * static_cast<float>(document.number), 0, 0});
    ASSERT_TRUE(put_external(*txn_, head, done));
  }
  WordCounter embedder_;
  std::unique_ptr<base::Kv> store_;
  std::unique_ptr<base::KvWrite> txn_;
};

TEST_F(ExternalVectorsTest, AreSearchedOnlyWhenAllAreThere) {
  EXPECT_EQ(search(*txn_, embedder_, "sort a list", {}, 5).error().code, ErrorCode::config);
  ASSERT_TRUE(start_external(*txn_, {"counter/1", 4, {1, 0, 0, 0}}));
  EXPECT_EQ(value_of(waiting_documents(*txn_, 1000)).size(), small_library().size());
  EXPECT_FALSE(search(*txn_, embedder_, "sort a list", {}, 5));
  embed_all_waiting();
  EXPECT_TRUE(value_of(waiting_documents(*txn_, 1000)).empty());
  EXPECT_FALSE(value_of(search(*txn_, embedder_, "sort a list", {}, 5)).hits.empty());
  EXPECT_FALSE(value_of(search(*txn_, "sort a list", {}, 5)).hits.empty());  // the built-in space is still there
}

TEST_F(ExternalVectorsTest, AnotherNameIsAnotherSpace) {
  ASSERT_TRUE(start_external(*txn_, {"somebody else/1", 4, {1, 0, 0, 0}}));
  embed_all_waiting();
  EXPECT_EQ(search(*txn_, embedder_, "sort a list", {}, 5).error().code, ErrorCode::config);
}

TEST_F(ExternalVectorsTest, WhatIsWrittenMeanwhileWaitsAgain) {
  ASSERT_TRUE(start_external(*txn_, {"counter/1", 4, {1, 0, 0, 0}}));
  const auto before = value_of(waiting_documents(*txn_, 1));
  Document changed = small_library()[0];
  changed.description = "Something else.";
  write([&](IndexWriter& writer) { ASSERT_TRUE(writer.put(changed)); });
  const ExternalHead head = *value_of(read_external_head(*txn_));
  ASSERT_TRUE(put_external(*txn_, head, {{before[0], {1, 0, 0, 0}}}));
  EXPECT_EQ(value_of(waiting_documents(*txn_, 1))[0].number, before[0].number);
  embed_all_waiting();
  EXPECT_TRUE(value_of(waiting_documents(*txn_, 1)).empty());
  write([&](IndexWriter& writer) { ASSERT_TRUE(writer.erase(changed.id)); });
  EXPECT_TRUE(value_of(waiting_documents(*txn_, 1)).empty());
  for (const Hit& hit : value_of(search(*txn_, embedder_, "directory", {}, 50)).hits) EXPECT_NE(hit.id, changed.id);
}

TEST_F(ExternalVectorsTest, ADamagedHeadIsAsNone) {
  ASSERT_TRUE(start_external(*txn_, {"counter/1", 4, {1, 0, 0, 0}}));
  std::string bytes(*value_of(txn_->get(external_head_table, "head")));
  bytes[12] = static_cast<char>(bytes[12] ^ 1);
  ASSERT_TRUE(txn_->put(external_head_table, "head", bytes));
  EXPECT_FALSE(value_of(read_external_head(*txn_)));
}

}  // namespace
}  // namespace autodev::index
