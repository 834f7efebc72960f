// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/embed_train.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "base/hash.h"

namespace autodev::index {
namespace {

constexpr std::size_t dims = StaticTable::dimension_count;
constexpr float beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;  // as Adam's authors set them
using Row = std::uint32_t;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define AUTODEV_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define AUTODEV_WIDE
#endif

/// sum += factor x values
AUTODEV_WIDE void axpy(float factor, const float* values, float* sum, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum[i] += factor * values[i];
}

/// One side of a pair: distinct known stems with 1 + ln n.
struct Side {
  std::vector<std::pair<Row, float>> stems;
};

struct Vocabulary {
  std::vector<std::string> stems;
  std::vector<double> documents;
  std::unordered_map<std::string, Row> rows;
};

Vocabulary vocabulary_of(const std::vector<TrainingPair>& pairs, const TrainOptions& options) {
  std::unordered_map<std::string, std::uint32_t> counts;
  for (const TrainingPair& pair : pairs)
    for (const auto* side : {&pair.description, &pair.code}) {
      std::vector<std::string> distinct = *side;
      std::sort(distinct.begin(), distinct.end());
      distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      for (std::string& stem : distinct) ++counts[std::move(stem)];
    }
  std::vector<std::pair<std::uint32_t, std::string>> order;
  for (const auto& [stem, count] : counts)
    if (count >= options.min_documents) order.emplace_back(count, stem);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (order.size() > options.max_stems) order.resize(options.max_stems);
  Vocabulary vocabulary;
  for (auto& [count, stem] : order) {
    vocabulary.rows.emplace(stem, static_cast<Row>(vocabulary.stems.size()));
    vocabulary.stems.push_back(stem);
    vocabulary.documents.push_back(count);
  }
  return vocabulary;
}

Side side_of(const std::vector<std::string>& stems, const Vocabulary& vocabulary) {
  std::map<Row, std::uint32_t> counts;
  for (const std::string& stem : stems)
    if (const auto row = vocabulary.rows.find(stem); row != vocabulary.rows.end()) ++counts[row->second];
  Side side;
  for (const auto& [row, count] : counts) side.stems.emplace_back(row, 1 + std::log(static_cast<float>(count)));
  return side;
}

/// Uniform in [0, 1), a function of its arguments.
double chance(std::uint64_t seed, std::uint64_t a, std::uint64_t b) noexcept {
  return static_cast<double>(base::mix64(base::mix64(seed, a), b) >> 11U) / 9007199254740992.0;
}

/// Vectors, weights and Adam's two moments of each; a row's own step count corrects its bias.
struct Parameters {
  std::vector<float> vectors, first, second;
  std::vector<float> weights, weight_first, weight_second;
  std::vector<std::uint32_t> steps;
};

/// A batch's texts of one side: sums, lengths, unit vectors and the gradient with respect to those.
struct Texts {
  std::vector<float> unit, gradient;
  std::vector<float> length;
};

class Trainer {
 public:
  Trainer(const std::vector<TrainingPair>& pairs, const TrainOptions& options) : options_(options), vocabulary_(vocabulary_of(pairs, options)) {
    for (const TrainingPair& pair : pairs) {
      Side description = side_of(pair.description, vocabulary_), code = side_of(pair.code, vocabulary_);
      if (description.stems.empty() || code.stems.empty()) continue;
      sides_.emplace_back(std::move(description), std::move(code));
      packages_.push_back(pair.package);
    }
    start(pairs.size());
  }

  std::vector<TrainedStem> run() {
    if (vocabulary_.stems.empty() || sides_.empty()) return {};
    std::vector<std::uint32_t> order(sides_.size());
    std::iota(order.begin(), order.end(), 0U);
    const std::size_t batch = std::min<std::size_t>(options_.batch, sides_.size());
    const std::size_t batches = sides_.size() / batch;
    for (std::uint32_t epoch = 0; epoch < options_.epochs; ++epoch) {
      shuffle(order, epoch + 1);
      double loss = 0;
      for (std::size_t i = 0; i < batches; ++i) {
        const double done = static_cast<double>(epoch * batches + i) / static_cast<double>(options_.epochs * batches);
        loss = i == 0 ? step(&order[0], batch, done) : 0.98 * loss + 0.02 * step(&order[i * batch], batch, done);
        if (options_.on_progress) options_.on_progress(epoch, (i + 1) * batch, batches * batch, loss);
      }
    }
    std::vector<TrainedStem> trained;
    for (std::size_t row = 0; row < vocabulary_.stems.size(); ++row) {
      const float* const vector = &parameters_.vectors[row * dims];
      trained.push_back({vocabulary_.stems[row], parameters_.weights[row], std::vector<float>(vector, vector + dims)});
    }
    return trained;
  }

