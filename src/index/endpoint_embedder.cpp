// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Vectors from an OpenAI-compatible endpoint. What comes back is foreign: its size, the number of its vectors, their
// dimensions and every value are checked, and a vector of zeros is refused, since it would be near to nothing and to all.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/endpoint.h"
#include "base/json.h"
#include "base/text.h"
#include "index/bit_scan.h"
#include "index/external_embedder.h"

namespace autodev::index {
namespace {

constexpr std::size_t max_answer_bytes = std::size_t{32} << 20;  // 64 texts of 4,096 values, some 20 characters each: 5 MB
/// Small models read 256 to 512 tokens; some servers refuse longer texts instead of cutting them. The name and the
/// description of a document come first.
constexpr std::size_t max_text_bytes = 1500;

Error no_vectors(std::string what) {
  return {ErrorCode::bad_data, "the embedding endpoint's answer is not usable: " + std::move(what),
          "check learn.embedder.url and learn.embedder.name: the model must be one for embeddings"};
}

Result<Vector> parse_vector(const base::Json& values, std::uint32_t dimensions) {
  if (!values.is_array() || values.empty() || values.size() > max_dimensions)
    return tl::make_unexpected(no_vectors(fmt::format("a vector needs 1 to {} values", max_dimensions)));
  if (dimensions != 0 && values.size() != dimensions)
    return tl::make_unexpected(no_vectors(fmt::format("{} values where {} were before", values.size(), dimensions)));
  double square = 0;
  std::vector<double> numbers;
  numbers.reserve(values.size());
  for (const base::Json& value : values) {
    if (!value.is_number()) return tl::make_unexpected(no_vectors("a value is not a number"));
    numbers.push_back(value.get<double>());
    square += numbers.back() * numbers.back();
  }
  if (!std::isfinite(square)) return tl::make_unexpected(no_vectors("a value is not finite"));
  if (!(square > 1e-20)) return tl::make_unexpected(no_vectors("a vector of zeros"));
  Vector vector;
  vector.reserve(numbers.size());
  for (const double number : numbers) vector.push_back(static_cast<float>(number / std::sqrt(square)));
  return vector;
}

class EndpointEmbedder final : public ExternalEmbedder {
 public:
  EndpointEmbedder(base::Env& env, EndpointEmbedderSettings settings, base::Endpoint endpoint)
      : env_(env),
        settings_(std::move(settings)),
        endpoint_(std::move(endpoint)),
        name_(fmt::format("endpoint/1 {} {}", endpoint_.origin + endpoint_.path, settings_.model)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::uint32_t dimensions() const noexcept override { return dimensions_; }

  [[nodiscard]] Result<Vector> embed(std::string_view text) const override {
    AUTODEV_TRY_ASSIGN(auto vectors, embed_all({std::string(text)}));
    return std::move(vectors.front());
  }

  [[nodiscard]] Result<std::vector<Vector>> embed_all(const std::vector<std::string>& texts) const override {
    if (texts.empty()) return std::vector<Vector>{};
    base::Json input = base::Json::array();
    for (const std::string& text : texts) {
      const std::string whole = base::repair_utf8(text);
      const std::string_view clipped = base::trim(base::clip_utf8(whole, max_text_bytes));
      input.push_back(clipped.empty() ? std::string("(empty)") : std::string(clipped));  // some servers refuse ""
    }
    base::Json body{{"input", std::move(input)}, {"encoding_format", "float"}};
    if (!settings_.model.empty()) body["model"] = settings_.model;
    AUTODEV_TRY_ASSIGN(const base::PostAnswer answer,
                       base::post(env_, endpoint_, base::dump_json(body),
                                  {settings_.transport, settings_.key_variable, {}, settings_.timeout, max_answer_bytes}));
    AUTODEV_TRY(check(answer));
    AUTODEV_TRY_ASSIGN(auto vectors, parse_embeddings(answer.body, texts.size(), dimensions_));
    dimensions_ = static_cast<std::uint32_t>(vectors.front().size());
    return vectors;
  }

 private:
  [[nodiscard]] Result<void> check(const base::PostAnswer& answer) const {
    if (answer.timed_out)
      return fail(ErrorCode::unavailable, fmt::format("{} gave no vectors within {}", endpoint_.origin,
                                                      base::format_duration(settings_.timeout)),
                  "raise learn.embedder.timeout_s, or use a faster model");
    if (answer.status == 0)
      return fail(ErrorCode::unavailable, fmt::format("{} cannot be reached: {}", endpoint_.origin, answer.problem),
                  "start the embedding server, or: auto-dev learn config set learn.embedder.kind built-in");
    if (answer.status != 200)
      return fail(ErrorCode::unavailable, fmt::format("{} answered {}", endpoint_.origin, answer.status),
                  answer.status == 401 || answer.status == 403
                      ? "set learn.embedder.key_variable to the environment variable that holds your key"
                      : "check learn.embedder.url and learn.embedder.name");
    if (!answer.complete)
      return fail(ErrorCode::unavailable, fmt::format("the answer of {} broke off: {}", endpoint_.origin, answer.problem));
    return {};
  }

  base::Env& env_;
  EndpointEmbedderSettings settings_;
  base::Endpoint endpoint_;
  std::string name_;
  mutable std::uint32_t dimensions_ = 0;
};

}  // namespace

Result<std::vector<Vector>> parse_embeddings(std::string_view body, std::size_t count, std::uint32_t dimensions) {
  const auto json = base::parse_json(body, "answer", {.max_bytes = max_answer_bytes, .max_depth = 8});
  if (!json || !json->is_object()) return tl::make_unexpected(no_vectors("no JSON object"));
  const auto data = json->find("data");
  if (data == json->end() || !data->is_array() || data->size() != count)
    return tl::make_unexpected(no_vectors(fmt::format("{} vectors were asked for", count)));
  std::vector<Vector> vectors(count);
  for (std::size_t i = 0; i < count; ++i) {
    const base::Json& item = (*data)[i];
    if (!item.is_object() || !item.contains("embedding")) return tl::make_unexpected(no_vectors("an entry without a vector"));
    // Servers may answer in any order; without numbers the order is that of the texts.
    std::size_t place = i;
    if (const auto index = item.find("index"); index != item.end() && index->is_number_unsigned())
      place = index->get<std::size_t>();
    if (place >= count || !vectors[place].empty()) return tl::make_unexpected(no_vectors("numbers that do not fit"));
    AUTODEV_TRY_ASSIGN(vectors[place], parse_vector(item["embedding"], dimensions));
    dimensions = static_cast<std::uint32_t>(vectors[place].size());
  }
  return vectors;
}

Result<std::unique_ptr<ExternalEmbedder>> make_endpoint_embedder(base::Env& env, EndpointEmbedderSettings settings) {
  AUTODEV_TRY_ASSIGN(base::Endpoint endpoint, base::parse_endpoint(settings.url, "learn.embedder.url", "/embeddings"));
  AUTODEV_TRY(base::check_reach(endpoint, settings.allow_remote, "learn.embedder"));
  if (!settings.key_variable.empty() && !env.variable(settings.key_variable))
    return fail(ErrorCode::config,
                fmt::format("the environment variable {} (learn.embedder.key_variable) is not set", settings.key_variable),
                "export it, or: auto-dev learn config set learn.embedder.key_variable ''");
  AUTODEV_TRY_ASSIGN(const auto program, env.status(settings.transport));
  if (!program)
    return fail(ErrorCode::unavailable, fmt::format("the helper program {} is not installed", settings.transport),
                "build with libcpp-httplib-dev, or: auto-dev learn config set learn.embedder.kind built-in");
  return std::make_unique<EndpointEmbedder>(env, std::move(settings), std::move(endpoint));
}

}  // namespace autodev::index
