// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Env::run and Env::start of the operating system.
#pragma once

#include <memory>

#include "base/process.h"

namespace autodev::base::real {

Result<ProcessResult> run_process(const ProcessOptions& options);
Result<std::unique_ptr<ChildProcess>> start_process(const ProcessOptions& options);

}  // namespace autodev::base::real
