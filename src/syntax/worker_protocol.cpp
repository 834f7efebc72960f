// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Bytes of the worker protocol, see the header.
#include "syntax/worker_protocol.h"

#include "base/wire.h"

namespace autodev::syntax {
namespace {

tl::unexpected<Error> broken(const char* what) {
  return fail(ErrorCode::bad_data, std::string("broken message between parser and worker: ") + what);
}

void write_unit(base::WireWriter& out, const CodeUnit& unit) {
  out.u8(static_cast<std::uint8_t>(unit.language));
  out.u8(static_cast<std::uint8_t>(unit.kind));
  out.bytes(unit.name);
  out.bytes(unit.scope);
  out.bytes(unit.signature);
  out.bytes(unit.doc);
  out.bytes(unit.text);
  out.varint(unit.first_line);
  out.varint(unit.last_line);
  out.varint(unit.nodes);
  out.digest(unit.exact);
  out.digest(unit.alpha);
  out.digest(unit.fingerprint);
  out.bytes(unit.tree);
}

bool read_unit(base::WireReader& in, CodeUnit& unit) {
  const auto language = in.u8();
  const auto kind = in.u8();
  if (language > static_cast<std::uint8_t>(Language::bash) || kind > static_cast<std::uint8_t>(UnitKind::block))
    return false;
  unit.language = static_cast<Language>(language);
  unit.kind = static_cast<UnitKind>(kind);
  unit.name = in.bytes();
  unit.scope = in.bytes();
  unit.signature = in.bytes();
  unit.doc = in.bytes();
  unit.text = in.bytes();
  unit.first_line = static_cast<std::uint32_t>(in.varint());
  unit.last_line = static_cast<std::uint32_t>(in.varint());
  unit.nodes = static_cast<std::uint32_t>(in.varint());
  unit.exact = in.digest();
  unit.alpha = in.digest();
  unit.fingerprint = in.digest();
  unit.tree = in.bytes();
  return in.ok();
}

bool read_imports(base::WireReader& in, std::vector<std::string>& imports) {
  const auto count = in.varint();
  if (!in.ok() || count > in.remaining()) return false;
  for (std::uint64_t i = 0; i < count; ++i) imports.emplace_back(in.bytes());
  return in.ok();
}

Error read_error(base::WireReader& in) {
  Error error;
  const auto code = in.u8();
  error.code = code == static_cast<std::uint8_t>(ErrorCode::bad_data) ? ErrorCode::bad_data : ErrorCode::internal;
  error.message = in.bytes();
  error.hint = in.bytes();
  return error;
}

}  // namespace

std::string encode_request(const ParseRequest& request) {
  std::string bytes;
  bytes.reserve(request.source.size() + request.path.size() + 64);
  base::WireWriter out(bytes);
  const auto& options = request.options;
  out.u8(static_cast<std::uint8_t>(request.language));
  out.u8(static_cast<std::uint8_t>((options.functions ? 1 : 0) | (options.types ? 2 : 0) | (options.blocks ? 4 : 0)));
  out.varint(options.min_block_nodes);
  out.varint(options.max_unit_nodes);
  out.varint(static_cast<std::uint64_t>(options.deadline.count()));
  out.bytes(request.path);
  out.bytes(request.source);
  return bytes;
}

Result<ParseRequest> decode_request(std::string_view bytes) {
  base::WireReader in(bytes);
  ParseRequest request;
  const auto language = in.u8();
  const auto wanted = in.u8();
  const auto min_block_nodes = in.varint();
  const auto max_unit_nodes = in.varint();
  const auto deadline = in.varint();
  request.path = in.bytes();
  request.source = in.bytes();
  constexpr std::uint64_t limit = 0xffffffffu;
  if (!in.ok() || !in.at_end()) return broken("request cut short");
  if (language > static_cast<std::uint8_t>(Language::bash) || wanted > 7 || min_block_nodes > limit ||
      max_unit_nodes > limit || deadline > limit)
    return broken("request out of range");
  request.language = static_cast<Language>(language);
  request.options.functions = (wanted & 1) != 0;
  request.options.types = (wanted & 2) != 0;
  request.options.blocks = (wanted & 4) != 0;
  request.options.min_block_nodes = static_cast<std::uint32_t>(min_block_nodes);
  request.options.max_unit_nodes = static_cast<std::uint32_t>(max_unit_nodes);
  request.options.deadline = std::chrono::milliseconds(deadline);
  return request;
}

std::string encode_reply(const Result<FileUnits>& reply) {
  std::string bytes;
  base::WireWriter out(bytes);
  if (!reply) {
    out.u8(1);
    out.u8(static_cast<std::uint8_t>(reply.error().code));
    out.bytes(reply.error().message);
    out.bytes(reply.error().hint);
    return bytes;
  }
  out.u8(0);
  out.varint(reply->units_with_errors);
  out.varint(reply->units_too_large);
  out.varint(reply->error_bytes);
  const std::vector<std::string> none;
  const auto& imports = reply->units.empty() ? none : reply->units.front().imports;  // the same for the whole file
  out.varint(imports.size());
  for (const auto& name : imports) out.bytes(name);
  out.varint(reply->units.size());
  for (const auto& unit : reply->units) write_unit(out, unit);
  return bytes;
}

Result<Result<FileUnits>> decode_reply(std::string_view bytes, std::string_view path) {
  base::WireReader in(bytes);
  const auto status = in.u8();
  if (status == 1) {
    Error error = read_error(in);
    if (!in.ok() || !in.at_end()) return broken("error cut short");
    return Result<FileUnits>(tl::make_unexpected(std::move(error)));
  }
  if (status != 0) return broken("unknown status");
  FileUnits units;
  units.units_with_errors = static_cast<std::uint32_t>(in.varint());
  units.units_too_large = static_cast<std::uint32_t>(in.varint());
  units.error_bytes = in.varint();
  std::vector<std::string> imports;
  if (!read_imports(in, imports)) return broken("imports cut short");
  const auto count = in.varint();
  if (!in.ok() || count > in.remaining()) return broken("reply cut short");
  for (std::uint64_t i = 0; i < count; ++i) {
    CodeUnit unit;
    if (!read_unit(in, unit)) return broken("unit cut short");
    unit.path = path;
    unit.imports = imports;
    units.units.push_back(std::move(unit));
  }
  if (!in.ok() || !in.at_end()) return broken("wrong length");
  return Result<FileUnits>(std::move(units));
}

std::string frame_head(std::size_t size) {
  std::string head;
  base::WireWriter(head).u32(static_cast<std::uint32_t>(size));
  return head;
}

std::uint32_t frame_size(std::string_view head) noexcept {
  return base::WireReader(head).u32();
}

}  // namespace autodev::syntax
