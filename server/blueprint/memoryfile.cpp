// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/blueprint/memoryfile.h"

#include <cerrno>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace danube::blueprint {

Result<std::shared_ptr<const MemoryFile>> MemoryFile::make(const QByteArray &bytes)
{
    const int descriptor = ::memfd_create("danube", MFD_CLOEXEC);
    if (descriptor < 0)
        return failErrno(u"make a file of memory"_s, errno);
    std::shared_ptr<const MemoryFile> file(new MemoryFile(descriptor));
    // ssh refuses keys that others may read, and a file of memory is born 0777.
    if (::fchmod(descriptor, 0600) != 0 ||
        ::write(descriptor, bytes.constData(), static_cast<size_t>(bytes.size())) != static_cast<ssize_t>(bytes.size()))
        return failErrno(u"write a file of memory"_s, errno);
    return file;
}

MemoryFile::~MemoryFile()
{
    ::close(m_descriptor);
}

QString MemoryFile::path() const
{
    return u"/proc/%1/fd/%2"_s.arg(::getpid()).arg(m_descriptor);
}

} // namespace danube::blueprint
