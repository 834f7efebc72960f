// SPDX-License-Identifier: MIT OR Apache-2.0
//
// BERT models from a folder: the numbers of the reference implementation (tests/data/tiny_bert, made by bench/bert_fixture.py), and
// folders made to break the reader.
#include <gtest/gtest.h>

#include <cmath>

#include "base/env.h"
#include "base/json.h"
#include "base/text.h"
#include "index/bert_encoder.h"
#include "index/folder_embedder.h"
#include "index/safetensors.h"
#include "support/support.h"

namespace autodev::index::bert {
namespace {

using test::TemporaryFolder;
using test::value_of;

const std::string tiny = std::string(AUTODEV_SOURCE_DIR) + "/tests/data/tiny_bert";

std::string read(const std::string& path) { return value_of(base::real_env().read_file(path)); }
void write(const std::string& path, std::string_view bytes) { value_of(base::real_env().write_file_atomically(path, bytes)); }

struct Expected {
  std::string text;
  Pieces pieces;
  Vector mean, first;
};

std::vector<Expected> expected() {
  std::vector<Expected> all;
  const std::string file = read(tiny + "/expected.jsonl");
  for (const std::string_view line : base::split_lines(file)) {
    const base::Json row = value_of(base::parse_json(line, "expected.jsonl"));
    all.push_back({row["text"].get<std::string>(), row["pieces"].get<Pieces>(), row["mean"].get<Vector>(), row["first"].get<Vector>()});
  }
  return all;
}

/// A copy of the tiny model that a test may change.
class Folder {
 public:
  Folder() {
    value_of(base::real_env().create_directories(folder_.file("1_Pooling")));
    for (const char* name : {"config.json", "tokenizer.json", "model.safetensors", "sentence_bert_config.json", "1_Pooling/config.json"})
      write(folder_.file(name), read(tiny + "/" + name));
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  [[nodiscard]] Result<BertFolder> open() const { return read_bert_folder(base::real_env(), folder_.path()); }
  void change(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = read(file(name));
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << name << ": " << from;
    write(file(name), text.replace(at, from.size(), to));
  }
  [[nodiscard]] std::string path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

TEST(BertTokenizer, GivesThePiecesOfTheReference) {
  const BertFolder folder = value_of(read_bert_folder(base::real_env(), tiny));
  const auto all = expected();
  ASSERT_GE(all.size(), 25u);
  for (const Expected& row : all) EXPECT_EQ(folder.tokenizer->encode(row.text, folder.model.settings.max_tokens), row.pieces) << row.text;
}

TEST(BertEncoder, GivesTheVectorsOfTheReferenceWithEveryInstructionSet) {
  const BertFolder folder = value_of(read_bert_folder(base::real_env(), tiny));
  const auto all = expected();
  std::vector<Pieces> texts;
  for (const Expected& row : all) texts.push_back(row.pieces);
  std::vector<CpuPath> paths{CpuPath::scalar};
  if (fastest_kernels() != CpuPath::scalar) paths.push_back(CpuPath::avx2);
  if (fastest_kernels() == CpuPath::avx512) paths.push_back(CpuPath::avx512);
  for (const CpuPath path : paths) {
    const auto vectors = encode(folder.model, texts, path);
    ASSERT_EQ(vectors.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_GT(cosine(vectors[i], all[i].mean), 0.99999) << all[i].text << " on path " << static_cast<int>(path);
  }
  EXPECT_LT(cosine(all[3].mean, all[9].mean), 0.99) << "the fixture tells texts apart";
}

TEST(BertEncoder, TakesTheFirstPieceWhereTheModelSaysSo) {
  const Folder folder;
  folder.change("1_Pooling/config.json", "\"pooling_mode_cls_token\": false, \"pooling_mode_mean_tokens\": true",
                "\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false");
  const BertFolder read = value_of(folder.open());
  for (const Expected& row : expected()) EXPECT_GT(cosine(encode(read.model, {row.pieces}, CpuPath::scalar)[0], row.first), 0.99999);
}

TEST(BertEncoder, ATextDoesNotSeeTheOthersOfItsBatch) {
  const auto embedder = value_of(make_folder_embedder(base::real_env(), tiny));
  const auto together = value_of(embedder->embed_all({"sort a list", "many words many words many words many words many", "x"}));
  EXPECT_GT(cosine(together[0], value_of(embedder->embed("sort a list"))), 0.999999);
  EXPECT_GT(cosine(together[2], value_of(embedder->embed("x"))), 0.999999);
  EXPECT_TRUE(value_of(embedder->embed_all({})).empty());
  EXPECT_EQ(embedder->dimensions(), 32u);
}

TEST(BertTokenizer, AVocabularyFileWithoutJsonGivesTheSamePieces) {
  const BertFolder json = value_of(read_bert_folder(base::real_env(), tiny));
  std::vector<std::string> lines(json.tokenizer->rules().vocabulary.size());
  for (const auto& [piece, number] : json.tokenizer->rules().vocabulary) lines.at(number) = piece;
  const WordPiece plain = value_of(read_vocabulary_text(base::join(lines, "\n"), ""));
  for (const Expected& row : expected()) EXPECT_EQ(plain.encode(row.text, 24), row.pieces) << row.text;
  const WordPiece cased = value_of(read_vocabulary_text("[UNK]\n[CLS]\n[SEP]\nA\na\n\xC3\x89\n", R"({"do_lower_case":false})"));
  EXPECT_EQ(cased.encode("A a \xC3\x89", 10), (Pieces{1, 3, 4, 5, 2}));
  EXPECT_EQ(cased.encode(std::string("A\xff\xfe" "a\xC3", 5), 10).size(), 3u) << "bytes that are no text";
}

TEST(BertFolder, AnotherModelIsAnotherSpace) {
  const Folder folder;
  const std::string before = value_of(folder.open()).digest;
  EXPECT_EQ(value_of(read_bert_folder(base::real_env(), tiny)).digest, before) << "wherever it lies";
  folder.change("sentence_bert_config.json", "24", "23");
  EXPECT_NE(value_of(folder.open()).digest, before);
  folder.change("sentence_bert_config.json", "23", "24");
  std::string weights = read(folder.file("model.safetensors"));
  weights[weights.size() - 9] = static_cast<char>(weights[weights.size() - 9] ^ 1);
  write(folder.file("model.safetensors"), weights);
  EXPECT_NE(value_of(folder.open()).digest, before);
}

TEST(BertFolder, ReadsThroughLinksAsDownloadCachesLayThemOut) {
  const Folder folder;
  value_of(base::real_env().rename(folder.file("model.safetensors"), folder.file("blob")));
  base::ProcessOptions link;
  link.arguments = {"ln", "-s", "../" + folder.path().substr(folder.path().rfind('/') + 1) + "/blob", folder.file("model.safetensors")};
  value_of(base::real_env().run(link));
  EXPECT_TRUE(folder.open());
}

std::string problem(const Folder& folder) {
  const auto opened = folder.open();
  return opened ? "" : std::string(to_string(opened.error().code)) + ": " + opened.error().message;
}

TEST(BertFolder, SaysWhatIsMissing) {
  const TemporaryFolder empty;
  EXPECT_EQ(read_bert_folder(base::real_env(), empty.path()).error().code, ErrorCode::no_input);
  EXPECT_EQ(read_bert_folder(base::real_env(), "/does/not/exist").error().code, ErrorCode::no_input);
  for (const char* name : {"config.json", "tokenizer.json", "model.safetensors"}) {
    const Folder folder;
    value_of(base::real_env().remove_file(folder.file(name)));
    EXPECT_NE(problem(folder).find("no_input"), std::string::npos) << problem(folder);
    EXPECT_NE(problem(folder).find(name), std::string::npos) << problem(folder);
  }
}

TEST(BertFolder, RefusesWhatItWouldGetWrong) {
  const struct {
    const char *file, *from, *to, *said;
  } cases[] = {
      {"config.json", "\"bert\"", "\"roberta\"", "model_type"},
      {"config.json", "\"gelu\"", "\"silu\"", "hidden_act"},
      {"config.json", "\"absolute\"", "\"relative_key\"", "position_embedding_type"},
      {"config.json", "\"hidden_size\": 32", "\"hidden_size\": 36", "need [400, 36]"},
      {"config.json", "\"hidden_size\": 32", "\"hidden_size\": 4000000000", "hidden_size"},
      {"config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "encoder.layer.2"},
      {"config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": -1", "num_hidden_layers"},
      {"config.json", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "heads"},
      {"config.json", "\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": \"x\"", "layer_norm_eps"},
      {"config.json", "{", "[", "config.json"},
      {"1_Pooling/config.json", "\"pooling_mode_mean_tokens\"", "\"pooling_mode_max_tokens\"", "pooling"},
      {"sentence_bert_config.json", "24", "2", "no room"},
      {"tokenizer.json", "\"BertNormalizer\"", "\"NFC\"", "normalizer"},
      {"tokenizer.json", "\"BertPreTokenizer\"", "\"Whitespace\"", "pre_tokenizer"},
      {"tokenizer.json", "\"WordPiece\"", "\"Unigram\"", "Unigram|model"},
      {"tokenizer.json", "\"single_word\": false", "\"single_word\": true", "added token"},
      {"tokenizer.json", "\"TemplateProcessing\"", "\"RobertaProcessing\"", "post_processor"},
      {"tokenizer.json", "\"a\": ", "\"a\": 7000", "word_embeddings"},
  };
  for (const auto& broken : cases) {
    const Folder folder;
    folder.change(broken.file, broken.from, broken.to);
    const std::string said = problem(folder);
    bool found = false;
    for (const std::string_view part : base::split(broken.said, '|')) found = found || said.find(part) != std::string::npos;
    EXPECT_TRUE(found) << broken.to << " said: " << said;
  }
  const Folder folder;
  write(folder.file("modules.json"), R"([{"type":"sentence_transformers.models.Dense"}])");
  EXPECT_NE(problem(folder).find("Dense"), std::string::npos);
}

TEST(BertFolder, WeightsCutOffAnywhereAreAnError) {
  const Folder folder;
  const std::string whole = read(folder.file("model.safetensors"));
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{100}, whole.size() / 2, whole.size() - 1}) {
    write(folder.file("model.safetensors"), whole.substr(0, size));
    EXPECT_NE(problem(folder).find("bad_data"), std::string::npos) << size << " " << problem(folder);
  }
}

TEST(BertFolder, WeightsThatAreNoNumbersGiveAnErrorNotAVector) {
  const Folder folder;
  std::string weights = read(folder.file("model.safetensors"));
  std::fill(weights.end() - 20000, weights.end(), '\xff');
  write(folder.file("model.safetensors"), weights);
  const auto embedder = value_of(make_folder_embedder(base::real_env(), folder.path()));
  EXPECT_EQ(embedder->embed("text").error().code, ErrorCode::bad_data);
}

std::string with_length(std::uint64_t length, const std::string& rest) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(length >> (8 * i)));
  return bytes + rest;
}
std::string with_header(const std::string& header, std::size_t data) { return with_length(header.size(), header) + std::string(data, '\1'); }

TEST(Safetensors, HostileHeadersAreRefused) {
  EXPECT_FALSE(read_safetensors(with_length(~std::uint64_t{0}, "{}")));
  EXPECT_FALSE(read_safetensors(with_length(std::uint64_t{1} << 40, "{}")));
  EXPECT_FALSE(read_safetensors(with_length(3, "{}")));
  EXPECT_FALSE(read_safetensors(with_length(2, "[]")));
  for (const char* entry :
       {"7", "{}", R"({"dtype":"F32"})", R"({"dtype":"F32","shape":[1],"data_offsets":[4]})", R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})",
        R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})",
        R"({"dtype":"F32","shape":[1.5],"data_offsets":[0,4]})", R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})",
        R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})", R"({"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]})",
        R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]})", R"({"dtype":4,"shape":[1],"data_offsets":[0,4]})"})
    EXPECT_FALSE(read_safetensors(with_header("{\"a\":" + std::string(entry) + "}", 4))) << entry;
  const auto fine = value_of(read_safetensors(with_header(R"({"__metadata__":{"x":"y"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4)));
  EXPECT_EQ(fine.size(), 1u);
}

TEST(Safetensors, ReadsHalfAndBrainFloats) {
  const auto numbers = [](const char* type, const std::string& bytes) {
    std::vector<std::vector<float>> kept;
    const Tensor tensor{type, {bytes.size() / 2}, bytes};
    const float* const floats = value_of(floats_of(tensor, "t", kept));
    return std::vector<float>(floats, floats + bytes.size() / 2);
  };
  // 1, -2, the smallest subnormal, the largest, zero
  EXPECT_EQ(numbers("F16", std::string("\x00\x3c\x00\xc0\x01\x00\xff\x7b\x00\x00", 10)), (std::vector<float>{1, -2, 0x1p-24F, 65504, 0}));
  EXPECT_TRUE(std::isinf(numbers("F16", std::string("\x00\x7c", 2))[0]));
  EXPECT_TRUE(std::isnan(numbers("F16", std::string("\x01\x7c", 2))[0]));
  EXPECT_EQ(numbers("BF16", std::string("\x80\x3f\x00\xc0", 4)), (std::vector<float>{1, -2}));
  std::vector<std::vector<float>> kept;
  EXPECT_FALSE(floats_of(Tensor{"I64", {1}, "12345678"}, "t", kept));
  const std::string odd = std::string("x\x00\x00\x80\x3f", 5);  // not at an address for floats
  EXPECT_EQ(*value_of(floats_of(Tensor{"F32", {1}, std::string_view(odd).substr(1)}, "t", kept)), 1.0F);
}

}  // namespace
}  // namespace autodev::index::bert