 private:
  void start(std::size_t pairs) {
    const std::size_t rows = vocabulary_.stems.size();
    Parameters& p = parameters_;
    p.vectors.resize(rows * dims);
    p.first.resize(rows * dims), p.second.resize(rows * dims);
    p.weights.resize(rows), p.weight_first.resize(rows), p.weight_second.resize(rows), p.steps.resize(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < dims; ++i)  // the sum of four uniforms is near enough to a normal
        p.vectors[row * dims + i] = static_cast<float>((chance(options_.seed, row, 4 * i) + chance(options_.seed, row, 4 * i + 1) +
                                                        chance(options_.seed, row, 4 * i + 2) + chance(options_.seed, row, 4 * i + 3) - 2) * 0.11);
      p.weights[row] = static_cast<float>(std::log(2.0 * static_cast<double>(pairs) / vocabulary_.documents[row]));
    }
  }

  /// Chunks of pairs of one package, in an order drawn anew for each epoch.
  void shuffle(std::vector<std::uint32_t>& order, std::uint64_t epoch) const {
    const auto drawn = [&](std::uint64_t value) { return base::mix64(base::mix64(options_.seed, epoch), value); };
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tuple(packages_[a], drawn(a), a) < std::tuple(packages_[b], drawn(b), b);
    });
    std::vector<std::pair<std::uint64_t, std::uint32_t>> chunks;  // what is drawn for the chunk of each pair
    std::uint64_t chunk = 0;
    for (std::size_t i = 0, first = 0; i < order.size(); ++i) {
      if (i > 0 && (packages_[order[i]] != packages_[order[i - 1]] || i - first >= std::max(1U, options_.chunk))) first = i, ++chunk;
      chunks.emplace_back(drawn(~chunk), order[i]);
    }
    std::stable_sort(chunks.begin(), chunks.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = chunks[i].second;
  }

  Texts embed(const std::uint32_t* chosen, std::size_t count, bool code) const {
    Texts texts;
    texts.unit.assign(count * dims, 0), texts.gradient.assign(count * dims, 0), texts.length.assign(count, 0);
    for (std::size_t i = 0; i < count; ++i) {
      float* const sum = &texts.unit[i * dims];
      for (const auto& [row, times] : side(chosen[i], code).stems) axpy(times * parameters_.weights[row], &parameters_.vectors[std::size_t{row} * dims], sum, dims);
      double square = 0;
      for (std::size_t d = 0; d < dims; ++d) square += double{sum[d]} * sum[d];
      texts.length[i] = std::max(1e-6F, static_cast<float>(std::sqrt(square)));
      for (std::size_t d = 0; d < dims; ++d) sum[d] /= texts.length[i];
    }
    return texts;
  }

  [[nodiscard]] const Side& side(std::uint32_t pair, bool code) const { return code ? sides_[pair].second : sides_[pair].first; }

