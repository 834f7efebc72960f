// SPDX-License-Identifier: MIT OR Apache-2.0
#include "base/kv.h"

#include <gtest/gtest.h>

#include "support/support.h"

namespace autodev::base {
namespace {

using test::value_of;

TEST(MemoryKv, ShowsAWriteOnlyAfterItsCommit) {
  const auto kv = open_memory_kv();
  auto txn = value_of(kv->begin_write());
  value_of(txn->put("t", "a", "1"));
  EXPECT_EQ(value_of(value_of(kv->begin_read())->get("t", "a")), std::nullopt);
  value_of(txn->commit());
  EXPECT_EQ(value_of(value_of(kv->begin_read())->get("t", "a")), "1");
}

}  // namespace
}  // namespace autodev::base
