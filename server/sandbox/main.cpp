// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/agent/launch.h"
#include "server/sandbox/warden.h"

#include <fcntl.h>

#include <cstdio>
#include <string_view>

using namespace danube;

namespace {

int usage(const char *why)
{
    std::fprintf(stderr,
                 "danube-sandbox: %s\n"
                 "usage: danube-sandbox run --dir JOB --agent FILE --guard FILE --guard-config FILE --flows FILE\n"
                 "                          [--port N]... [--show FOLDER]... [--orphan-limit SECONDS]\n"
                 "       danube-sandbox probe [--show FOLDER]...   whether the kernel allows it\n"
                 "       danube-sandbox --version\n",
                 why);
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 2 && std::string_view(argv[1]) == "--version") {
        std::puts("danube-sandbox " DANUBE_VERSION);
        return 0;
    }
    const auto options =
        sandbox::readOptions(std::span<const char *const>(argv, static_cast<std::size_t>(argc)).subspan(1));
    if (!options)
        return usage(options.error().c_str());
    // Whatever the caller left open is not ours, and must not reach a job.
    for (int fd = 0; fd >= 0 && fd <= 2;)
        fd = ::open("/dev/null", O_RDWR);
    agent::closeDescriptorsFrom(3);
    return options->verb == sandbox::Options::Verb::Probe ? sandbox::probe(*options) : sandbox::runWarden(*options);
}
