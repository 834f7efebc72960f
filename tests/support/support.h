// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Small things every test program needs: unwrapping Results with a readable failure, temporary folders.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "autodev/error.h"

namespace autodev::test {

/// The value of `result`; fails the test with its message otherwise.
template <typename T>
T value_of(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << to_string(result.error().code) << ": " << result.error().message;
    if constexpr (std::is_default_constructible_v<T>)
      return T();
    else
      throw std::runtime_error(result.error().message);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

/// A folder that is removed with everything in it at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// `path()/name`.
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace autodev::test