  /// One batch: similarities, softmax both ways, gradients, update. Returns the mean loss.
  double step(const std::uint32_t* chosen, std::size_t count, double done) {
    Texts descriptions = embed(chosen, count, false), codes = embed(chosen, count, true);
    std::vector<float> transposed(dims * count), similarity(count * count, 0);
    for (std::size_t j = 0; j < count; ++j)
      for (std::size_t d = 0; d < dims; ++d) transposed[d * count + j] = codes.unit[j * dims + d];
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t d = 0; d < dims; ++d) axpy(descriptions.unit[i * dims + d], &transposed[d * count], &similarity[i * count], count);
    const double loss = softmax_gradient(similarity, count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < count; ++j) {
        const float g = similarity[i * count + j];
        if (std::abs(g) < 1e-7F) continue;
        axpy(g, &codes.unit[j * dims], &descriptions.gradient[i * dims], dims);
        axpy(g, &descriptions.unit[i * dims], &codes.gradient[j * dims], dims);
      }
    update(chosen, count, descriptions, codes, done);
    return loss;
  }

  /// Similarities become the gradient of the loss with respect to them.
  double softmax_gradient(std::vector<float>& similarity, std::size_t count) const {
    const auto heat = static_cast<float>(1 / options_.temperature);
    std::vector<float> rows(count), columns(count, 0), powers(count * count);
    double loss = 0;
    for (std::size_t i = 0; i < count; ++i) {
      float sum = 0;
      for (std::size_t j = 0; j < count; ++j) {
        // Similarities are in [-1, 1], so exp((s - 1) / t) neither overflows nor vanishes for all.
        const float power = std::exp((similarity[i * count + j] - 1) * heat);
        powers[i * count + j] = power;
        sum += power;
        columns[j] += power;
      }
      rows[i] = sum;
    }
    const float share = 0.5F * heat / static_cast<float>(count);
    for (std::size_t i = 0; i < count; ++i) {
      const float own = powers[i * count + i];
      loss -= 0.5 * (std::log(own / rows[i] + 1e-12) + std::log(own / columns[i] + 1e-12));
      for (std::size_t j = 0; j < count; ++j) {
        const float power = powers[i * count + j];
        similarity[i * count + j] = share * (power / rows[i] + power / columns[j] - (i == j ? 2.F : 0.F));
      }
    }
    return loss / static_cast<double>(count);
  }

  void update(const std::uint32_t* chosen, std::size_t count, Texts& descriptions, Texts& codes, double done) {
    std::unordered_map<Row, std::size_t> places;
    std::vector<Row> touched;
    std::vector<float> gradients, weight_gradients;
    for (const bool code : {false, true}) {
      Texts& texts = code ? codes : descriptions;
      for (std::size_t i = 0; i < count; ++i) {
        float* const gradient = &texts.gradient[i * dims];
        const float* const unit = &texts.unit[i * dims];
        float along = 0;
        for (std::size_t d = 0; d < dims; ++d) along += gradient[d] * unit[d];
        for (std::size_t d = 0; d < dims; ++d) gradient[d] = (gradient[d] - along * unit[d]) / texts.length[i];
        for (const auto& [row, times] : side(chosen[i], code).stems) {
          const auto [place, fresh] = places.try_emplace(row, touched.size());
          if (fresh) touched.push_back(row), gradients.resize(gradients.size() + dims, 0), weight_gradients.push_back(0);
          axpy(times * parameters_.weights[row], gradient, &gradients[place->second * dims], dims);
          const float* const vector = &parameters_.vectors[std::size_t{row} * dims];
          float dot = 0;
          for (std::size_t d = 0; d < dims; ++d) dot += vector[d] * gradient[d];
          weight_gradients[place->second] += times * dot;
        }
      }
    }
    const auto falling = static_cast<float>(1 - 0.9 * done);
    for (std::size_t i = 0; i < touched.size(); ++i) apply(touched[i], &gradients[i * dims], weight_gradients[i], falling);
  }

  void apply(Row row, const float* gradient, float weight_gradient, float falling) {
    Parameters& p = parameters_;
    const std::uint32_t steps = ++p.steps[row];
    const float first_bias = 1 - std::pow(beta1, static_cast<float>(steps)), second_bias = 1 - std::pow(beta2, static_cast<float>(steps));
    const auto adam = [&](float g, float& first, float& second, float& value, float rate) {
      first = beta1 * first + (1 - beta1) * g;
      second = beta2 * second + (1 - beta2) * g * g;
      value -= rate * (first / first_bias) / (std::sqrt(second / second_bias) + epsilon);
    };
    const auto rate = static_cast<float>(options_.learning_rate) * falling;
    for (std::size_t d = 0; d < dims; ++d)
      adam(gradient[d], p.first[row * dims + d], p.second[row * dims + d], p.vectors[row * dims + d], rate);
    adam(weight_gradient, p.weight_first[row], p.weight_second[row], p.weights[row], static_cast<float>(options_.weight_rate) * falling);
    p.weights[row] = std::max(p.weights[row], 0.01F);
  }

  const TrainOptions& options_;
  Vocabulary vocabulary_;
  std::vector<std::pair<Side, Side>> sides_;
  std::vector<std::uint32_t> packages_;  ///< of each pair
  Parameters parameters_;
};

}  // namespace

std::vector<TrainedStem> train_embedder(const std::vector<TrainingPair>& pairs, const TrainOptions& options) {
  return Trainer(pairs, options).run();
}

}  // namespace autodev::index
