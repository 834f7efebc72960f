// SPDX-License-Identifier: MIT OR Apache-2.0
#include "index/safetensors.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <optional>

#include "base/json.h"
#include "base/text.h"

namespace autodev::index::bert {
namespace {

constexpr std::size_t length_bytes = 8;
constexpr std::size_t max_header_bytes = std::size_t{4} << 20;  // some 100 bytes a tensor: the largest BERT has 400
constexpr std::size_t max_rank = 8;

Error unusable(const std::string& what) {
  return {ErrorCode::bad_data, "the weights are not usable: " + what,
          "download model.safetensors again; it may have been cut off"};
}

std::uint64_t little_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

/// Absent: a type whose numbers have no whole bytes, or that is not known; only its offsets are checked.
std::optional<std::uint64_t> size_of_type(std::string_view type) {
  if (type == "F64" || type == "I64" || type == "U64") return 8;
  if (type == "F32" || type == "I32" || type == "U32") return 4;
  if (type == "F16" || type == "BF16" || type == "I16" || type == "U16") return 2;
  if (type == "I8" || type == "U8" || type == "BOOL" || type == "F8_E4M3" || type == "F8_E5M2") return 1;
  return std::nullopt;
}

Result<std::vector<std::uint64_t>> whole_numbers(const base::Json& entry, const char* key, const std::string& name) {
  const auto list = entry.find(key);
  if (list == entry.end() || !list->is_array() || list->size() > max_rank)
    return tl::make_unexpected(unusable(fmt::format("{} has no {}", name, key)));
  std::vector<std::uint64_t> numbers;
  for (const base::Json& value : *list) {
    if (!value.is_number_unsigned()) return tl::make_unexpected(unusable(fmt::format("{}: {} is no list of numbers", name, key)));
    numbers.push_back(value.get<std::uint64_t>());
  }
  return numbers;
}

Result<Tensor> read_entry(const std::string& key, const base::Json& entry, std::string_view data) {
  const std::string name = base::strip_controls(std::string(base::clip_utf8(key, 100)));
  if (!entry.is_object()) return tl::make_unexpected(unusable(name + " is no description of a tensor"));
  const auto type = entry.find("dtype");
  if (type == entry.end() || !type->is_string()) return tl::make_unexpected(unusable(name + " has no dtype"));
  Tensor tensor;
  tensor.type = type->get<std::string>();
  AUTODEV_TRY_ASSIGN(tensor.shape, whole_numbers(entry, "shape", name));
  AUTODEV_TRY_ASSIGN(const auto offsets, whole_numbers(entry, "data_offsets", name));
  if (offsets.size() != 2 || offsets[0] > offsets[1])
    return tl::make_unexpected(unusable(name + " has no begin and end"));
  if (offsets[1] > data.size())
    return tl::make_unexpected(unusable(fmt::format("{} ends at byte {}, the file has {}", name, offsets[1], data.size())));
  tensor.bytes = data.substr(offsets[0], offsets[1] - offsets[0]);
  const auto size = size_of_type(tensor.type);
  if (!size) return tensor;
  std::uint64_t wanted = *size;
  for (const std::uint64_t dimension : tensor.shape)
    if (__builtin_mul_overflow(wanted, dimension, &wanted)) return tl::make_unexpected(unusable(name + " has an impossible shape"));
  if (wanted != tensor.bytes.size())
    return tl::make_unexpected(unusable(fmt::format("{} has {} bytes where its shape needs {}", name, tensor.bytes.size(), wanted)));
  return tensor;
}

float from_half(std::uint16_t half) noexcept {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16, exponent = half >> 10 & 31, fraction = half & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
  const float small = static_cast<float>(fraction) * 0x1p-24F;
  return sign != 0 ? -small : small;
}

}  // namespace

Result<Tensors> read_safetensors(std::string_view bytes) {
  if (bytes.size() < length_bytes) return tl::make_unexpected(unusable("the file has no header"));
  const std::uint64_t length = little_endian(bytes.substr(0, length_bytes));
  if (length > max_header_bytes)
    return tl::make_unexpected(unusable(fmt::format("a header of {} bytes, at most {} are read", length, max_header_bytes)));
  if (length > bytes.size() - length_bytes) return tl::make_unexpected(unusable("the file ends inside of its header"));
  auto header = base::parse_json(bytes.substr(length_bytes, length), "header of the weights", {.max_bytes = max_header_bytes, .max_depth = 4});
  if (!header) return tl::make_unexpected(unusable(header.error().message));
  if (!header->is_object()) return tl::make_unexpected(unusable("the header is no object"));
  const std::string_view data = bytes.substr(length_bytes + length);
  Tensors tensors;
  for (const auto& [name, entry] : header->items()) {
    if (name == "__metadata__") continue;
    AUTODEV_TRY_ASSIGN(tensors[name], read_entry(name, entry, data));
  }
  return tensors;
}

Result<const float*> floats_of(const Tensor& tensor, std::string_view name, std::vector<std::vector<float>>& kept) {
  if (tensor.type != "F32" && tensor.type != "F16" && tensor.type != "BF16")
    return tl::make_unexpected(unusable(fmt::format("{} is of type {}; F32, F16 and BF16 are read", name,
                                                    base::strip_controls(std::string(base::clip_utf8(tensor.type, 40))))));
  const bool in_place = tensor.type == "F32" && std::endian::native == std::endian::little;
  if (in_place && reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(float) == 0)
    return reinterpret_cast<const float*>(tensor.bytes.data());
  const std::size_t size = tensor.type == "F32" ? 4 : 2;
  std::vector<float> numbers(tensor.bytes.size() / size);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto bits = static_cast<std::uint32_t>(little_endian(tensor.bytes.substr(i * size, size)));
    numbers[i] = tensor.type == "F16"    ? from_half(static_cast<std::uint16_t>(bits))
                 : tensor.type == "BF16" ? std::bit_cast<float>(bits << 16)
                                         : std::bit_cast<float>(bits);
  }
  kept.push_back(std::move(numbers));
  return kept.back().data();
}

}  // namespace autodev::index::bert
