// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared/core/outofmemory.h"

#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <exception>
#include <new>
#include <typeinfo>
#include <unistd.h>

namespace danube {
namespace {

const char *told = "";
std::terminate_handler others = &std::abort;

[[noreturn]] void onTerminate()
{
    // Only asks what was thrown: to catch it again would take memory.
    const std::type_info *thrown = abi::__cxa_current_exception_type();
    if (thrown && *thrown == typeid(std::bad_alloc)) [[maybe_unused]]
        const auto written = ::write(STDERR_FILENO, told, std::strlen(told));
    else
        others();
    std::abort();
}

} // namespace

void tellOutOfMemory(const char *sentence)
{
    told = sentence;
    others = std::set_terminate(&onTerminate);
}

} // namespace danube
