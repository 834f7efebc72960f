// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Headers are 512 bytes of fixed fields, numbers in octal text; contents are padded to the same size.
#include "apply/tar.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace autodev::apply {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_field = 100;

void put(std::array<char, block>& header, std::size_t at, std::string_view text) { text.copy(header.data() + at, text.size()); }

void append_entry(std::string& archive, std::string_view name, std::string_view content, char type, unsigned mode,
                  std::string_view link = {}) {
  std::array<char, block> header{};
  put(header, 0, name.substr(0, name_field));
  put(header, 100, fmt::format("{:07o}", mode));
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", content.size()));
  put(header, 136, "00000000000");
  put(header, 148, "        ");
  header[156] = type;
  put(header, 157, link.substr(0, name_field));
  put(header, 257, "ustar");
  put(header, 263, "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(header, 148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  archive.append(header.data(), header.size());
  archive.append(content);
  archive.append((block - content.size() % block) % block, '\0');
}

}  // namespace

std::string make_tar(const std::vector<TreeFile>& files) {
  std::string archive;
  for (const TreeFile& file : files) {
    if (file.path.size() > name_field) append_entry(archive, "././@LongLink", file.path + '\0', 'L', 0644);
    if (file.link.size() > name_field) append_entry(archive, "././@LongLink", file.link + '\0', 'K', 0644);
    if (file.link.empty()) append_entry(archive, file.path, file.text, '0', file.executable ? 0755 : 0644);
    else append_entry(archive, file.path, {}, '2', 0777, file.link);
  }
  archive.append(2 * block, '\0');
  return archive;
}

}  // namespace autodev::apply
