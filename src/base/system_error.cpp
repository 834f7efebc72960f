// SPDX-License-Identifier: MIT OR Apache-2.0
//
// errno to ErrorCode, with a hint wherever there is something a person can do.
#include "base/system_error.h"

#include <fmt/format.h>

#include <system_error>

namespace autodev::base {
namespace {

struct Meaning {
  ErrorCode code;
  const char* hint;
};

Meaning meaning_of(int number) noexcept {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {ErrorCode::no_input, "check the path"};
    case EACCES:
    case EPERM:
      return {ErrorCode::permission, "check owner and permissions of the path and of the folders above it"};
    case EROFS:
      return {ErrorCode::permission, "the file system is mounted read-only: choose another folder"};
    case ENOSPC:
      return {ErrorCode::cannot_create, "the disk is full: free some space and try again"};
    case EDQUOT:
      return {ErrorCode::cannot_create, "the disk quota is used up: free some space and try again"};
    case EEXIST:
    case EISDIR:
    case ENOTEMPTY:
      return {ErrorCode::cannot_create, "something else is in the way: move it aside"};
    case ENAMETOOLONG:
    case EINVAL:
    case ELOOP:
      return {ErrorCode::usage, "choose another path"};
    case EMFILE:
    case ENFILE:
      return {ErrorCode::unavailable, "too many open files: raise the limit (ulimit -n)"};
    case ENOMEM:
      return {ErrorCode::unavailable, "not enough memory: close other programs or raise the limit (ulimit -v)"};
    case EAGAIN:
    case EBUSY:
    case ETXTBSY:
      return {ErrorCode::busy, "try again"};
    default:
      return {ErrorCode::io, "try again, then check the disk"};
  }
}

}  // namespace

Error system_error(int number, std::string_view action, std::string_view path) {
  const Meaning meaning = meaning_of(number);
  return Error{meaning.code, fmt::format("cannot {} {}: {}", action, path, std::generic_category().message(number)),
               meaning.hint};
}

tl::unexpected<Error> creation_failure(std::string_view action, std::string_view path) {
  Error error = system_error(errno, action, path);
  if (error.code == ErrorCode::no_input) {
    error.code = ErrorCode::cannot_create;
    error.hint = "create the folder first";
  }
  return tl::make_unexpected(std::move(error));
}

}  // namespace autodev::base
